"""Publications: what waits, what comes, and a publisher that is stopped on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.published import publisher, publishing
from mapapp.actions.published.listed_totals import everybody, totals
from mapapp.actions.published.listings import People, listings
from mapapp.actions.published.publishing import ALL_DUE, Published, publish, publish_due
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.members import Member, Membership
from mapapp.store.published import AreaNumbers, ListingLanguage, ListingRow, NumberChange
from tests.places import zones_of
from tests.published import wrong_numbers

Make = Callable[..., Any]
DAY = 86_400
NOON = 1_795_953_600  # 2026-11-29 12:00 UTC
FOUR = NOON + 16 * 3_600  # of the next morning
BERLIN, LEEDS = zones_of("DE-BE")[0], zones_of("GB")[0]


@pytest.fixture
def dystonia(make_condition: Make) -> Condition:
    made: Condition = make_condition("dystonia")
    return made


@pytest.fixture
def join(
    engine: Engine, session: Session, daily: Settings, make_member: Make, dystonia: Condition
) -> Callable[..., Member]:
    """Put somebody new on the map, who waits for a publication."""

    def _join(area_id: int = BERLIN, now: int = NOON, **more: Any) -> Member:
        session.commit()
        who: Member = make_member(languages=more.pop("languages", ("de",)))
        wanted = {"visibility": "public", "role": "self", "pseudonym": who.pseudonym, **more}
        ctx = Context(session, daily, reader_id=who.id, now=now)
        place_set.place(ctx, dystonia.id, Placement(area_id, load_areas().version, **wanted))
        session.commit()
        return who

    return _join


def shown(session: Session, condition: Condition, reader_id: int | None = None) -> set[str]:
    session.commit()  # others have written since this session began to read
    found = listings(session, People(condition.id, reader_id), 0)
    session.commit()
    return {one.pseudonym for one in found.items}


def people(session: Session, condition: Condition, area_id: int = 0) -> int:
    session.commit()
    found = int(totals(session, condition.id).by_area[area_id])
    session.commit()
    return found


def are_right(session: Session) -> bool:
    """Whether the numbers are those of the people who are shown."""
    session.commit()
    found = wrong_numbers(session)
    session.commit()
    return found == []


def where(session: Session, condition: Condition) -> int:
    """Return the area of the only card."""
    session.commit()
    (card,) = listings(session, People(condition.id), 0).items
    session.commit()
    return card.area_id


@pytest.mark.both
def test_who_joins_waits_for_one_of_the_next_three(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    everyone = {join().pseudonym for _ in range(12)}
    seen = [shown(session, dystonia)]
    for day in range(3):
        publish(engine, daily, FOUR + day * DAY)
        seen.append(shown(session, dystonia))
        session.refresh(dystonia)
        assert people(session, dystonia) == len(seen[-1]) == dystonia.listed
        assert int(everybody(session).everywhere) == len(seen[-1])
        assert are_right(session)
    assert seen[0] == set()
    assert seen[1] < seen[2] < seen[3] == everyone
    assert seen[1]


@pytest.mark.both
def test_who_wishes_comes_with_the_next_one(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    soon = {join(soon=True).pseudonym for _ in range(6)}
    for who in [join() for _ in range(6)]:  # who wait, change nothing, and wish it afterwards
        wanted = Placement(BERLIN, load_areas().version, "public", "self", who.pseudonym, soon=True)
        place_set.place(Context(session, daily, reader_id=who.id, now=NOON), dystonia.id, wanted)
        soon.add(who.pseudonym)
    session.commit()
    publish(engine, daily, FOUR)
    assert shown(session, dystonia) == soon


@pytest.mark.both
def test_a_move_shows_the_old_place_until_it_is_published(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    who = join(soon=True)
    publish(engine, daily, FOUR)
    ctx = Context(session, daily, reader_id=who.id, now=FOUR + 60)
    wanted = Placement(LEEDS, load_areas().version, "public", "self", who.pseudonym, soon=True)
    place_set.place(ctx, dystonia.id, wanted)
    session.commit()
    assert [people(session, dystonia, area) for area in (BERLIN, LEEDS)] == [1, 0]
    assert where(session, dystonia) == BERLIN
    publish(engine, daily, FOUR + DAY)
    assert [people(session, dystonia, area) for area in (BERLIN, LEEDS)] == [0, 1]
    assert where(session, dystonia) == LEEDS
    assert are_right(session)


@pytest.mark.both
@pytest.mark.parametrize("kind", ["narrower", "coarser", "renamed", "hidden", "gone"])
def test_what_takes_away_is_at_once_and_the_number_follows(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any, kind: str
) -> None:
    who, other = join(soon=True), join(soon=True)
    publish(engine, daily, FOUR)
    ctx = Context(session, daily, reader_id=who.id, now=FOUR + 60)
    country = load_areas().ancestors(BERLIN)[0]
    again = {"visibility": "public", "pseudonym": who.pseudonym, "area_id": BERLIN}
    again |= {"coarser": {"area_id": int(country)}, "renamed": {"pseudonym": "Amber Otter"}}.get(
        kind, {}
    )
    if kind == "gone":
        place_set.remove(ctx, who.id, dystonia.id)
    elif kind in {"narrower", "hidden"}:
        wanted = "members" if kind == "narrower" else "counted"
        set_visibility(ctx, who.id, dystonia.id, wanted)
    else:
        placement = Placement(area_version=load_areas().version, role="self", **again)
        place_set.place(ctx, dystonia.id, placement)
    session.commit()
    assert shown(session, dystonia, other.id) == {other.pseudonym}
    assert people(session, dystonia) == 2
    for day in range(1, 4):
        publish(engine, daily, FOUR + day * DAY)
    there = {"narrower": {who.pseudonym}, "coarser": {who.pseudonym}, "renamed": {"Amber Otter"}}
    assert shown(session, dystonia, other.id) == {other.pseudonym, *there.get(kind, set())}
    assert people(session, dystonia) == 1 + (kind in there)
    assert are_right(session)


@pytest.mark.both
def test_publishing_again_changes_nothing(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    join(soon=True)
    assert publish(engine, daily, FOUR) == Published(1, 1)
    assert publish(engine, daily, FOUR) == Published(1, 0)
    assert publish(engine, daily, FOUR + DAY) == Published(1, 0)
    assert people(session, dystonia) == 1


STEPS = ("stage", "take_changes", "every_change", "write_numbers", "flip", "tidy")


@pytest.mark.both
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_publisher_that_is_stopped_goes_on_where_it_was(
    engine: Engine,
    session: Session,
    daily: Settings,
    dystonia: Condition,
    join: Any,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    done: bool,
) -> None:
    first = join(soon=True)
    publish(engine, daily, FOUR)
    others = {join(area_id, FOUR + 60, soon=True).pseudonym for area_id in (BERLIN, LEEDS, LEEDS)}
    place_set.remove(Context(session, daily, reader_id=first.id), first.id, dystonia.id)
    session.commit()
    real = getattr(publisher, step)

    def _stop(*given: Any, **more: Any) -> Any:
        if done:
            real(*given, **more)
            given[0].commit()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publisher, step, _stop)
        with pytest.raises(KeyboardInterrupt):
            publish(engine, daily, FOUR + DAY)
    if not (done and step == "flip"):
        assert shown(session, dystonia) == set()  # the first has left; nobody else is there yet
        assert people(session, dystonia) == 1
    assert are_right(session)
    publish(engine, daily, FOUR + DAY)
    assert shown(session, dystonia) == others
    assert people(session, dystonia) == 3
    assert people(session, dystonia, LEEDS) == 2
    assert are_right(session)


@pytest.mark.both
def test_who_leaves_while_it_is_published_is_not_shown(
    engine: Engine,
    session: Session,
    daily: Settings,
    dystonia: Condition,
    join: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stays, leaves = join(soon=True), join(soon=True)
    leaver, condition_id, real = leaves.id, dystonia.id, publishing._finish
    session.commit()

    def _meanwhile(*given: Any) -> bool:
        with transaction(engine) as other:
            ctx = Context(other, daily, reader_id=leaver, now=FOUR)
            place_set.remove(ctx, leaver, condition_id)
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_finish", _meanwhile)
        publish(engine, daily, FOUR)
    assert shown(session, dystonia) == {stays.pseudonym}
    publish(engine, daily, FOUR + DAY)
    assert people(session, dystonia) == 1
    assert are_right(session)


@pytest.mark.both
def test_nothing_is_left_of_what_was_replaced(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    who = join(soon=True, languages=("de", "fr"))
    for day, area_id in enumerate((LEEDS, BERLIN, LEEDS)):
        publish(engine, daily, FOUR + day * DAY)
        membership = session.get_one(Membership, (dystonia.id, who.id))
        membership.area_id, membership.due = area_id, 0
        session.commit()
    publish(engine, daily, FOUR + 3 * DAY)
    publish(engine, daily, FOUR + 4 * DAY)
    session.commit()
    rows = {
        table: session.scalar(select(func.count()).select_from(table))
        for table in (ListingRow, ListingLanguage, NumberChange, AreaNumbers)
    }
    assert rows == {ListingRow: 1, ListingLanguage: 2, NumberChange: 0, AreaNumbers: 2}


def test_the_worker_publishes_at_its_hour_and_catches_up(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    assert publish_due(engine, daily, NOON)  # it never did before
    join(soon=True)
    assert not publish_due(engine, daily, FOUR - 1)
    assert shown(session, dystonia) == set()
    assert publish_due(engine, daily, FOUR + 5 * 3_600)
    assert not publish_due(engine, daily, FOUR + 6 * 3_600)
    assert len(shown(session, dystonia)) == 1


def test_all_that_waits_comes_when_it_is_wanted(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, join: Any
) -> None:
    everyone = {join().pseudonym for _ in range(9)}
    assert publish(engine, daily, NOON, until=ALL_DUE).memberships == 9
    assert shown(session, dystonia) == everyone
