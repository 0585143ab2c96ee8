"""The codebook of an export: every column, the caveat first, the demo only where it was."""

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import LEVELS, ZONE, load_areas
from mapapp.domain.statistics.codebook import (
    CAVEAT,
    DEMO_NOTE,
    LAYOUTS,
    ONE_TABLE,
    RULES,
    Contents,
    codebook,
)
from mapapp.domain.statistics.column_words import COLUMN_WORDS
from mapapp.domain.statistics.export_table import COLUMNS, Counted
from mapapp.domain.statistics.map_tables import GROWTH_COLUMNS, RELEASED_COLUMNS


def written(**more: object) -> str:
    given = {
        "site": "Test",
        "day": "2026-11-23",
        "level": "zone",
        "file_format": "csv",
        "conditions": [Counted("dystonia", "Dystonia", "MONDO:0003441"), Counted("als", "ALS")],
        "area_version": "abc",
        "columns": COLUMNS,
        **more,
    }
    return codebook(Contents(**given))  # type: ignore[arg-type]


def test_it_explains_every_column_and_no_other() -> None:
    words = written()
    assert [line.split("`")[1] for line in words.splitlines() if line.startswith("- `")] == list(
        COLUMNS
    )
    others = {"geometry", *GROWTH_COLUMNS, *RELEASED_COLUMNS}
    assert set(COLUMNS) | others == set(COLUMN_WORDS)


def test_it_says_what_the_numbers_cannot_say() -> None:
    words = written()
    for part in (
        ONE_TABLE,
        CAVEAT,
        *RULES,
        "(`dystonia`, Mondo MONDO:0003441, Disease Ontology DOID:543, MeSH D020821, ICD-10-CM G24)",
        "(`als`)",
        "2026-11-23",
        "version abc",
        *LEVELS[3:],
    ):
        assert part in words
    assert words.index(CAVEAT) < words.index(RULES[0])


@pytest.mark.parametrize("kind", LAYOUTS)
def test_it_says_how_a_file_with_outlines_is_laid_out(kind: str) -> None:
    words = written(file_format=kind)
    assert LAYOUTS[kind] in words
    assert ONE_TABLE not in words


def test_it_says_where_the_estimate_of_hidden_people_is() -> None:
    assert "in an export of `released` numbers" in written()


def test_it_says_so_when_people_are_invented() -> None:
    assert DEMO_NOTE not in written()
    words = written(has_demo=True)
    assert words.index("## Read this first") < words.index(DEMO_NOTE) < words.index(CAVEAT)


def test_what_it_says_of_names_is_true_of_the_areas() -> None:
    areas = load_areas()
    zones = [str(areas.name[i]) for i in np.flatnonzero(areas.level == ZONE)]
    assert any(name.startswith("near ") for name in zones)
    assert "near Raipur (west)" in zones
    assert "near Raipur (west)" in COLUMN_WORDS["name"]
