"""Noting whom somebody reads of in a day; too much is a stop, and moderators are told (rule 6).

Whoever reads is a keyed hash for one day, and so is whom they read of, another one for each reader
and day: a row leads to nobody without the site's key, and is deleted when its day is over.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.cases import open_case
from mapapp.actions.quotas import DAY, visitor_subject
from mapapp.domain.cases import MUCH_READ, READING
from mapapp.domain.keyed import keyed_digest, keyed_hash
from mapapp.domain.reading import AREAS, MARK, MEMBER, PEOPLE, VISITOR, Marks
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from mapapp.store.service import Reading


@dataclass(frozen=True)
class Reader:
    """Who reads: a member, or a visitor, of whom there is only the network they come from."""

    member_id: int | None
    address: str = ""


@dataclass(frozen=True)
class Asked:
    """Whom a page is about to show to a reader.

    Attributes:
        subject: what stands for the reader on this day.
        member_id: the reader's, None for a visitor.
        day: since 1970.
        people: a mark for each person, by public id; without the reader.
        area: the mark of the area in which they are shown, or nothing.
        me: public id of the reader, where they are on the page too.
    """

    subject: str
    member_id: int | None
    day: int
    people: dict[str, bytes]
    area: tuple[bytes, ...]
    me: frozenset[str]


@dataclass(frozen=True)
class Readable:
    """Who of those asked for may be shown by name.

    Attributes:
        people: their public ids.
        over: the limit that keeps others from it: ``people`` or ``areas``; '' when none does.
    """

    people: frozenset[str]
    over: str = ""


def asked(
    session: Session,
    secret: str,
    reader: Reader,
    people: Iterable[str],
    area_id: int | None = None,
    now: int | None = None,
) -> Asked:
    """Return what a page is about to show: people by public id, maybe those of an area.

    Oneself does not count, and an area only counts where somebody is shown in it. Where not all
    may be shown, the first ones are.
    """
    day = (int(time.time()) if now is None else now) // DAY
    who = visitor_subject(reader.address, day * DAY)
    if reader.member_id is not None:
        who = f"{MEMBER}:{reader.member_id}"
    subject = keyed_hash(secret, "reading", day, who)

    def _mark(kind: str, name: str | int) -> bytes:
        return keyed_digest(secret, "read", subject, kind, name)[:MARK]

    shown = tuple(people)
    me = _self(session, reader).intersection(shown) if shown else frozenset()
    marks = {name: _mark(PEOPLE, name) for name in shown if name not in me}
    area = (_mark(AREAS, area_id),) if marks and area_id is not None else ()
    return Asked(subject, reader.member_id, day, marks, area, me)


def read_before(session: Session, asked: Asked) -> Readable | None:
    """Return who may be shown, when nothing of it is new today; otherwise None: ``note`` it."""
    if not asked.people:
        return Readable(asked.me)
    known = session.execute(_of(asked)).one_or_none()
    if known is None:
        return None
    marks = Marks(known.people, known.areas)
    return _readable(asked, marks) if _with(marks, asked) == marks else None


def note(session: Session, asked: Asked) -> Readable:
    """Note what is new, and return who may be shown.

    Moderators are told once a day about a reader who asks for more than the limit, and see in the
    case how much it was in the end. Call this in a transaction that is committed whatever the
    page's answer becomes.
    """
    known = _locked(session, asked)
    before = known or Marks.none()
    marks = _with(before, asked)
    if known is None:
        if not _made(session, asked, marks):
            return note(session, asked)  # two first pages at once: the other one made the row
    elif marks != before:
        mine = update(Reading).where(Reading.subject == asked.subject)
        session.execute(mine.values(people=marks.people, areas=marks.areas))
    if marks != before and marks.is_too_much:
        _tell(session, asked, marks)
    return _readable(asked, marks)


def _self(session: Session, reader: Reader) -> frozenset[str]:
    if reader.member_id is None:
        return frozenset()
    return frozenset(session.scalars(select(Member.public_id).where(Member.id == reader.member_id)))


def _with(marks: Marks, asked: Asked) -> Marks:
    return marks.plus(asked.people.values(), asked.area)


def _readable(asked: Asked, marks: Marks) -> Readable:
    # What is too much is withheld person by person, so the limit is exact; who was shown before
    # can be shown again.
    if not marks.read_areas().issuperset(asked.area):
        return Readable(asked.me, AREAS)
    read = marks.read_people()
    shown = frozenset(name for name, mark in asked.people.items() if mark in read)
    return Readable(asked.me | shown, PEOPLE if len(shown) < len(asked.people) else "")


def _locked(session: Session, asked: Asked) -> Marks | None:
    """Return what is known of the reader's day, locked until the transaction ends."""
    known = session.execute(_of(asked).with_for_update()).one_or_none()
    return Marks(known.people, known.areas) if known else None


def _of(asked: Asked) -> Select[bytes, bytes]:
    return select(Reading.people, Reading.areas).where(Reading.subject == asked.subject)


def _made(session: Session, asked: Asked, marks: Marks) -> bool:
    values = {"people": marks.people, "areas": marks.areas, "ends": (asked.day + 1) * DAY}
    try:
        with session.begin_nested():
            session.execute(insert(Reading).values(subject=asked.subject, **values))
    except IntegrityError:
        return False
    return True


def _tell(session: Session, asked: Asked, marks: Marks) -> None:
    """Open the case about the reader's day, or raise the numbers in it, decided or not."""
    day = datetime.fromtimestamp(asked.day * DAY, UTC).date().isoformat()
    who = VISITOR if asked.member_id is None else MEMBER
    evidence = {"who": who, **marks.numbers, "day": day}
    here = select(Case).where(Case.kind == READING, Case.piece == marks.name)
    case = session.scalar(here.with_for_update())
    if case is not None:
        case.evidence = json.dumps(evidence)
        session.flush()
        return
    # Whom a case is about is locked first; who has left meanwhile is nobody.
    present = select(Member.id).where(Member.id == asked.member_id).with_for_update()
    subject_id = session.scalar(present) if asked.member_id is not None else None
    open_case(session, READING, marks.name, subject_id, MUCH_READ, evidence)
