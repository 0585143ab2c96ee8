"""Imports and their people in the database: finding, adding, changing and taking out."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members, locked
from mapapp.actions.members.profile_edit import my_languages
from mapapp.actions.members.request_ends import end_requests
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.operations.import_rows import Person
from mapapp.actions.published.card_changes import card_changed, card_says_otherwise, seen
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.hidden_reasons import visible_as
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.published.listing_order import order_key
from mapapp.store.bulk import insert_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.members import (
    ImportedRow,
    Member,
    MemberImport,
    MemberLanguage,
    Membership,
    new_public_id,
)

IMPORTED = "import"
NewRow = tuple[Person, str, str]
"""A person with the key and the content mark of their row."""


@dataclass
class Known:
    """What the database knows of an import, and of others of the same condition.

    Attributes:
        row: the import, once there is one; ``is_new`` says that there was none before.
        had_ids: whether its rows were known by the other map's ids.
        rows: member and content mark by key; those found in the file are taken away from it.
        elsewhere: content marks of other imports.
        people_elsewhere: everyone of other imports, also of those from before imports had names.
    """

    condition_id: int
    name: str
    row: MemberImport | None
    is_new: bool = True
    had_ids: bool = False
    rows: dict[str, tuple[int, str]] = field(default_factory=dict)
    elsewhere: Counter[str] = field(default_factory=Counter)
    people_elsewhere: int = 0
    other_names: tuple[str, ...] = ()


def find_import(session: Session, condition_id: int, name: str) -> Known:
    """Return what is known of an import; two imports for one condition run one by one."""
    session.execute(locked(select(Condition.id).where(Condition.id == condition_id)))
    here = select(MemberImport).where(MemberImport.condition_id == condition_id)
    imports = session.scalars(here.order_by(MemberImport.name)).all()
    known = Known(condition_id, name, next((row for row in imports if row.name == name), None))
    known.is_new, known.had_ids = known.row is None, known.row is not None and known.row.has_ids
    known.other_names = tuple(row.name for row in imports if row.name != name)
    query = (
        select(ImportedRow.import_id, ImportedRow.member_id, ImportedRow.key, ImportedRow.content)
        .join(MemberImport, MemberImport.id == ImportedRow.import_id)
        .where(MemberImport.condition_id == condition_id)
    )
    for import_id, member_id, key, content in session.execute(query):
        if known.row is not None and import_id == known.row.id:
            known.rows[key] = (member_id, content)
        else:
            known.elsewhere[content] += 1
    known.people_elsewhere = _imported_people(session, condition_id) - len(known.rows)
    return known


def _imported_people(session: Session, condition_id: int) -> int:
    query = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.condition_id == condition_id, Member.source == IMPORTED)
    )
    return len(session.scalars(query).all())


def insert_imported(ctx: Context, known: Known, people: list[NewRow], *, has_ids: bool) -> None:
    """Add a member for each of ``people`` to the import, which is made if it is new."""
    if known.row is None:
        known.row = MemberImport(condition_id=known.condition_id, name=known.name, has_ids=has_ids)
        ctx.session.add(known.row)
        ctx.session.flush()
    ids = reserve_ids(ctx.session, Member, len(people))
    members = [_member(member_id) for member_id in ids]
    places = [
        _membership(ctx, known.condition_id, member_id, person)
        for member_id, (person, _, _) in zip(ids, people, strict=True)
    ]
    insert_people(ctx.session, members, [person.languages for person, _, _ in people], places)
    import_id = known.row.id
    rows = [
        {"member_id": member_id, "import_id": import_id, "key": key, "content": content}
        for member_id, (_, key, content) in zip(ids, people, strict=True)
    ]
    insert_rows(ctx.session, ImportedRow, rows)


def _member(member_id: int) -> dict[str, Any]:
    return {
        "id": member_id,
        "account_id": new_public_id(),
        "session_handle": uuid.uuid4().hex,
        "active": True,
        "source": IMPORTED,
    }


def _membership(ctx: Context, condition_id: int, member_id: int, person: Person) -> dict[str, Any]:
    public_id = new_public_id()
    return {
        "condition_id": condition_id,
        "member_id": member_id,
        "public_id": public_id,
        "pseudonym": person.shown_name(),
        "area_id": person.zone,
        "area_version": load_areas().version,
        "visibility": person.visibility,
        "role": person.role,
        "month": this_month(),
        "listing_order": order_key(ctx.settings.secret, condition_id, public_id),
        "due": WITH_THE_NEXT if is_listed(person.visibility) else None,
    }


def insert_people(
    session: Session,
    members: list[dict[str, Any]],
    languages: Iterable[Iterable[str]],
    memberships: list[dict[str, Any]],
) -> None:
    """Insert members, the languages that each of them speaks, and their memberships."""
    insert_rows(session, Member, members)
    spoken = [
        {"member_id": member["id"], "language": tag}
        for member, tags in zip(members, languages, strict=True)
        for tag in tags
    ]
    insert_rows(session, MemberLanguage, spoken)
    insert_rows(session, Membership, memberships)


def change_person(
    ctx: Context, condition_id: int, member_id: int, person: Person, content: str
) -> None:
    """Bring an imported member in line with their row; what moderators did stays as it is."""
    lock_members(ctx.session, member_id)
    spoken = my_languages(ctx.session, member_id)
    ctx.session.execute(delete(MemberLanguage).where(MemberLanguage.member_id == member_id))
    ctx.session.add_all(MemberLanguage(member_id=member_id, language=t) for t in person.languages)
    old = my_membership(ctx.session, member_id, condition_id)
    before = seen(old)
    if old.pseudonym and person.pseudonym:  # moderators may have removed it
        old.pseudonym = person.pseudonym
    old.role = person.role
    if old.area_id != person.zone:
        old.area_id, old.area_version, old.month = person.zone, load_areas().version, this_month()
    old.chosen_visibility = person.visibility if old.hidden_reasons else ""
    old.visibility = visible_as(person.visibility, old.hidden_reasons)
    card_changed(ctx, old, before, is_news=False)
    if spoken != tuple(sorted(person.languages)):
        card_says_otherwise(ctx, old, takes_away=False)
    if is_listed(before.visibility) and not is_listed(old.visibility):
        end_requests(ctx.session, member_id, condition_id)
    ctx.session.get_one(ImportedRow, member_id).content = content
    ctx.session.flush()


def remove_people(
    ctx: Context, member_ids: Iterable[int], advance: Callable[[int], None] = lambda done: None
) -> None:
    """Erase imported members as if they had left; a backup brings none of them back."""
    for member_id in member_ids:
        erase_member(ctx, member_id)
        advance(1)
