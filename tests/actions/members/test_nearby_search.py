"""Who is near: bands, order, filters, and what hidden people never change."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE
from mapapp.actions.members.nearby_search import nearby
from mapapp.actions.published.listings import People
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.errors import NotFoundError
from tests import factories
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
    assert found.numbers.within == (1, 1, 2, 4, 4, 4, 4, 4, 5)
    assert found.numbers.first_band == 0
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


def test_whoever_is_farther_comes_last_and_page_by_page(
    session: Session, dystonia: Any, make_membership: Make, here: int
) -> None:
    for _ in range(PEOPLE_A_PAGE + 5):
        make_membership(dystonia, zone_at_band(here, FARTHER), visibility="public")
    make_membership(dystonia, zone_at_band(here, 7), visibility="public", listing_order=2**62)
    first = nearby(session, People(dystonia.id), here)
    assert [band for band, _name in shown(first)] == [7] + [FARTHER] * (PEOPLE_A_PAGE - 1)
    second = nearby(session, People(dystonia.id), here, first.listed.next)
    assert [band for band, _name in shown(second)] == [FARTHER] * 6
    assert nearby(session, People(dystonia.id), here, second.listed.previous) == first


@pytest.mark.both
def test_suva_finds_australia_before_china(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make
) -> None:
    suva, sydney, wuhan = latlngs_to_zones(
        (-18.14, -33.87, 30.59), (178.44, 151.21, 114.3)
    ).tolist()
    for name, area, tie in (("Wuhan", wuhan, 1), ("Sydney", sydney, 2)):
        who = make_member(pseudonym=name)
        make_membership(dystonia, area, member=who, visibility="public", listing_order=tie)
    found = nearby(session, People(dystonia.id), suva)
    assert shown(found) == [(7, "Sydney"), (FARTHER, "Wuhan")]
    assert found.numbers.within == (0, 0, 0, 0, 0, 0, 0, 1, 2)


def test_nobody(session: Session, dystonia: Any, here: int, make_noise: Make) -> None:
    make_noise(here)
    found = nearby(session, People(dystonia.id), here)
    assert (found.numbers.first_band, found.listed.total) == (None, 0)


def test_parts_of_a_country_are_in_it(
    session: Session, dystonia: Any, make_membership: Make
) -> None:
    for zone in zones_of("DE")[::50]:
        make_membership(dystonia, zone)
    found = nearby(session, People(dystonia.id), load_areas().by_code("DE").id)
    assert found.numbers.within[0] == found.numbers.within[FARTHER] > 1


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
    french = nearby(session, People(dystonia.id, SOMEBODY, languages=("fr",)), here)
    assert parents.numbers.within == french.numbers.within == plain.numbers.within
    assert plain.numbers.within[0] == 3
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
    assert (found.numbers.within[FARTHER], found.numbers.includes_reader, found.listed.total) == (
        1,
        True,
        1,
    )


def test_a_hidden_reader_takes_nothing_away(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    me = make_member()
    make_membership(dystonia, here, member=me, visibility="counted")
    make_membership(dystonia, here)
    found = nearby(session, People(dystonia.id, me.id), here)
    assert (found.numbers.within[FARTHER], found.numbers.includes_reader) == (1, False)


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


@pytest.mark.both
def test_whoever_speaks_one_of_several_languages_is_listed_once(
    session: Session, dystonia: Any, make_membership: Make, make_member: Make, here: int
) -> None:
    far = zone_at_band(here, 6)
    for name, area, languages in (
        ("Ada", here, ["de", "fr"]),
        ("Ben", far, ["fr"]),
        ("Cem", far, ["tr"]),
        ("Dan", far, ["de"]),
    ):
        who = make_member(pseudonym=name, languages=languages)
        make_membership(dystonia, area, member=who, visibility="public", listing_order=ord(name[0]))
    found = nearby(session, People(dystonia.id, languages=("de", "fr", "xh")), here)
    assert shown(found) == [(0, "Ada"), (6, "Ben"), (6, "Dan")]
    assert nearby(session, People(dystonia.id, languages=("xh",)), here).listed.items == ()


@pytest.mark.both
@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("asked", [{"role": "parent"}, {"languages": ("fr", "tr")}])
def test_those_who_match_come_in_the_order_of_all_page_by_page(
    session: Session,
    dystonia: Any,
    make_membership: Make,
    make_member: Make,
    here: int,
    monkeypatch: pytest.MonkeyPatch,
    few: bool,
    asked: dict[str, Any],
) -> None:
    """They are found in several ways, depending on how many they are."""
    monkeypatch.setattr("mapapp.actions.members.nearby_search.FEW", 100 if few else 1)
    monkeypatch.setattr("mapapp.actions.members.nearby_search.PEOPLE_A_PAGE", 4)
    with factories.published_together(session):
        for number in range(48):
            matches = number % 3 == 0
            who = make_member(languages=["fr", "tr"] if matches else ["de"])
            make_membership(
                dystonia,
                zone_at_band(here, number % 7 + 2),
                member=who,
                visibility=("public", "members")[number % 2],
                role="parent" if matches else "self",
            )
    everyone = nearby(session, People(dystonia.id, SOMEBODY), here)
    wanted = [near for near in _all_of(session, dystonia, here) if _matches(near.person)]
    found = _all_of(session, dystonia, here, **asked)
    assert found == wanted
    assert len(found) == 16
    assert everyone.listed.total == 48


def _matches(person: Any) -> bool:
    return bool(person.role == "parent")


def _all_of(session: Session, condition: Any, here: int, **asked: Any) -> list[Any]:
    """Return a whole list, read forwards; backwards it has to be the same."""
    pages = [nearby(session, People(condition.id, SOMEBODY, **asked), here).listed]
    while pages[-1].next:
        again = nearby(session, People(condition.id, SOMEBODY, **asked), here, pages[-1].next)
        pages.append(again.listed)
    back = pages[-1]
    for page in reversed(pages[:-1]):
        assert back.previous is not None
        back = nearby(session, People(condition.id, SOMEBODY, **asked), here, back.previous).listed
        assert back.items == page.items
    return [near for page in pages for near in page.items]
