"""Counting the people a reader sees in a day, with a limit that is reported (privacy rule 6).

The reader is a keyed hash for one day, and so is each person they see, a different one per reader
and day: a row leads to nobody without the site's key, and is deleted when its day is over.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY, number_of, visitor_subject
from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.keyed_hash import keyed_digest, keyed_hash
from mapapp.domain.safety.case_rules import MUCH_READ, READING
from mapapp.domain.safety.reading_limits import AREAS, MARK, MEMBER_READER, PEOPLE, VISITOR, Marks
from mapapp.store.limits import Reading
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case


@dataclass(frozen=True)
class Reader:
    """Who reads: a member, or a visitor, known only by the network they come from."""

    member_id: int | None
    address: str = ""


@dataclass(frozen=True)
class NamesWanted:
    """The people a page is about to show to a reader.

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
    """The people among those requested who may be shown by name.

    Attributes:
        people: their public ids.
        over: the limit that keeps others from it: ``people`` or ``areas``; '' when none does.
    """

    people: frozenset[str]
    over: str = ""


def names_wanted(
    ctx: Context, reader: Reader, people: Iterable[str], area_id: int | None = None
) -> NamesWanted:
    """Return what a page is about to show: people by public id, maybe those of an area.

    Oneself does not count, and an area only counts where anyone is shown in it. Where not all
    may be shown, the first ones are.
    """
    day, secret = ctx.now // DAY, ctx.settings.secret
    subject = _subject(ctx, reader)

    def _mark(kind: str, name: str | int) -> bytes:
        return keyed_digest(secret, "read", subject, kind, name)[:MARK]

    shown = tuple(people)
    me = _self(ctx.session, reader).intersection(shown) if shown else frozenset()
    marks = {name: _mark(PEOPLE, name) for name in shown if name not in me}
    area = (_mark(AREAS, area_id),) if marks and area_id is not None else ()
    return NamesWanted(subject, reader.member_id, day, marks, area, me)


def last_reading(ctx: Context, reader: Reader) -> int:
    """Return when the count of a reader's day ends (Unix seconds), 0 where there is none."""
    query = select(Reading.ends).where(Reading.subject == _subject(ctx, reader))
    return ctx.session.scalar(query) or 0


def _subject(ctx: Context, reader: Reader) -> str:
    day = ctx.now // DAY
    who = visitor_subject(reader.address, day * DAY)
    if reader.member_id is not None:
        who = f"{MEMBER_READER}:{number_of(ctx.session, reader.member_id)}"
    return keyed_hash(ctx.settings.secret, "reading", day, who)


def read_before(session: Session, wanted: NamesWanted) -> Readable | None:
    """Return who may be shown when none of it is new today; otherwise None, and ``note`` it."""
    if not wanted.people:
        return Readable(wanted.me)
    known = session.execute(_of(wanted)).one_or_none()
    if known is None:
        return None
    marks = Marks(known.people, known.areas)
    return _readable(wanted, marks) if _with(marks, wanted) == marks else None


def note(session: Session, wanted: NamesWanted) -> Readable:
    """Note what is new, and return who may be shown.

    Moderators are told once a day about a reader who asks for more than the limit, and see in the
    case how much it was in the end. Call this in a transaction that is committed whatever the
    page's answer becomes.
    """
    known = _locked(session, wanted)
    before = known or Marks.none()
    marks = _with(before, wanted)
    if known is None:
        if not _made(session, wanted, marks):
            return note(session, wanted)  # two first pages at once: the other one made the row
    elif marks != before:
        mine = update(Reading).where(Reading.subject == wanted.subject)
        session.execute(mine.values(people=marks.people, areas=marks.areas))
    if marks != before and marks.is_too_much:
        _tell(session, wanted, marks)
    return _readable(wanted, marks)


def _self(session: Session, reader: Reader) -> frozenset[str]:
    if reader.member_id is None:
        return frozenset()
    mine = Membership.member_id == reader.member_id
    return frozenset(session.scalars(select(Membership.public_id).where(mine)))


def _with(marks: Marks, wanted: NamesWanted) -> Marks:
    return marks.plus(wanted.people.values(), wanted.area)


def _readable(wanted: NamesWanted, marks: Marks) -> Readable:
    # What is too much is withheld person by person, so the limit is exact; who was shown before
    # can be shown again.
    if not marks.read_areas().issuperset(wanted.area):
        return Readable(wanted.me, AREAS)
    read = marks.read_people()
    shown = frozenset(name for name, mark in wanted.people.items() if mark in read)
    return Readable(wanted.me | shown, PEOPLE if len(shown) < len(wanted.people) else "")


def _locked(session: Session, wanted: NamesWanted) -> Marks | None:
    """Return the record of the reader's day, locked until the transaction ends."""
    known = session.execute(_of(wanted).with_for_update()).one_or_none()
    return Marks(known.people, known.areas) if known else None


def _of(wanted: NamesWanted) -> Select[bytes, bytes]:
    return select(Reading.people, Reading.areas).where(Reading.subject == wanted.subject)


def _made(session: Session, wanted: NamesWanted, marks: Marks) -> bool:
    values = {"people": marks.people, "areas": marks.areas, "ends": (wanted.day + 1) * DAY}
    try:
        with session.begin_nested():
            session.execute(insert(Reading).values(subject=wanted.subject, **values))
    except IntegrityError:
        return False
    return True


def _tell(session: Session, wanted: NamesWanted, marks: Marks) -> None:
    """Open the case about the reader's day, or raise the numbers in it, decided or not."""
    day = datetime.fromtimestamp(wanted.day * DAY, UTC).date().isoformat()
    who = VISITOR if wanted.member_id is None else MEMBER_READER
    evidence = {"who": who, **marks.numbers, "day": day}
    here = select(Case).where(Case.kind == READING, Case.piece == marks.name)
    case = session.scalar(here.with_for_update())
    if case is not None:
        case.evidence = json.dumps(evidence)
        session.flush()
        return
    # The subject of a case is locked first; one who has left in the meantime is nobody.
    present = select(Member.id).where(Member.id == wanted.member_id).with_for_update()
    subject_id = session.scalar(present) if wanted.member_id is not None else None
    open_case(session, About(READING, marks.name, subject_id, None), MUCH_READ, evidence)
