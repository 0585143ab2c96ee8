"""Members from a file of another map: their places arrive here as zones already."""

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import audit
from mapapp.domain.areas import load_areas
from mapapp.domain.keyed import keyed_hash
from mapapp.domain.languages import MOST, language_codes
from mapapp.domain.permissions import MEMBERS, VISIBILITIES, is_listed
from mapapp.domain.point_files import BadRow, Fields, Rows
from mapapp.domain.pseudonyms import clean_pseudonym, suggest_pseudonym
from mapapp.domain.ties import tie
from mapapp.domain.wording import ROLES
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store import live_counts
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.service import AuditEntry

SOURCE = "import"
DEFAULT_ROLE = "self"
DEFAULT_VISIBILITY = MEMBERS
"""What the row does not say. Whoever imports must have asked people before; docs/commands.md."""

KNOWN_COLUMNS = frozenset({"pseudonym", "role", "visibility", "languages"})
_SEPARATORS = re.compile(r"[\s,;|/]+")


@dataclass
class Imported:
    """What an import did."""

    added: int = 0
    bad: int = 0
    by_visibility: Counter[str] = field(default_factory=Counter)
    ignored_columns: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Person:
    pseudonym: str
    role: str
    visibility: str
    languages: tuple[str, ...]


class _RefusedError(BadInputError):
    """A strict import met bad rows."""


def import_members(
    session: Session,
    secret: str,
    slug: str,
    parts: Iterable[Rows],
    *,
    strict: bool = False,
    on_bad: Callable[[BadRow], None] = lambda bad: None,
    fingerprint: str = "",
) -> Imported:
    """Add a member for every good row of ``parts`` to the condition ``slug``.

    Args:
        session: one transaction for all; it must be rolled back when this raises.
        secret: the site's key, for the order of listings.
        slug: the condition.
        parts: located rows, from ``domain.point_files``.
        strict: add nobody when there is any bad row.
        on_bad: called with every bad row, in order.
        fingerprint: of the file, from ``file_fingerprint``; '' to allow a second import.

    Raises:
        NotFoundError: when there is no such condition.
        BadInputError: when the file was imported before, or is not good enough for ``strict``.
    """
    condition_id = _condition_id(session, slug)
    _refuse_again(session, fingerprint)
    done = Imported()
    for part in parts:
        _add_part(session, secret, condition_id, part, done, on_bad)
    if strict and done.bad:
        raise _RefusedError(f"Nothing was imported: {done.bad:,} bad rows, and --strict was given.")
    if done.added:
        # Recounting makes every page new, which people who are only counted must never do.
        if any(map(is_listed, done.by_visibility)):
            live_counts.recount(session)
        audit.record(
            session,
            audit.SHELL,
            "import",
            condition=slug,
            added=done.added,
            file=fingerprint,
            visibilities=dict(done.by_visibility),
        )
    return done


def file_fingerprint(secret: str, content_hash: str, slug: str) -> str:
    """Return what tells a file apart; keyed, so that nobody can try out files against it."""
    return keyed_hash(secret, "import", slug, content_hash)


def _refuse_again(session: Session, fingerprint: str) -> None:
    if not fingerprint:
        return
    pattern = f'%"file": "{fingerprint}"%'
    before = select(AuditEntry.at).where(
        AuditEntry.action == "import", AuditEntry.detail.like(pattern)
    )
    when = session.scalar(before)
    if when is not None:
        raise BadInputError(
            f"This file was imported on {when:%Y-%m-%d} already. To add everybody a second time: "
            "--again"
        )


def _condition_id(session: Session, slug: str) -> int:
    found = session.scalar(select(Condition.id).where(Condition.slug == slug))
    if found is None:
        raise NotFoundError(f"There is no condition “{slug}”. Its short name is in its address.")
    return found


def _add_part(
    session: Session,
    secret: str,
    condition_id: int,
    part: Rows,
    done: Imported,
    on_bad: Callable[[BadRow], None],
) -> None:
    people: list[_Person] = []
    zones: list[int] = []
    for row in part.in_order():
        found = row if isinstance(row, BadRow) else _person(row, done)
        if isinstance(found, BadRow):
            done.bad += 1
            on_bad(found)
        else:
            people.append(found)
            zones.append(row[1])  # type: ignore[index]
    _insert(session, secret, condition_id, people, zones)
    done.added += len(people)
    done.by_visibility.update(person.visibility for person in people)


def _person(row: tuple[int, int, Fields], done: Imported) -> _Person | BadRow:
    line, _zone, fields = row
    done.ignored_columns.update(fields.keys() - KNOWN_COLUMNS)
    try:
        return _Person(
            _pseudonym(fields.get("pseudonym", "")),
            _choice("role", fields.get("role", ""), ROLES, DEFAULT_ROLE),
            _choice("visibility", fields.get("visibility", ""), VISIBILITIES, DEFAULT_VISIBILITY),
            _languages(fields.get("languages", "")),
        )
    except BadInputError as error:
        return BadRow(line, str(error))


def _pseudonym(text: str) -> str:
    return clean_pseudonym(text) if text else suggest_pseudonym(random.SystemRandom())


def _choice(column: str, text: str, choices: Iterable[str], default: str) -> str:
    if not text:
        return default
    if text.lower() not in choices:
        raise BadInputError(f"{column} must be one of: {', '.join(choices)}.")
    return text.lower()


def _languages(text: str) -> tuple[str, ...]:
    tags = dict.fromkeys(tag.split("-")[0].lower() for tag in _SEPARATORS.split(text) if tag)
    if not tags.keys() <= language_codes():
        raise BadInputError("languages must be codes such as en, de or pt, with spaces between.")
    if len(tags) > MOST:
        raise BadInputError(f"languages can be at most {MOST}.")
    return tuple(tags)


def _insert(
    session: Session, secret: str, condition_id: int, people: list[_Person], zones: list[int]
) -> None:
    ids = reserve_ids(session, Member, len(people))
    version, month = load_areas().version, f"{datetime.now(UTC):%Y-%m}"
    members: list[dict[str, Any]] = []
    memberships: list[dict[str, Any]] = []
    for member_id, person, zone in zip(ids, people, zones, strict=True):
        public_id = str(uuid.uuid4())
        members.append(
            {
                "id": member_id,
                "public_id": public_id,
                "pseudonym": person.pseudonym,
                "fs_uniquifier": uuid.uuid4().hex,
                "active": True,
                "source": SOURCE,
            }
        )
        memberships.append(
            {
                "condition_id": condition_id,
                "member_id": member_id,
                "area_id": zone,
                "area_version": version,
                "visibility": person.visibility,
                "role": person.role,
                "month": month,
                "tie": tie(secret, condition_id, public_id),
            }
        )
    insert_rows(session, Member, members)
    spoken = [
        {"member_id": member_id, "language": tag}
        for member_id, person in zip(ids, people, strict=True)
        for tag in person.languages
    ]
    insert_rows(session, MemberLanguage, spoken)
    insert_rows(session, Membership, memberships)
