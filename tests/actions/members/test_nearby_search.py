"""Who is near: bands, order, filters, and what hidden people never change."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE
from mapapp.actions.members.nearby_search import FARTHER, nearby
from mapapp.actions.published.listings import People
from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import NotFoundError
from tests.places import zone_at_band, zones_of

Make = Callable[..., Any]

SOMEBODY = 0
"""A reader who is signed in, blocks nobody and is on no map."""


@pytest.fixture
def dystonia(make_condition: Make) -> Any:
    return make_condition("dystonia")


@pytest.fixture
def here() -> int:
    return zones_of("DE")[0]


def shown(found: Any) -> list[tuple[int, str]]:
    return [(near.band, near.person.pseudonym) for near in found.listed.items]


def test_counts_grow_with_the_bands(
    session: Session, dystonia: Any, make_membership: Make, make_noise: Make, here: int
) -> None:
    for band in (0, 2, 3, 3, FARTHER):
        area = zone_at_band(here, band) if band else here
        make_membership(dystonia, area)
    make_noise(here)
    found = nearby(session, People(dystonia.id), here)
    assert found.within == (1, 1, 2, 4, 4, 4, 5)
    assert found.first_band == 0
    assert found.listed.total == 0


def test_nearest_band_first_then_the_keyed_hash(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    near, far = zone_at_band(here, 2), zone_at_band(here, 4)
    for name, area, tie in (("far", far, 1), ("b", near, 3), ("a", near, 2), ("own", here, 9)):
        member = make_member(pseudonym=name)
        make_membership(dystonia, area, member=member, visibility="public", listing_order=tie)
    found = nearby(session, People(dystonia.id), here)
    assert shown(found) == [(0, "own"), (2, "a"), (2, "b"), (4, "far")]


def test_pages_run_on_over_the_bands(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    near = zone_at_band(here, 2)
    for _ in range(PEOPLE_A_PAGE - 5):
        make_membership(dystonia, here, visibility="public")
    for _ in range(10):
        make_membership(dystonia, near, visibility="public")
    first = nearby(session, People(dystonia.id), here)
    second = nearby(session, People(dystonia.id), here, first.listed.next)
    pages = (first, second)
    bands = [near.band for page in pages for near in page.listed.items]
    people = {near.person.public_id for page in pages for near in page.listed.items}
    assert bands == [0] * (PEOPLE_A_PAGE - 5) + [2] * 10
    assert len(people) == len(bands)
    assert second.listed.next is None
    assert nearby(session, People(dystonia.id), here, second.listed.previous) == first


def test_a_page_of_the_last_band_names_nobody_who_is_nearer(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    for _ in range(PEOPLE_A_PAGE + 5):
        make_membership(dystonia, zone_at_band(here, FARTHER), visibility="public")
    first = nearby(session, People(dystonia.id), here)
    assert first.listed.next
    make_membership(dystonia, here, visibility="public", listing_order=2**62)
    assert nearby(session, People(dystonia.id), here, first.listed.next).listed.items == ()


def test_the_last_band_is_listed_only_when_nobody_is_nearer(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    make_membership(dystonia, zone_at_band(here, FARTHER), visibility="public")
    alone = nearby(session, People(dystonia.id), here)
    assert ([near.band for near in alone.listed.items], alone.farther) == ([FARTHER], 0)
    assert alone.first_band == FARTHER
    make_membership(dystonia, here, visibility="public")
    found = nearby(session, People(dystonia.id), here)
    assert ([near.band for near in found.listed.items], found.farther) == ([0], 1)


def test_nobody(session: Session, dystonia: Any, here: int, make_noise: Make) -> None:
    make_noise(here)
    found = nearby(session, People(dystonia.id), here)
    assert (found.first_band, found.listed.total, found.farther) == (None, 0, 0)


def test_parts_of_a_country_are_in_it(
    session: Session, dystonia: Any, make_membership: Make
) -> None:
    for zone in zones_of("DE")[::50]:
        make_membership(dystonia, zone)
    found = nearby(session, People(dystonia.id), load_areas().by_code("DE").id)
    assert found.within[0] == found.within[FARTHER] > 1


def test_two_people_in_one_zone_cannot_be_told_apart(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    zone = zone_at_band(here, 3)
    for _ in range(2):
        make_membership(dystonia, zone, visibility="public")
    for start in (here, zone, zone_at_band(here, 5)):
        found = nearby(session, People(dystonia.id), start)
        bands = {near.band for near in found.listed.items}
        assert len(bands) == 1
        assert len(found.listed) == 2


@pytest.mark.both
def test_filters_choose_among_named_people_only(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    for name, role, language, visibility in (
        ("Anna", "parent", "de", "public"),
        ("Bert", "self", "fr", "public"),
        ("Cleo", "parent", "de", "members"),
        ("Dora", "parent", "de", "counted"),
    ):
        member = make_member(pseudonym=name, languages=[language])
        make_membership(dystonia, here, member=member, visibility=visibility, role=role)
    plain = nearby(session, People(dystonia.id), here)
    parents = nearby(session, People(dystonia.id, role="parent"), here)
    french = nearby(session, People(dystonia.id, SOMEBODY, language="fr"), here)
    assert parents.within == french.within == plain.within
    assert plain.within[0] == 3
    assert [name for _band, name in shown(parents)] == ["Anna"]
    assert [name for _band, name in shown(french)] == ["Bert"]
    assert plain.languages == ("de", "fr")


@pytest.mark.both
def test_the_reader_is_not_near_themself(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    me = make_member(pseudonym="me")
    make_membership(dystonia, here, member=me, visibility="public")
    make_membership(dystonia, here, visibility="public")
    found = nearby(session, People(dystonia.id, me.id), here)
    assert (found.within[FARTHER], found.includes_reader, found.listed.total) == (1, True, 1)


def test_a_hidden_reader_takes_nothing_away(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    me = make_member()
    make_membership(dystonia, here, member=me, visibility="counted")
    make_membership(dystonia, here)
    found = nearby(session, People(dystonia.id, me.id), here)
    assert (found.within[FARTHER], found.includes_reader) == (1, False)


def test_hidden_people_change_nothing(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    make_membership(dystonia, here, visibility="public")
    before = nearby(session, People(dystonia.id, SOMEBODY), here)
    make_membership(dystonia, here, visibility="counted")
    make_membership(dystonia, zone_at_band(here, 2), visibility="counted")
    assert nearby(session, People(dystonia.id, SOMEBODY), here) == before


def test_unknown_area(session: Session, dystonia: Any) -> None:
    with pytest.raises(NotFoundError):
        nearby(session, People(dystonia.id), len(load_areas()))
