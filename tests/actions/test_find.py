"""Finding conditions and people: what is found, what is hidden, who is shown to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.find import (
    condition_by_slug,
    everybody,
    listings,
    most_joined,
    site_totals,
    totals,
)
from mapapp.actions.paging import PEOPLE_A_PAGE
from mapapp.domain.areas import load_areas
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store import live_counts
from tests.places import zones_of

Make = Callable[..., Any]

SOMEBODY = 0
"""A reader who is signed in, blocks nobody and is on no map."""


@pytest.fixture
def dystonia(make_condition: Make) -> Any:
    return make_condition("dystonia")


@pytest.fixture
def berlin() -> int:
    return zones_of("DE")[0]


def names(page: Any) -> list[str]:
    return [listing.pseudonym for listing in page.items]


def test_condition_by_slug(session: Session, dystonia: Any) -> None:
    found = condition_by_slug(session, "dystonia")
    assert (found.id, found.name, found.listed) == (dystonia.id, dystonia.name, 0)


def test_unknown_condition(session: Session) -> None:
    with pytest.raises(NotFoundError):
        condition_by_slug(session, "no-such-condition")


def test_hidden_condition(session: Session, make_condition: Make) -> None:
    make_condition("secret", shown=False)
    with pytest.raises(NotFoundError):
        condition_by_slug(session, "secret")


def test_most_joined(
    session: Session, make_condition: Make, make_membership: Make, berlin: int
) -> None:
    few, many = make_condition("few"), make_condition("many")
    hidden = make_condition("hidden", shown=False)
    for condition, n in ((few, 1), (many, 3), (hidden, 5)):
        for _ in range(n):
            make_membership(condition, berlin)
    make_condition("empty")
    assert [(c.slug, c.listed) for c in most_joined(session, 5)] == [("many", 3), ("few", 1)]
    assert [c.slug for c in most_joined(session, 1)] == ["many"]


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
        live_counts.change(session, lupus.id, france, -1)
    make_membership(narcolepsy, zones_of("US")[0])
    make_membership(narcolepsy, berlin)
    found = site_totals(session)
    assert (found.people, found.countries, found.conditions) == (3, 3, 2)
    assert everybody(session).by_area[berlin] == 1


def test_visitors_see_public_people_only(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    for visibility in ("public", "members", "counted"):
        make_membership(
            dystonia, berlin, member=make_member(pseudonym=visibility), visibility=visibility
        )
    assert names(listings(session, dystonia.id, berlin, None)) == ["public"]
    assert sorted(names(listings(session, dystonia.id, berlin, SOMEBODY))) == ["members", "public"]


def test_closed_accounts_are_not_shown(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    closed = make_member(active=False)
    make_membership(dystonia, berlin, member=closed, visibility="public")
    assert listings(session, dystonia.id, berlin, SOMEBODY).total == 0


def test_listings_cover_the_whole_subtree_and_nothing_else(
    session: Session, dystonia: Any, make_membership: Make, make_noise: Make, berlin: int
) -> None:
    areas = load_areas()
    region = int(areas.parent[berlin])
    for area in (berlin, region, zones_of("FR")[0]):
        make_membership(dystonia, area, visibility="public")
    make_noise(berlin)
    assert listings(session, dystonia.id, region, None).total == 2
    assert listings(session, dystonia.id, berlin, None).total == 1
    assert listings(session, dystonia.id, 0, None).total == 3


def test_order_is_the_keyed_hash_in_pages(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    size = PEOPLE_A_PAGE + 3
    for n in range(size):
        make_membership(
            dystonia, berlin, member=make_member(pseudonym=str(n)), visibility="public", tie=100 - n
        )
    first = listings(session, dystonia.id, berlin, None)
    second = listings(session, dystonia.id, berlin, None, page=2)
    assert names(first) + names(second) == [str(n) for n in reversed(range(size))]
    assert (first.total, first.pages, len(second)) == (size, 2, 3)
    assert listings(session, dystonia.id, berlin, None, page=3).items == ()


def test_filters(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    anna = make_member(pseudonym="Anna", languages=["de", "en"])
    bert = make_member(pseudonym="Bert", languages=["fr"])
    make_membership(dystonia, berlin, member=anna, visibility="public", role="parent")
    make_membership(dystonia, berlin, member=bert, visibility="public")
    by_role = listings(session, dystonia.id, berlin, None, role="parent")
    by_language = listings(session, dystonia.id, berlin, None, language="fr")
    assert (names(by_role), names(by_language)) == (["Anna"], ["Bert"])
    assert by_role.items[0].languages == ("de", "en")


@pytest.mark.parametrize("page", [0, -1, 10**9])
def test_pages_that_no_list_has(session: Session, dystonia: Any, page: int) -> None:
    with pytest.raises(BadInputError):
        listings(session, dystonia.id, 0, None, page=page)


def test_unknown_area(session: Session, dystonia: Any) -> None:
    with pytest.raises(NotFoundError):
        listings(session, dystonia.id, len(load_areas()), None)
