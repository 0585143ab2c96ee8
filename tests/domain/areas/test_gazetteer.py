"""The gazetteer: spellings, scripts, typing errors, ranking and lookups."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.areas import gazetteer
from mapapp.domain.areas.gazetteer import TOWNS_FILE, Gazetteer, load_towns, search_towns
from mapapp.domain.core.folding import fold
from mapapp.errors import BadInputError, DataError
from mapapp.paths import DATA

SPELLINGS = [
    ("York", "York", "GB"),
    ("New York", "New York City", "US"),
    ("nyc", "New York City", "US"),
    ("Munchen", "Munich", "DE"),
    ("München", "Munich", "DE"),
    ("Muenchen", "Munich", "DE"),
    ("Мюнхен", "Munich", "DE"),
    ("Monaco di Baviera", "Munich", "DE"),
    ("東京", "Tokyo", "JP"),
    ("القاهرة", "Cairo", "EG"),
    ("القاهره", "Cairo", "EG"),
    ("Sao Paulo", "São Paulo", "BR"),
    ("são paulo", "São Paulo", "BR"),
    ("Londn", "London", "GB"),
    ("Lodnon", "London", "GB"),
    ("LONDON", "London", "GB"),
    ("Londres", "London", "GB"),
    ("Lond", "London", "GB"),
    ("mos", "Moscow", "RU"),
    ("Москва", "Moscow", "RU"),
    ("москв", "Moscow", "RU"),
    ("Rio de Janero", "Rio de Janeiro", "BR"),
    ("janeiro", "Rio de Janeiro", "BR"),
    ("Wien", "Vienna", "AT"),
    ("Firenze", "Florence", "IT"),
    ("Copenhague", "Copenhagen", "DK"),
    ("Αθήνα", "Athens", "GR"),
    ("αθηνα", "Athens", "GR"),
    ("ירושלים", "Jerusalem", "IL"),
    ("दिल्ली", "Delhi", "IN"),
    ("서울", "Seoul", "KR"),
    ("กรุงเทพ", "Bangkok", "TH"),
    ("Lodz", "Łódź", "PL"),
    ("Reykjavik", "Reykjavík", "IS"),
    ("san fransisco", "San Francisco", "US"),
    ("Leed", "Leeds", "GB"),
    ("Melborne", "Melbourne", "AU"),
    ("Johanesburg", "Johannesburg", "ZA"),
    ("Barcelna", "Barcelona", "ES"),
    ("lisboa", "Lisbon", "PT"),
    ("Kyjiw", "Kyiv", "UA"),
]


@pytest.mark.parametrize(("typed", "name", "country"), SPELLINGS)
def test_spellings_find_the_town(typed: str, name: str, country: str) -> None:
    first = search_towns(typed)[0]
    assert (first.name, first.country) == (name, country)


def test_all_towns_are_there() -> None:
    gazetteer = load_towns()
    assert len(gazetteer) >= 68_000
    assert len(gazetteer.index) > 400_000
    assert len(set(gazetteer.countries.tolist())) > 230


def test_the_file_is_small() -> None:
    assert TOWNS_FILE.stat().st_size < 6_000_000


def test_the_file_is_that_of_the_sources_page() -> None:
    told = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert hashlib.sha256(TOWNS_FILE.read_bytes()).hexdigest() in told


def test_columns_are_parallel_and_plausible() -> None:
    gazetteer = load_towns()
    columns = (gazetteer.lats, gazetteer.lngs, gazetteer.populations, gazetteer.countries)
    assert {len(column) for column in columns} == {len(gazetteer)}
    assert (np.diff(gazetteer.ids) > 0).all()
    assert np.abs(gazetteer.lats).max() <= 90
    assert np.abs(gazetteer.lngs).max() <= 180
    assert gazetteer.populations.min() >= 0


def test_the_other_name_is_told() -> None:
    assert search_towns("Мюнхен")[0].matched == "Мюнхен"
    assert search_towns("Munich")[0].matched == ""


def test_namesakes_are_told_apart_by_their_division() -> None:
    found = search_towns("Springfield", country="US")
    assert len({place.division for place in found[:5]}) > 2


def test_the_larger_namesake_comes_first() -> None:
    first, second = search_towns("London", limit=2)
    assert (first.country, second.country) == ("GB", "CA")
    assert first.population > second.population


def test_a_country_can_be_asked_for() -> None:
    assert {place.country for place in search_towns("York", country="us")} == {"US"}
    assert search_towns("Reykjavik", country="US") == [] or all(
        place.country == "US" for place in search_towns("Reykjavik", country="US")
    )
    assert search_towns("London", country="XX") == []


def test_the_limit_is_kept() -> None:
    assert len(search_towns("san", limit=3)) == 3
    assert len(search_towns("s")) == 8


@pytest.mark.parametrize("country", ["DEU", "D", "1!", "ÄÖ"])
def test_a_wrong_country_code_is_refused(country: str) -> None:
    with pytest.raises(BadInputError):
        search_towns("York", country=country)


def test_a_town_has_its_coordinates() -> None:
    london = search_towns("London")[0]
    assert london.lat == pytest.approx(51.5, abs=0.1)
    assert london.lng == pytest.approx(-0.1, abs=0.1)


@pytest.mark.parametrize("query", ["", "\x00", "\ud800\udfff", "   ", "---"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert search_towns(query) == []


def test_a_novel_is_refused() -> None:
    with pytest.raises(BadInputError):
        search_towns("x" * 10_000)


@given(st.data())
def test_every_main_name_finds_its_town(data: st.DataObject) -> None:
    gazetteer = load_towns()
    place = gazetteer.town(data.draw(st.integers(0, len(gazetteer) - 1)))
    found = search_towns(place.name, limit=400, country=place.country)
    assert place.id in [other.id for other in found]


@given(st.integers(0, 400_000))
def test_keys_are_the_folded_names(label: int) -> None:
    gazetteer = load_towns()
    row = int(gazetteer.index.owners[label])
    found = gazetteer.town(row, label)
    assert gazetteer.index.key(label).decode() == fold(found.matched or found.name)


def test_a_missing_file_is_told(tmp_path, monkeypatch) -> None:
    load_towns.cache_clear()
    monkeypatch.setattr(gazetteer, "TOWNS_FILE", tmp_path / "none.npz")
    try:
        with pytest.raises(DataError):
            load_towns()
        (tmp_path / "none.npz").write_bytes(b"no archive")
        with pytest.raises(DataError):
            load_towns()
    finally:
        load_towns.cache_clear()


def test_the_gazetteer_reads_any_file_of_its_kind() -> None:
    assert len(Gazetteer(TOWNS_FILE)) == len(load_towns())
