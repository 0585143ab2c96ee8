"""Whatever may be wrong with a card or a number is found, and repaired by the next publication."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from mapapp.actions.moderation.member_hide import hide_everywhere
from mapapp.actions.published.number_check import check_published, repair_published
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_at_once
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.published import AreaNumbers, ListingRow
from tests.places import zones_of
from tests.trust import World

pytestmark = pytest.mark.both
BERLIN, LEEDS = zones_of("DE-BE")[0], zones_of("GB")[0]
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def people(session: Session, make_condition: Make, make_membership: Make) -> list[Membership]:
    """Three people on two maps, published."""
    dystonia, als = make_condition("dystonia"), make_condition("als")
    made = [
        make_membership(dystonia, BERLIN, visibility="public"),
        make_membership(dystonia, LEEDS, visibility="members"),
        make_membership(als, BERLIN, visibility="map"),
    ]
    publish_at_once(session)
    assert check_published(session).wrong == 0
    return made


WRONG_CARDS = {
    "another name": update(ListingRow).values(pseudonym="Wrong Wren"),
    "another role": update(ListingRow).values(role="parent"),
    "no card": delete(ListingRow),
}


@pytest.mark.parametrize("what", WRONG_CARDS)
def test_a_card_that_says_otherwise_is_found(
    session: Session, people: list[Membership], what: str
) -> None:
    session.execute(WRONG_CARDS[what].where(ListingRow.member_id == people[0].member_id))
    assert check_published(session).cards == 1
    _is_repaired(session)


@pytest.mark.parametrize("wrong", [{"listed": 9}, {"countries": 9}])
def test_a_total_that_says_otherwise_is_found(session: Session, wrong: dict[str, int]) -> None:
    session.execute(update(Condition).where(Condition.slug == "dystonia").values(**wrong))
    (found,) = check_published(session).numbers
    assert (found.area_id, found.stored, found.true) == (None, 9, 2)
    _is_repaired(session)


@pytest.mark.parametrize("change", [{"area_id": LEEDS}, {"visibility": "members"}])
def test_a_card_in_another_place_is_found(
    session: Session, people: list[Membership], change: dict[str, Any]
) -> None:
    theirs = ListingRow.member_id == people[0].member_id
    session.execute(update(ListingRow).where(theirs).values(**change))
    found = check_published(session)
    assert found.cards == 1
    assert found.numbers
    _is_repaired(session)


def test_a_card_of_somebody_who_is_not_listed_is_found(
    session: Session, people: list[Membership]
) -> None:
    people[0].visibility = "counted"
    session.delete(people[1])
    session.flush()
    assert check_published(session).cards == 2
    _is_repaired(session)


def test_one_wrong_card_does_not_hide_another(session: Session, people: list[Membership]) -> None:
    """One who has no card, and one who has two, are as many cards as there should be."""
    first = session.query(ListingRow).filter_by(member_id=people[0].member_id).one()
    session.execute(delete(ListingRow).where(ListingRow.member_id == people[1].member_id))
    values = {column.name: getattr(first, column.name) for column in ListingRow.__table__.columns}
    session.add(ListingRow(**{**values, "since": first.since + 1}))
    session.flush()
    assert check_published(session).wrong > 0


def test_what_waits_is_no_fault(session: Session, people: list[Membership]) -> None:
    people[0].area_id, people[0].due = LEEDS, WITH_THE_NEXT
    session.flush()
    assert check_published(session).wrong == 0


def test_who_may_not_sign_in_any_more_needs_no_card(
    session: Session, people: list[Membership]
) -> None:
    theirs = people[0].member_id
    session.execute(delete(ListingRow).where(ListingRow.member_id == theirs))
    session.execute(update(Member).where(Member.id == theirs).values(active=False))
    assert check_published(session).cards == 0


def test_a_wrong_total_and_lost_numbers_are_found(
    session: Session, people: list[Membership]
) -> None:
    condition = session.get_one(Condition, people[0].condition_id)
    condition.listed = 5
    session.execute(delete(AreaNumbers).where(AreaNumbers.condition_id == people[2].condition_id))
    session.flush()
    wrong = {(one.condition_id, one.stored, one.true) for one in check_published(session).numbers}
    assert {(condition.id, 5, 2), (people[2].condition_id, 0, 1)} <= wrong
    _is_repaired(session)


def test_countries_follow_who_hides(
    session: Session, people: list[Membership], settings: Settings
) -> None:
    hide_everywhere(World(session, settings).ctx, people[1].member_id)
    publish_at_once(session)
    dystonia = session.get_one(Condition, people[0].condition_id, populate_existing=True)
    assert (dystonia.listed, dystonia.countries) == (1, 1)
    assert check_published(session).wrong == 0


def _is_repaired(session: Session) -> None:
    repair_published(session)
    publish_at_once(session)
    assert check_published(session).wrong == 0
