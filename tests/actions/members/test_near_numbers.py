"""Numbers before names: by distance, and what those whom the reader sees have in common."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE
from mapapp.actions.members.near_numbers import near_numbers
from mapapp.actions.members.nearby_search import nearby
from mapapp.actions.published.listings import People
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER
from mapapp.errors import NotFoundError
from mapapp.store.contact import Block
from tests import factories
from tests.places import zone_at_band, zones_of

Make = Callable[..., Any]


@pytest.fixture
def dystonia(make_condition: Make) -> Any:
    return make_condition("dystonia")


@pytest.fixture
def here() -> int:
    return zones_of("DE")[0]


@pytest.fixture
def place(session: Session, dystonia: Any) -> Make:
    """Place somebody: an area, a visibility, a role, languages."""

    def _place(area: int, visibility: str, role: str = "self", languages: str = "en") -> Any:
        who = factories.make_member(session, languages=languages.split())
        factories.make_membership(
            session, dystonia, area, member=who, visibility=visibility, role=role
        )
        return who

    return _place


@pytest.fixture
def crowd(place: Make, here: int) -> None:
    """Four within 100 km, of whom a visitor sees two and a member three; one is counted only."""
    place(here, "public", "self", "es de")
    place(here, "members", "parent", "es")
    place(zone_at_band(here, 2), "public", "self", "de")
    place(zone_at_band(here, 2), "map", "clinician", "fr")
    place(here, "counted", "researcher", "it")
    place(zone_at_band(here, 3), "public", "organisation", "pl")


@pytest.mark.both
@pytest.mark.parametrize(
    ("visibility", "roles", "languages"),
    [
        (None, {"self": 2, "organisation": 1}, {"es": 1, "de": 2, "pl": 1}),
        ("", {"self": 2, "parent": 1}, {"es": 2, "de": 2}),
        ("counted", {"self": 2, "parent": 1}, {"es": 2, "de": 2}),
        ("map", {"self": 2, "parent": 1, "clinician": 1}, {"es": 2, "de": 2, "fr": 1}),
    ],
)
def test_each_reader_counts_the_cards_that_they_see(
    session: Session,
    dystonia: Any,
    place: Make,
    crowd: None,
    here: int,
    visibility: str | None,
    roles: dict[str, int],
    languages: dict[str, int],
) -> None:
    reader = None
    if visibility is not None:
        far = zone_at_band(here, FARTHER)
        reader = place(far, visibility).id if visibility else factories.make_member(session).id
    found = near_numbers(session, People(dystonia.id, reader), here)
    assert found.within[:4] == (2, 2, 4, 5)
    assert (found.roles, found.languages) == (roles, languages)
    # A visitor sees two within 100 km, which is no company: their circle is wider.
    assert found.band == (3 if reader is None else 2)


def test_nobody_is_counted_twice_who_speaks_two_of_my_languages(
    session: Session, dystonia: Any, place: Make, crowd: None, here: int
) -> None:
    reader = factories.make_member(session)
    found = near_numbers(session, People(dystonia.id, reader.id), here, ("de", "es"))
    assert found.speak_mine == 3
    assert near_numbers(session, People(dystonia.id, reader.id), here).speak_mine == 0


def test_what_is_asked_for_changes_no_number(
    session: Session, dystonia: Any, crowd: None, here: int
) -> None:
    plain = near_numbers(session, People(dystonia.id), here)
    assert near_numbers(session, People(dystonia.id, None, "parent", ("fr",)), here) == plain


def test_the_reader_is_not_counted(session: Session, dystonia: Any, place: Make, here: int) -> None:
    me = place(here, "public", "parent", "nl")
    place(here, "public")
    found = near_numbers(session, People(dystonia.id, me.id), here, ("nl",))
    assert (found.within[FARTHER], found.includes_reader) == (1, True)
    assert (found.roles, found.languages, found.speak_mine) == ({"self": 1}, {"en": 1}, 0)


@pytest.mark.both
def test_a_block_changes_no_number(session: Session, dystonia: Any, place: Make, here: int) -> None:
    me, them = place(here, "map"), place(here, "public", "parent", "nl")
    place(here, "public")
    session.add(Block(member_id=them.id, blocked_id=me.id, condition_id=dystonia.id))
    session.flush()
    found = near_numbers(session, People(dystonia.id, me.id), here)
    assert found.within[0] == 2
    assert (found.roles, found.languages) == ({"self": 1, "parent": 1}, {"en": 1, "nl": 1})


def test_one_person_far_away_is_counted_where_they_are(
    session: Session, dystonia: Any, place: Make, here: int
) -> None:
    place(zone_at_band(here, 5), "public")
    found = near_numbers(session, People(dystonia.id), here)
    assert (found.band, found.first_band, found.roles) == (5, 5, {"self": 1})


def test_those_are_counted_whom_the_list_names_first(
    session: Session, dystonia: Any, place: Make, here: int
) -> None:
    me, people = place(here, "map"), PEOPLE_A_PAGE
    reader, near = People(dystonia.id, me.id), zone_at_band(here, 2)
    factories.make_crowd(session, dystonia, near, people)
    for n, band, counted in ((0, 2, people), (1, 0, 1), (people - 1, 0, people), (1, 0, people)):
        factories.make_crowd(session, dystonia, here, n)
        found = nearby(session, reader, here)
        numbers, named = found.numbers, [one.person.public_id for one in found.listed.items]
        assert (numbers.band, len(numbers.counted)) == (band, counted)
        assert sum(numbers.roles.values()) == counted
        assert set(numbers.counted) <= set(named)
    assert numbers.within[:3] == (people + 1, people + 1, 2 * people + 1)


def test_nobody(session: Session, dystonia: Any, here: int, make_noise: Make) -> None:
    make_noise(here)
    found = near_numbers(session, People(dystonia.id), here)
    assert (found.band, found.first_band, found.roles, found.languages) == (None, None, {}, {})


def test_unknown_area(session: Session, dystonia: Any) -> None:
    with pytest.raises(NotFoundError):
        near_numbers(session, People(dystonia.id), len(load_areas()))
