"""Print mapapp's rooms with their files and lines, and the imports between them."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rooms_counts import clashing_constants, long_parameter_lists, other_aliases
from rooms_house import FLOORS, House, circles, read_house

TOP = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print the table or, with --json, the same as a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", nargs="?", type=Path, default=TOP, help="Default: this one.")
    parser.add_argument("--json", action="store_true", help="For programs.")
    asked = parser.parse_args()
    found = summary(read_house(asked.checkout), asked.checkout)
    print(json.dumps(found, indent=2) if asked.json else "\n".join(table(found)))
    sys.exit(1 if found["against the order"] or found["circles"] else 0)


def summary(house: House, checkout: Path) -> dict[str, Any]:
    """Return the figures as plain values."""
    between = [arrow for arrow in house.arrows if house.is_between_rooms(arrow)]
    longest = max(house.files.values(), key=lambda file: file.lines)
    fullest, most = Counter(house.places()).most_common(1)[0]
    return {
        "rooms": {
            room: {floor: house.size(floor, room) for floor in FLOORS if house.size(floor, room)[0]}
            for room in house.rooms
        },
        "flat floors": {floor: house.size(floor, "") for floor in house.flat_floors()},
        "files": len(house.files),
        "lines": sum(file.lines for file in house.files.values()),
        "arrows between files": len(house.arrows),
        "arrows between rooms": len(between),
        "against the order": [" -> ".join(arrow) for arrow in house.against_order()],
        "circles": circles(house.arrows),
        "longest file": [longest.path, longest.lines],
        "fullest room": [fullest, most],
        "import aliases besides the usual": len(other_aliases(checkout)),
        "constants of one name with different values": len(clashing_constants(checkout)),
        "functions with six or more parameters": len(long_parameter_lists(checkout)),
    }


def table(found: dict[str, Any]) -> Iterator[str]:
    """Return the lines that people read of what ``summary`` found."""
    yield f"{'room':14}" + "".join(f"{floor:>16}" for floor in FLOORS)
    for room, floors in found["rooms"].items():
        yield f"{room:14}" + "".join(f"{_size(floors.get(floor)):>16}" for floor in FLOORS)
    yield "flat floors   " + ", ".join(
        f"{floor}: {_size(size)}" for floor, size in found["flat floors"].items()
    )
    yield "Each: files besides __init__.py, and lines."
    yield ""
    for name, value in found.items():
        if name in {"rooms", "flat floors"}:
            continue
        if isinstance(value, int):
            yield f"{name}: {value:,}"
        elif name in {"longest file", "fullest room"}:
            yield f"{name}: {value[0]} ({value[1]})"
        else:
            yield f"{name}: {len(value)}"
            yield from (f"    {one}" for one in value)


def _size(size: list[int] | None) -> str:
    return f"{size[0]} / {size[1]:,}" if size else ""


if __name__ == "__main__":
    main()
