"""Which town is meant: what was typed, and never a guess; the likelier first for each reader."""

import pytest

from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.town_search import Reader, clearly_meant, find_towns
from mapapp.domain.core.folding import fold

SPAIN = Reader(home={"ES"})


def first_two(typed: str, reader: Reader) -> list[str]:
    return [town.country for town in find_towns(typed, reader)[:2]]


@pytest.mark.parametrize(
    ("typed", "reader", "countries"),
    [
        ("Toledo", Reader(), ["US", "PH"]),
        ("Toledo", SPAIN, ["ES", "US"]),
        ("Toledo", Reader(neighbours={"ES", "CO", "MX"}), ["ES", "US"]),
        ("Birmingham", Reader(home={"US"}), ["US", "GB"]),
        ("Paris", Reader(home={"US"}), ["FR", "US"]),
        ("London", Reader(home={"CA"}), ["GB", "CA"]),
    ],
)
def test_the_likelier_first(typed: str, reader: Reader, countries: list[str]) -> None:
    assert first_two(typed, reader) == countries


@pytest.mark.parametrize("typed", ["Qwertyville", "Londno", "Barcelna", "Xxchester", "Muenschen"])
def test_similar_names_are_guesses_and_none_is_meant(typed: str) -> None:
    found = find_towns(typed)
    assert found
    assert all(town.is_guess for town in found)
    assert clearly_meant(found, typed) is None


@pytest.mark.parametrize("typed", ["Leeds", "leed", "Rio de Jan", "janeiro", "Мюнхен", "東京"])
def test_what_has_the_words_is_no_guess(typed: str) -> None:
    found = find_towns(typed)
    assert not found[0].is_guess
    for town in found:
        words = f"{fold(town.name)} {fold(town.matched)}"
        assert town.is_guess or all(part in words for part in fold(typed).split())


def test_words_that_no_name_has_together_are_guesses() -> None:
    assert all(town.is_guess for town in find_towns("San Francisco Qwerty"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Leeds", "GB"),
        ("London", "GB"),
        ("Roma", "IT"),
        ("Lond", ""),
        ("Cambridge", ""),
        ("mos", ""),
    ],
)
def test_only_a_whole_name_means_a_town(typed: str, meant: str) -> None:
    town = clearly_meant(find_towns(typed), typed)
    assert (town.country if town else "") == meant


def test_all_of_a_name_are_found() -> None:
    towns = load_towns()
    for name in ("Richmond", "Santa Cruz", "San Pedro", "Springfield", "Victoria"):
        every = set(towns.ids[towns.index.called(name)].tolist())
        of_that_name = {row for row in every if fold(_name(row)) == fold(name)}
        assert of_that_name <= {town.id for town in find_towns(name)}


def _name(town_id: int) -> str:
    towns = load_towns()
    return towns.town(towns.ids.tolist().index(town_id)).name
