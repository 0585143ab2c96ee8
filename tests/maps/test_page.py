"""The shell and the numbers."""

import json
import re

import numpy as np
import pytest

from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.published.counts import roll_up
from mapapp.maps.page import country_ids, make_shell, map_numbers
from mapapp.maps.shading import scales

URLS = {"countries": "/c.json", "regions": "/r/{id}.json", "zones": "/z/{id}.json"}


@pytest.fixture(scope="module")
def areas():
    return load_areas()


def shell(areas, names=None):
    names = names or [str(areas.name[i]) for i in country_ids(areas)]
    return make_shell(areas, names, "en", {"people": "{n} people"}, URLS)


def test_folium_makes_the_same_bytes_each_time(areas):
    assert shell(areas) == shell(areas)


def test_the_shell_is_a_map_and_calls_of_ours(areas):
    made = shell(areas)
    assert 'id="map_world"' in made.html
    script = made.script.decode()
    assert re.findall(r"^\s*mapapp\.(\w+)\(map_world, ", script, re.M) == [
        "begin",
        "areas",
        "badges",
        "labels",
        "tip",
        "panel",
        "controls",
        "hash",
    ]
    assert '"maxZoom": 11' in script


def test_the_shell_needs_nobody_else(areas):
    made = shell(areas)
    assert b"http" not in made.script
    assert "<script" not in made.html
    assert "style=" not in made.html


def test_names_of_areas_cannot_become_code(areas):
    names = ["{{7*1910191}}${alert(1)}</script>"] * len(country_ids(areas))
    script = shell(areas, names).script.decode()
    assert "13371337" not in script
    assert "</script" not in script


def test_numbers_are_of_countries_and_add_up(areas):
    zones = np.flatnonzero(areas.level == 3)[[5, 500, 500, 20_000]]
    country = areas.ancestors(int(zones[0]))[0]
    ids = np.append(zones, country).astype(np.int64)
    totals = roll_up(areas, ids, np.ones(5, dtype=np.int64))
    numbers = map_numbers(areas, totals, scales(areas, totals), "x", {})
    assert numbers["total"] == sum(numbers["counts"]) == 5
    assert all(areas.level[i] == COUNTRY for i in numbers["ids"])
    json.dumps(numbers)
