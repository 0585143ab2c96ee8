"""The rooms on disk, the contracts in setup.cfg and the picture in the architecture are one.

And what keeps the house readable: the size of rooms and files, one name for one thing.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest

from mapapp.paths import DATA

TOP = DATA.parent
sys.path.insert(0, str(TOP / "scripts"))
from rooms import summary, table  # noqa: E402
from rooms_counts import (  # noqa: E402
    clashing_constants,
    long_parameter_lists,
    other_aliases,
    same_file_names,
)
from rooms_house import FLOORS, circles, contract_layers, read_house  # noqa: E402

MOST_FILES = 20  # in a room, or on a floor without rooms; __init__.py is not one of them
MOST_LINES = 300  # in a file, of tests too

ARCHITECTURE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
HOUSE = read_house(TOP)


def _rooms_on_disk() -> dict[str, set[str]]:
    """Return the floors on which each room stands."""
    rooms: dict[str, set[str]] = {}
    for floor in FLOORS:
        for path in (TOP / "mapapp" / floor).glob("*/__init__.py"):
            rooms.setdefault(path.parent.name, set()).add(floor)
    return rooms


def test_the_contract_names_the_rooms_on_disk() -> None:
    contract: dict[str, set[str]] = {}
    for module in set().union(*contract_layers(TOP, "rooms")):
        _package, floor, room = module.split(".")
        contract.setdefault(room, set()).add(floor)
    assert contract == _rooms_on_disk()


def test_the_picture_names_the_rooms_on_disk_in_the_order_of_the_contract() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|", ARCHITECTURE, re.MULTILINE)
    assert [room for room, _floors in rows] == HOUSE.rooms
    for floor in FLOORS:
        on_floor = [m for row in reversed(HOUSE.room_layers) for m in row if f".{floor}." in m]
        order = [room for room, floors in rows if floor in floors.split(", ")]
        assert on_floor == [f"mapapp.{floor}.{room}" for room in order]
    assert {room: set(floors.split(", ")) for room, floors in rows} == _rooms_on_disk()


def test_the_picture_names_the_floors_in_the_order_of_the_contract() -> None:
    picture = re.findall(r"^[1-6]  .*", ARCHITECTURE, re.MULTILINE)
    floors = [{f"mapapp.{name}" for name in re.findall(r"(\w+)(?:/|\.py)", row)} for row in picture]
    assert floors == contract_layers(TOP, "floors")


def test_every_module_has_a_floor_and_every_file_of_a_floor_with_rooms_a_room() -> None:
    on_floors = set().union(*contract_layers(TOP, "floors"))
    beside = {".".join(module.split(".")[:2]) for module in HOUSE.files} - on_floors
    assert beside == {"mapapp"}
    without = {file.path for file in HOUSE.files.values() if file.floor in FLOORS and not file.room}
    assert without == {
        *(f"mapapp/{floor}/__init__.py" for floor in FLOORS),
        "mapapp/web/blueprints.py",  # wires the pages of all rooms to the site
    }


def test_pages_of_every_room_but_core_are_kept_from_the_rows() -> None:
    config = ConfigParser()
    config.read(TOP / "setup.cfg", encoding="utf-8")
    kept = set(config["importlinter:contract:rows"]["source_modules"].split())
    rooms = {room for room, floors in _rooms_on_disk().items() if "web" in floors} - {"core"}
    assert kept == {f"mapapp.web.{room}" for room in rooms}


def test_a_room_says_what_is_in_it() -> None:
    for room, floors in _rooms_on_disk().items():
        for floor in floors:
            text = (TOP / "mapapp" / floor / room / "__init__.py").read_text(encoding="utf-8")
            assert text.startswith('"""'), (floor, room)


def test_no_arrow_leads_up_and_none_in_a_circle() -> None:
    """As the contracts say; here so that the printed table is known to count right."""
    found = summary(HOUSE, TOP)
    assert found["arrows between files"] > 1000
    assert found["against the order"] == []
    assert found["circles"] == []


def test_the_table_is_printed_for_people_and_for_programs() -> None:
    found = summary(HOUSE, TOP)
    first = [line.partition(" ")[0] for line in table(found)]
    assert first[: len(HOUSE.rooms) + 1] == ["room", *HOUSE.rooms]
    call = [sys.executable, str(TOP / "scripts" / "rooms.py"), "--json"]
    data = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    assert json.loads(data) == found


def test_a_circle_and_an_arrow_up_are_found() -> None:
    arrows = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a"), ("f", "g"), ("g", "f")]
    assert sorted(circles(arrows)) == [["a", "b", "c"], ["f", "g"]]
    up = ("mapapp.domain.core.dates", "mapapp.web.core.headers")
    later = ("mapapp.actions.core.paging", "mapapp.actions.mail.outbox")
    down = ("mapapp.web.atlas.map_views", "mapapp.domain.core.dates")
    house = replace(HOUSE, arrows=[up, later, down])
    assert house.against_order() == [up, later]


def test_no_room_is_overfull() -> None:
    full = {place: n for place, n in Counter(HOUSE.places()).items() if n > MOST_FILES}
    assert full == {}


@pytest.mark.parametrize("folder", ["mapapp", "scripts", "tests"])
def test_no_file_is_long(folder: str) -> None:
    sources = [
        path for path in (TOP / folder).rglob("*.*") if path.suffix in {".py", ".js", ".css"}
    ]
    assert len(sources) > 20
    lengths = {path: len(path.read_bytes().splitlines()) for path in sources}
    assert {path.name: n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_a_file_name_has_one_meaning() -> None:
    assert same_file_names(TOP) == {}


def test_no_import_has_an_alias_that_only_dodges_a_clash() -> None:
    assert other_aliases(TOP) == []


def test_a_constant_means_the_same_wherever_its_name_stands() -> None:
    assert clashing_constants(TOP) == {}


def test_no_function_takes_six_parameters() -> None:
    assert long_parameter_lists(TOP) == []


def test_what_is_counted_is_found(tmp_path: Path) -> None:
    (tmp_path / "mapapp" / "more").mkdir(parents=True)
    (tmp_path / "mapapp" / "one.py").write_text(
        "import numpy as np\nfrom a import b as c\nMOST: int = 1\nSAME, _OWN = 'x', 1\n"
        "def many(a, b, c, d, *, e, f): ...\nclass A:\n    def few(self, b, c, d, e, f): ...\n"
    )
    (tmp_path / "mapapp" / "more" / "one.py").write_text("MOST = 2\nSAME = 'x'\n_OWN = 2\n")
    assert other_aliases(tmp_path) == ["mapapp/one.py: b as c"]
    assert clashing_constants(tmp_path) == {"MOST": {"mapapp/one.py", "mapapp/more/one.py"}}
    assert long_parameter_lists(tmp_path) == ["mapapp/one.py: many (6)"]
    assert list(same_file_names(tmp_path)) == ["one.py"]
