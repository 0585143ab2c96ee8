"""The scraping alarm (privacy rule 6): who is counted, the limits, what moderators are told."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.core.quotas import DAY
from mapapp.actions.safety import reading_count
from mapapp.actions.safety.reading_count import Readable, Reader
from mapapp.domain.safety.case_rules import MUCH_READ, OPEN, READING, RESOLVED
from mapapp.settings import Settings
from mapapp.store.limits import Reading
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import factories
from tests.at_once import Act, in_transaction, outcomes

NOON = 1_795_608_000  # 2026-11-25 12:00 UTC
VISITOR = Reader(None, "192.0.2.7")
Read = Callable[..., Readable]


def names(start: int, end: int) -> list[str]:
    return [f"person {n}" for n in range(start, end)]


@pytest.fixture
def read(session: Session, settings: Settings) -> Read:
    """``read(reader, people, area_id, now)`` as a page does it."""

    def _read(
        reader: Reader, people: list[str], area_id: int | None = None, now: int = NOON
    ) -> Readable:
        asked = reading_count.names_wanted(
            Context(session, settings, now=now), reader, people, area_id
        )
        return reading_count.read_before(session, asked) or reading_count.note(session, asked)

    return _read


@pytest.fixture(params=["member", "visitor"])
def reader(request: pytest.FixtureRequest, make_member: Callable[..., Member]) -> Reader:
    return Reader(make_member().id, "192.0.2.7") if request.param == "member" else VISITOR


def cases(session: Session) -> list[Case]:
    return list(session.scalars(select(Case).order_by(Case.id)))


def test_a_hundred_people_are_fine_and_one_more_is_not(
    session: Session, read: Read, reader: Reader
) -> None:
    for start in range(0, 100, 20):
        assert read(reader, names(start, start + 20)) == Readable(
            frozenset(names(start, start + 20))
        )
    assert cases(session) == []
    assert read(reader, ["one more"]) == Readable(frozenset(), "people")
    assert read(reader, names(40, 60)) == Readable(frozenset(names(40, 60)))
    assert read(reader, ["one more"]) == Readable(frozenset(), "people")


def test_of_a_list_that_goes_over_the_first_ones_are_shown(read: Read, reader: Reader) -> None:
    read(reader, names(0, 95))
    shown = read(reader, names(90, 110))
    assert shown == Readable(frozenset(names(90, 100)), "people")


def test_two_hundred_areas_are_fine_and_one_more_is_not(
    session: Session, read: Read, reader: Reader
) -> None:
    for area in range(200):
        assert not read(reader, ["a", "b"], area).over
    assert cases(session) == []
    assert read(reader, ["a", "b"], 200) == Readable(frozenset(), "areas")
    assert not read(reader, ["a", "b"], 7).over
    assert not read(reader, ["a", "b"]).over


def test_nobody_in_it_is_no_area_and_no_row(session: Session, read: Read, reader: Reader) -> None:
    assert read(reader, [], 3) == Readable(frozenset())
    assert session.scalar(select(func.count()).select_from(Reading)) == 0


@pytest.mark.both
def test_oneself_does_not_count(
    session: Session, read: Read, make_member: Callable[..., Member]
) -> None:
    me = make_member()
    factories.make_membership(session, factories.make_condition(session), 3, member=me)
    assert read(Reader(me.id), [me.public_id], 3) == Readable(frozenset({me.public_id}))
    assert session.scalar(select(func.count()).select_from(Reading)) == 0
    read(Reader(me.id), names(0, 101))
    assert read(Reader(me.id), [me.public_id, "new"], 3).people == {me.public_id}


def test_another_day_is_a_new_day(session: Session, read: Read, reader: Reader) -> None:
    read(reader, names(0, 101))
    midnight = NOON // DAY * DAY + DAY
    assert read(reader, ["new"], now=midnight - 1).over
    assert not read(reader, ["new"], now=midnight).over
    delete_expired(session, midnight)
    assert session.scalar(select(func.count()).select_from(Reading)) == 1
    delete_expired(session, midnight + DAY)
    assert session.scalar(select(func.count()).select_from(Reading)) == 0


def test_readers_are_counted_apart(read: Read, make_member: Callable[..., Member]) -> None:
    robin, wren = (Reader(make_member().id, "192.0.2.7") for _ in range(2))
    for reader in (robin, VISITOR, Reader(None, "2001:db8:1:2::1")):
        assert read(reader, names(0, 101)).over
    assert not read(wren, names(0, 100)).over
    assert not read(Reader(None, "192.0.2.8"), names(0, 100)).over
    assert read(Reader(None, "2001:db8:1:2:ffff::9"), ["new"]).over  # the same household


def test_moderators_are_told_once_and_see_how_much(
    session: Session, read: Read, reader: Reader
) -> None:
    read(reader, names(0, 100), 1)
    for start in range(100, 160, 20):
        read(reader, names(start, start + 20), start)
    read(reader, names(0, 20), 1)
    (case,) = cases(session)
    assert (case.kind, case.category, case.state) == (READING, MUCH_READ, OPEN)
    assert case.subject_id == reader.member_id
    assert json.loads(case.evidence) == {
        "who": "visitor" if reader.member_id is None else "member",
        "people": 160,
        "areas": 4,
        "day": "2026-11-25",
    }
    read(reader, names(0, 101), now=NOON + DAY)
    assert len(cases(session)) == 2


def test_a_decided_case_tells_how_much_it_was_in_the_end(session: Session, read: Read) -> None:
    read(VISITOR, names(0, 101))
    cases(session)[0].state = RESOLVED
    read(VISITOR, names(101, 140))
    (case,) = cases(session)
    assert (case.state, json.loads(case.evidence)["people"]) == (RESOLVED, 140)


def test_who_left_meanwhile_is_a_case_about_nobody(
    session: Session, settings: Settings, read: Read, make_member: Callable[..., Member]
) -> None:
    early, late = make_member().id, make_member().id
    read(Reader(early), names(0, 101))
    for member_id in (early, late):
        erase_member(Context(session, settings), member_id)
    read(Reader(late), names(0, 101))
    session.expire_all()
    assert [case.subject_id for case in cases(session)] == [None, None]


def test_many_at_once_lose_and_double_nothing(
    session: Session,
    engine: Engine,
    settings: Settings,
    make_member: Callable[..., Member],
) -> None:
    reader = Reader(make_member().id)
    session.commit()
    pages = [names(start, start + 20) for start in range(0, 160, 10)]

    def _reading(page: list[str]) -> Act:
        def _read(own: Session) -> frozenset[str]:
            ctx = Context(own, settings, now=NOON)
            asked = reading_count.names_wanted(ctx, reader, page, 3)
            return reading_count.note(own, asked).people

        return in_transaction(engine, _read)

    shown = outcomes([_reading(page) for page in pages])
    assert len(frozenset().union(*shown)) == 100
    with Session(engine) as after:
        (case,) = cases(after)
        assert json.loads(case.evidence)["people"] == 170
        assert after.scalar(select(func.count()).select_from(Reading)) == 1
