"""Finding conditions and people: what is found, what is hidden, and who sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE, Spot
from mapapp.actions.published.listings import People, condition_by_slug, listings, most_joined
from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import BadInputError, NotFoundError
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


def test_visitors_see_public_people_only(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    for visibility in ("public", "members", "counted"):
        make_membership(
            dystonia, berlin, member=make_member(pseudonym=visibility), visibility=visibility
        )
    assert names(listings(session, People(dystonia.id), berlin)) == ["public"]
    assert sorted(names(listings(session, People(dystonia.id, SOMEBODY), berlin))) == [
        "members",
        "public",
    ]


def test_closed_accounts_are_not_shown(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    closed = make_member(active=False)
    make_membership(dystonia, berlin, member=closed, visibility="public")
    assert listings(session, People(dystonia.id, SOMEBODY), berlin).total == 0


@pytest.mark.both
def test_listings_cover_the_whole_subtree_and_nothing_else(
    session: Session, dystonia: Any, make_membership: Make, make_noise: Make, berlin: int
) -> None:
    areas = load_areas()
    region = int(areas.parent[berlin])
    for area in (berlin, region, zones_of("FR")[0]):
        make_membership(dystonia, area, visibility="public")
    make_noise(berlin)
    assert listings(session, People(dystonia.id), region).total == 2
    assert listings(session, People(dystonia.id), berlin).total == 1
    assert listings(session, People(dystonia.id), 0).total == 3


def test_order_is_the_keyed_hash_in_pages(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    size = PEOPLE_A_PAGE + 3
    for n in range(size):
        make_membership(
            dystonia,
            berlin,
            member=make_member(pseudonym=str(n)),
            visibility="public",
            listing_order=100 - n,
        )
    first = listings(session, People(dystonia.id), berlin)
    second = listings(session, People(dystonia.id), berlin, first.next)
    assert names(first) + names(second) == [str(n) for n in reversed(range(size))]
    assert (first.total, len(second), second.next) == (size, 3, None)
    assert listings(session, People(dystonia.id), berlin, second.previous) == first


@pytest.mark.both
def test_filters(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, berlin: int
) -> None:
    anna = make_member(pseudonym="Anna", languages=["de", "en"])
    bert = make_member(pseudonym="Bert", languages=["fr"])
    make_membership(dystonia, berlin, member=anna, visibility="public", role="parent")
    make_membership(dystonia, berlin, member=bert, visibility="public")
    by_role = listings(session, People(dystonia.id, role="parent"), berlin)
    by_language = listings(session, People(dystonia.id, languages=("fr",)), berlin)
    assert (names(by_role), names(by_language)) == (["Anna"], ["Bert"])
    assert by_role.items[0].languages == ("de", "en")


@pytest.mark.parametrize("values", [(), (1,), (1, "a", 2)])
def test_spots_of_other_lists(session: Session, dystonia: Any, values: Any) -> None:
    with pytest.raises(BadInputError):
        listings(session, People(dystonia.id), 0, Spot(values))


def test_unknown_area(session: Session, dystonia: Any) -> None:
    with pytest.raises(NotFoundError):
        listings(session, People(dystonia.id), len(load_areas()))
