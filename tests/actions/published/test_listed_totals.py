"""The numbers of a condition and of the whole site: what is counted, and that they follow."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.published.listed_totals import everybody, site_totals, totals
from mapapp.domain.areas.area_tree import load_areas
from tests.places import zones_of
from tests.published import change_number

Make = Callable[..., Any]


@pytest.fixture
def dystonia(make_condition: Make) -> Any:
    return make_condition("dystonia")


@pytest.fixture
def berlin() -> int:
    return zones_of("DE")[0]


def test_totals_are_rolled_up(
    session: Session, dystonia: Any, make_membership: Make, make_noise: Make, berlin: int
) -> None:
    country = load_areas().by_code("DE").id
    make_membership(dystonia, berlin)
    make_membership(dystonia, berlin, visibility="public")
    make_membership(dystonia, country)
    make_membership(dystonia, berlin, visibility="counted")
    make_noise(berlin)
    found = totals(session, dystonia.id)
    assert found.everywhere == 3
    assert (found.by_area[country], found.placed[country]) == (3, 1)
    assert found.by_area[berlin] == 2


def test_totals_of_nobody(session: Session, dystonia: Any) -> None:
    assert totals(session, dystonia.id).everywhere == 0


def test_site_totals(
    session: Session, make_condition: Make, make_membership: Make, make_member: Make, berlin: int
) -> None:
    twice = make_member()
    one, two = make_condition("one"), make_condition("two")
    make_membership(one, berlin, member=twice)
    make_membership(two, zones_of("FR")[0], member=twice)
    make_membership(one, berlin, visibility="counted")
    make_membership(make_condition("gone", shown=False), zones_of("IT")[0])
    found = site_totals(session)
    assert (found.people, found.countries, found.conditions) == (2, 2, 2)


def test_totals_follow_when_the_last_person_of_a_condition_leaves(
    session: Session, make_condition: Make, make_membership: Make, berlin: int
) -> None:
    als, lupus, narcolepsy = map(make_condition, ("als", "lupus", "narcolepsy"))
    france = zones_of("FR")[0]
    make_membership(als, zones_of("JP")[0])
    leaving = [make_membership(lupus, france) for _ in range(2)]
    assert site_totals(session).countries == 2
    for membership in leaving:
        session.delete(membership)
        change_number(session, lupus, france, -1)
    make_membership(narcolepsy, zones_of("US")[0])
    make_membership(narcolepsy, berlin)
    found = site_totals(session)
    assert (found.people, found.countries, found.conditions) == (3, 3, 2)
    assert everybody(session).by_area[berlin] == 1


def test_totals_of_the_site_follow_a_move_to_another_country(
    session: Session, dystonia: Any, make_membership: Make, berlin: int
) -> None:
    make_membership(dystonia, berlin)
    countries = [load_areas().by_code(code).id for code in ("DE", "FR")]
    assert [everybody(session).by_area[country] for country in countries] == [1, 0]
    change_number(session, dystonia, berlin, -1)
    change_number(session, dystonia, zones_of("FR")[0], 1)
    assert [everybody(session).by_area[country] for country in countries] == [0, 1]
