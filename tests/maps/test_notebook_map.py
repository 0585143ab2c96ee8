"""The map of notebooks: nothing in it can act, whatever a site calls its areas."""

import html

import geopandas as gpd
import pytest
from shapely.geometry import box

from mapapp.maps.notebook_map import inert_text, notebook_map

EVIL = (
    "{{7*1910191}}",
    "{% for x in () %}",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\\u{zzz} \\x",
    "`'\"&#123;",
)


@pytest.mark.parametrize("evil", EVIL)
def test_names_and_titles_do_nothing(evil: str) -> None:
    frame = gpd.GeoDataFrame(
        {"name": [evil], "code": [evil], "people": [9], "per_million": [None], "residents": [5]},
        geometry=[box(0, 0, 1, 1)],
        crs="OGC:CRS84",
    )
    page = notebook_map(frame, evil).get_root().render()
    assert evil not in page
    assert "13371337" not in page
    assert inert_text(evil).replace("&", "\\u0026") in page  # as JSON of a script has it


def test_text_is_read_as_it_was() -> None:
    for text in (*EVIL, "Île-de-France (Paris)", "São Tomé & Príncipe", "–"):
        assert html.unescape(inert_text(text)) == text


@pytest.mark.parametrize("people", [[0, 0], [3, 0], [7, 900], [5, 5]])
def test_any_numbers_can_be_drawn(people: list[int]) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["A", "B"], "code": ["A", "B"], "people": people, "residents": [9, 9]}
        | {"per_million": [None, 0.5]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs="OGC:CRS84",
    )
    for by in ("people", "per_million"):
        assert notebook_map(frame, "gout", by).get_root().render()
