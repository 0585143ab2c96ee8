"""Build data/areas/iso_codes.json: which codes of countries and regions are in ISO 3166 today.

    python scripts/build_iso_codes.py --sources DIR

DIR holds the wheel ``pycountry``, from which only the codes are read. The same wheel gives the same
bytes.
"""

import argparse
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packed_arrays import only_wheel

from mapapp.domain.areas.iso_codes import ISO_FILE

COUNTRIES = "pycountry/databases/iso3166-1.json"
REGIONS = "pycountry/databases/iso3166-2.json"
EDITIONS = {
    "26.2.16": "ISO 3166 as of February 2026 (Debian iso-codes 4.20, from pycountry 26.2.16)",
}
"""How exports name what a version of the package holds. A new version needs a line here."""

GIVEN_AWAY = {
    "IR": [*(f"IR-{number:02}" for number in range(1, 27) if number != 9), "IR-28", "IR-30"],
    "MA": [f"MA-{number:02}" for number in range(1, 13)],
}
"""Codes that our area table has from before ISO gave them to other regions.

IR-07 was Tehran and is Fars since 2020; MA-08 was Casablanca and is Drâa-Tafilalet since 2015. They
are in the standard, and yet ours are not the standard's.
"""


def read_codes(wheel: Path) -> dict[str, Any]:
    """Return what the file holds: the edition, codes of countries and codes of regions.

    Raises:
        SystemExit: if this version of the package has no name for its edition.
    """
    version = wheel.name.split("-")[1]
    if version not in EDITIONS:
        raise SystemExit(f"Name the edition that pycountry {version} has, in EDITIONS.")
    with zipfile.ZipFile(wheel) as archive:
        countries = json.loads(archive.read(COUNTRIES))["3166-1"]
        regions = json.loads(archive.read(REGIONS))["3166-2"]
    return {
        "edition": EDITIONS[version],
        "alpha_3": {row["alpha_2"]: row["alpha_3"] for row in countries},
        "given_away": GIVEN_AWAY,
        "regions": _by_country(row["code"] for row in regions),
    }


def _by_country(codes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(code[:2], []).append(code)
    return found


def main() -> None:
    """Write the file, one country a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    found = read_codes(only_wheel(parser.parse_args().sources, "pycountry"))
    ISO_FILE.write_text(written(found), encoding="utf-8")
    print(f"{ISO_FILE}: {sum(map(len, found['regions'].values())):,} codes of regions")


def written(found: dict[str, Any]) -> str:
    """Return the words of the file: JSON with a line for each country."""
    parts = []
    for name, value in sorted(found.items()):
        if isinstance(value, dict):
            rows = (f"  {json.dumps(key)}: {json.dumps(value[key])}" for key in sorted(value))
            parts.append(f" {json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n }")
        else:
            parts.append(f" {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
