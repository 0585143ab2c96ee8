"""The chart of benchmarks: it holds the numbers of its file, at the right heights."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mapapp.paths import DATA

TOP = DATA.parent
SCRIPTS = TOP / "scripts"
sys.path.insert(0, str(SCRIPTS))
from bench_chart import chart  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"20k": 20_000, "1m": 1_000_000, "10m": 10_000_000}


def _results() -> dict[str, Any]:
    ours = {
        name: {
            "members": members,
            "figures": {"map_first": {"median": 12.5}, "zones_first": {"median": 4.25 + at}},
        }
        for at, (name, members) in enumerate(SIZES.items())
    }
    theirs = [
        {"peer": "FastMarkerCluster", "what": "map page", "members": 20_000, "median": 150.0},
        {"peer": "FastMarkerCluster", "what": "map page", "members": 1_000_000, "median": 7123.0},
        {"peer": "supercluster", "members": 20_000, "absent": "Node is not installed."},
    ]
    return {"sites": ours, "peers": theirs}


def _titles(svg: str) -> list[str]:
    tree = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    return [str(title.text) for title in tree.iterfind(f".//{SVG}circle/{SVG}title")]


def test_every_point_has_its_numbers() -> None:
    assert _titles(chart(_results())) == [
        "ours: map page: 20,000 people, 12.5 ms",
        "ours: map page: 1,000,000 people, 12.5 ms",
        "ours: map page: 10,000,000 people, 12.5 ms",
        "ours: JSON of all zones: 20,000 people, 4.25 ms",
        "ours: JSON of all zones: 1,000,000 people, 5.25 ms",
        "ours: JSON of all zones: 10,000,000 people, 6.25 ms",
        "Folium's FastMarkerCluster: 20,000 people, 150 ms",
        "Folium's FastMarkerCluster: 1,000,000 people, 7,123 ms",
    ]


def test_what_costs_the_same_is_flat_and_what_costs_more_is_higher() -> None:
    tree = ElementTree.fromstring(chart(_results()))  # noqa: S314 - our own picture
    heights = [float(one.get("cy", "")) for one in tree.iterfind(f".//{SVG}circle")]
    assert len(set(heights[:3])) == 1
    assert heights[0] > heights[6] > heights[7]  # pixels count from above


def test_it_can_be_read_by_everybody() -> None:
    svg = chart(_results())
    tree = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "title desc"
    assert tree.findtext(f"{SVG}title")
    assert "7,123 ms with 1,000,000 people" in str(tree.findtext(f"{SVG}desc"))
    assert "prefers-color-scheme: dark" in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_labels_stand_apart() -> None:
    results = _results()
    for site in results["sites"].values():
        site["figures"]["zones_first"]["median"] = 12.5
    tree = ElementTree.fromstring(chart(results))  # noqa: S314 - our own picture
    heights = sorted(float(one.get("y", "")) for one in tree.iterfind(f".//{SVG}g/{SVG}text"))
    assert all(below - above >= 17 for above, below in pairwise(heights))


def test_a_file_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        chart({"sites": {}, "peers": []})
    given, picture = tmp_path / "in.json", tmp_path / "out.svg"
    given.write_text(json.dumps(_results()), "utf-8")
    command = [sys.executable, str(SCRIPTS / "bench_chart.py"), str(given), str(picture)]
    subprocess.run(command, check=True)
    assert picture.read_text("utf-8") == chart(_results())
