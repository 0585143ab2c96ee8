"""Lists of people of about the reader's age: the same as choosing among all cards, on each way."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Spot
from mapapp.actions.members.nearby_search import nearby
from mapapp.actions.published import card_lists
from mapapp.actions.published.card_lists import Cards
from mapapp.actions.published.card_rows import OF_BIRTH
from mapapp.actions.published.card_statements import BY_AREA, BY_BIRTH, BY_LANGUAGE, BY_ORDER
from mapapp.actions.published.listings import People, listings
from mapapp.actions.published.number_check import repair_published
from mapapp.actions.published.numbers_kept import condition_numbers
from mapapp.actions.published.readers import AGE_NOT_SHOWN
from mapapp.errors import NotAllowedError
from tests import factories
from tests.places import zone_at_band, zones_of

Make = Callable[..., Any]
HERE = zones_of("DE")[0]
AREAS = (HERE, *(zone_at_band(HERE, band) for band in (2, 4, 6)))
DECADES = (None, 1950, 1960, 1970, 1980, 1990)


@pytest.fixture
def dystonia(session: Session, make_condition: Make) -> Any:
    """A map of 150 people of all ages in four areas; some do not show theirs."""
    condition, draw = make_condition("dystonia"), random.Random(4)
    with factories.published_together(session):
        for number in range(150):
            who = factories.make_member(session, languages=[draw.choice(("en", "de"))])
            given = {
                "visibility": draw.choice(("public", "members", "map")),
                "role": draw.choice(("self", "parent")),
                "birth_decade": draw.choice(DECADES),
                "birth_shown": draw.random() < 0.8,
                "listing_order": draw.getrandbits(62) // 10 * 10 + number % 10,
            }
            factories.make_membership(session, condition, draw.choice(AREAS), member=who, **given)
    session.commit()
    return condition


@pytest.fixture
def reader(dystonia: Any, make_member: Make, make_membership: Make) -> int:
    who = make_member()
    given = {"visibility": "map", "birth_decade": 1970, "birth_shown": True}
    make_membership(dystonia, HERE, member=who, listing_order=1, **given)
    return int(who.id)


def _everyone(session: Session, list_of: Callable[[People, Spot | None], Any], who: People) -> Any:
    spot, found = None, []
    while True:
        page = list_of(who, spot)
        found += page.items
        spot = page.next
        if spot is None:
            return found


@pytest.mark.both
@pytest.mark.parametrize("also", [{}, {"role": "parent"}, {"languages": ("de", "fr")}])
@pytest.mark.parametrize("way", [BY_AREA, BY_ORDER, BY_BIRTH, BY_LANGUAGE, None])
def test_each_way_leads_to_those_who_match(
    session: Session,
    dystonia: Any,
    reader: int,
    monkeypatch: pytest.MonkeyPatch,
    also: dict[str, Any],
    way: str | None,
) -> None:
    def _near(who: People, spot: Spot | None) -> Any:
        return nearby(session, who, HERE, spot).listed

    whole = _everyone(session, _near, People(dystonia.id, reader, **also))
    wanted = [near for near in whole if near.person.birth_decade in {1960, 1970, 1980}]
    assert 20 < len(wanted) < len(whole)
    if way and (way != BY_LANGUAGE or also.get("languages")):
        monkeypatch.setattr(Cards, "way", lambda cards, size: _possible(cards, way))
        monkeypatch.setattr(card_lists, "READ_AT_FIRST", 1.5)
    assert _everyone(session, _near, People(dystonia.id, reader, my_age=True, **also)) == wanted
    last = nearby(session, People(dystonia.id, reader, my_age=True, **also), HERE).listed
    if last.next:
        behind = nearby(
            session, People(dystonia.id, reader, my_age=True, **also), HERE, last.next
        ).listed
        before = nearby(
            session, People(dystonia.id, reader, my_age=True, **also), HERE, behind.previous
        ).listed
        assert before.items == last.items


def _possible(cards: Cards, way: str) -> str:
    """Return ``way``, where there is what it reads by; other lists are read meanwhile, too."""
    leads = {
        BY_AREA: cards.areas is not None,
        BY_LANGUAGE: bool(cards.languages),
        BY_BIRTH: bool(cards.decades),
    }
    return way if leads.get(way, True) else BY_ORDER


@pytest.mark.both
def test_the_list_of_the_world_and_of_an_area(session: Session, dystonia: Any, reader: int) -> None:
    for area in (0, HERE):

        def _listed(who: People, spot: Spot | None, area: int = area) -> Any:
            return listings(session, who, area, spot)

        whole = _everyone(session, _listed, People(dystonia.id, reader))
        wanted = [one for one in whole if one.birth_decade in {1960, 1970, 1980}]
        found = _everyone(session, _listed, People(dystonia.id, reader, my_age=True))
        assert found == wanted


@pytest.mark.both
def test_those_of_an_age_are_counted_and_counted_anew(
    session: Session, dystonia: Any, reader: int
) -> None:
    before = condition_numbers(session, dystonia.id, OF_BIRTH)
    assert {key for key, _visibility in before} == {str(one) for one in DECADES if one}
    repair_published(session)
    assert condition_numbers(session, dystonia.id, OF_BIRTH) == before


@pytest.mark.both
@pytest.mark.parametrize(
    "given",
    [
        {"visibility": "map", "birth_decade": 1970, "birth_shown": False},
        {"visibility": "map"},
        {"visibility": "counted", "birth_decade": 1970, "birth_shown": True},
    ],
)
def test_who_does_not_show_theirs_is_refused(
    session: Session,
    dystonia: Any,
    make_condition: Make,
    make_member: Make,
    make_membership: Make,
    given: dict[str, Any],
) -> None:
    who = make_member()
    make_membership(dystonia, HERE, member=who, **given)
    elsewhere = {"visibility": "map", "birth_decade": 1970, "birth_shown": True}
    make_membership(make_condition("gout"), HERE, member=who, **elsewhere)
    for reader in (who.id, None, 0):
        with pytest.raises(NotAllowedError) as refused:
            nearby(session, People(dystonia.id, reader, my_age=True), HERE)
        assert str(refused.value) == str(AGE_NOT_SHOWN)


def test_few_of_an_age_are_found_without_reading_the_map() -> None:
    """Of a map of a million, those of three decades lie in an index of their own."""
    rare = {"decades": (1920, 1930, 1940), "share": 0.0001, "born": 100}
    for areas in (None, tuple(range(1000))):
        cards = Cards(1, ("map",), areas, 1_000_000, 1_000_000, **rare)
        assert cards.way(21) == BY_BIRTH
