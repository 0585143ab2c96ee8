"""Folium draws areas and numbers; it never gets what people wrote."""

import re

import pytest

from mapapp.paths import PACKAGE, TEMPLATES

FORBIDDEN = re.compile(
    r"folium\.Popup|folium\.Tooltip|\bPopup\(|\bTooltip\(|popup=|tooltip=|JsCode"
    r"|GeoJson(Popup|Tooltip)"
)
NAMES_AND_NUMBERS = {"maps/notebook_map.py": ("GeoJsonTooltip",)}
"""What a file may use all the same: no page of a site has this map, it is given names of areas and
numbers alone, and tests/maps/test_notebook_map.py plants text that would act."""
SOURCES = sorted(p for p in PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_popups_of_folium(path):
    allowed = NAMES_AND_NUMBERS.get(path.relative_to(PACKAGE).as_posix(), ())
    found = {match[0] for match in FORBIDDEN.finditer(path.read_text(encoding="utf-8"))}
    assert found == set(allowed)


def test_folium_is_used_in_maps_alone():
    users = {
        p for p in SOURCES if re.search(r"^(import|from) (folium|branca)", p.read_text(), re.M)
    }
    assert users
    # The notebook's functions say what they return; they draw nothing themselves.
    assert all(p.parent == PACKAGE / "maps" for p in users - {PACKAGE / "notebook.py"})


def test_maps_have_never_heard_of_members():
    for path in (PACKAGE / "maps").glob("*.py"):
        assert not re.search(r"pseudonym|public_id|Membership|Listing", path.read_text()), path.name


def test_scripts_never_set_html():
    for path in (PACKAGE / "web" / "static" / "js").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source
        )
        assert len(source.splitlines()) < 200, path.name


def test_no_inline_styles_in_map_templates():
    for path in (TEMPLATES / "maps").glob("*.html"):
        assert " style=" not in path.read_text(encoding="utf-8"), path.name
