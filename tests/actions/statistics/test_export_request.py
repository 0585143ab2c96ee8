"""What can be asked for, what cannot go together, and how a request is known again."""

from dataclasses import replace

import pytest

from mapapp.actions.statistics.export_request import Request, country_called
from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.statistics.export_choices import (
    EXPORT_LEVELS,
    EXPORT_TABLES,
    FORMATS,
    FORMATS_OF,
    GROWTH,
    PICTURES,
    RELEASED,
    TAGGED_FORMATS,
)
from mapapp.domain.statistics.export_table import table_ids
from mapapp.errors import BadInputError

DAY = "2026-11-23"
PLAIN = Request(("dystonia",), "region", "csv")


@pytest.mark.parametrize("table", EXPORT_TABLES)
def test_each_table_comes_in_its_formats_and_no_other(table: str) -> None:
    for kind in FORMATS:
        wanted = replace(PLAIN, level=table, file_format=kind)
        if kind in FORMATS_OF[table]:
            assert wanted.checked() == wanted
        else:
            with pytest.raises(BadInputError, match="comes as"):
                wanted.checked()


def test_order_and_repetition_do_not_matter() -> None:
    mixed = Request(("b", "a", "b"), "zone", "csv", ("fr", "Germany", "DE"))
    assert mixed.checked() == Request(("a", "b"), "zone", "csv", ("DE", "FR"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"level": GROWTH, "countries": ("DE",)}, "Choose no country"),
        ({"level": "country", "file_format": "png", "countries": ("DE",)}, "Choose no country"),
        ({"level": "country", "file_format": "pdf", "slugs": ("a", "b")}, "one condition"),
        *(
            ({"level": "country", "file_format": kind, "is_tagged": True}, "only csv, xlsx")
            for kind in FORMATS
            if kind not in TAGGED_FORMATS
        ),
        ({"countries": ("DE-BY",)}, "no country “DE-BY”"),
        ({"countries": ("",)}, "no country"),
        ({"countries": ("Atlantis",)}, "no country “Atlantis”"),
    ],
)
def test_what_does_not_go_together_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        replace(PLAIN, **wrong).checked()  # type: ignore[arg-type]


def test_each_country_is_found_by_its_code_and_its_name() -> None:
    areas = load_areas()
    for area in areas.children(0).tolist():
        for words in (areas.code[area], f"x-{areas.code[area]}", f" {areas.name[area]} "):
            assert country_called(str(words)).id == area, words


def test_each_choice_is_part_of_the_key() -> None:
    asked = [
        replace(PLAIN, level=table, file_format=kind, countries=countries, is_tagged=tagged)
        for table in EXPORT_TABLES
        for kind in FORMATS
        for countries in ((), ("DE",), ("DE", "FR"))
        for tagged in (False, True)
    ]
    assert len({one.key(DAY) for one in asked}) == len(asked)
    assert len({one.filename(DAY) for one in asked}) == len(asked)


def test_a_name_stays_short_however_much_is_chosen() -> None:
    much = Request(tuple(map(str, range(90))), RELEASED, "zip", ("DE", "FR", "GB", "KE"))
    assert much.filename("2026-Q4") == "90-conditions-released-4-countries-2026-Q4.zip"


@pytest.mark.parametrize("level", EXPORT_LEVELS)
def test_a_table_of_countries_has_each_as_a_total_and_what_lies_in_it(level: str) -> None:
    areas = load_areas()
    chosen = [areas.by_code(code).id for code in ("DE", "LU")]
    ids = table_ids(areas, level, chosen).tolist()
    assert len(ids) == len(set(ids))
    assert [one for one in ids if areas.level[one] == COUNTRY] == chosen
    whole = set(table_ids(areas, level).tolist()) - {0}
    inside = {one for one in whole if set(areas.ancestors(one)) & set(chosen)}
    assert set(ids) - set(chosen) == inside - set(chosen)


def test_pictures_are_of_countries() -> None:
    assert [table for table in EXPORT_TABLES if set(PICTURES) & set(FORMATS_OF[table])] == [
        "country"
    ]
