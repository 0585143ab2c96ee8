"""Build the area tree, the cell table and the map shapes from downloaded open data.

    python scripts/build_areas.py --sources sources --residents 100000

The same packages and the same number of residents give the same bytes.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from areas_cells import Land, all_cells, find_land, nearest_zone_at_sea, points_to_cells
from areas_files import write_areas, write_cells
from areas_merge import Ints
from areas_people import estimate_people
from areas_regions import Region, features_to_regions
from areas_report import print_report
from areas_shapes import write_shapes
from areas_sources import (
    Places,
    read_admin1,
    read_label_points,
    read_places,
    read_populations,
)
from areas_tree import make_plan, plan_to_columns

LEAST_RESIDENTS = 20_000
ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


def main() -> None:
    """Read the arguments and build everything into ``data/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, default=Path("sources"))
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--into", type=Path, default=DATA)
    chosen = parser.parse_args()
    if chosen.residents < LEAST_RESIDENTS:
        sys.exit(
            f"A zone of fewer than {LEAST_RESIDENTS:,} residents would reveal too much about its "
            "members. Give --residents a larger number."
        )
    build(chosen.sources, chosen.into, chosen.residents)


def build(sources: Path, into: Path, residents: int) -> None:
    """Build all files of the area tree.

    Args:
        sources: folder with the downloaded packages.
        into: folder in which to write ``areas/`` and ``geo/``.
        residents: least number of residents of every zone, region and country.
    """
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)

    say("reading the sources")
    regions = features_to_regions(read_admin1(sources))
    places = read_places(sources)
    say(f"assigning cells to {len(regions):,} regions")
    land = find_land(regions, places)
    say(f"estimating residents of {len(land.cell):,} land cells")
    people = estimate_people(land, regions, places, read_populations(sources))
    say("merging countries, regions and cells")
    plan = make_plan(land, people, regions, residents)
    home = rows_of_places(land, places)
    labels = read_label_points(sources)
    columns, zone_ids = plan_to_columns(plan, land, people, regions, places, home, labels)
    zone = zone_ids[plan.zone]
    say(f"finding the nearest land of cells at sea, for {len(zone_ids):,} zones")
    world = all_cells()
    everywhere = nearest_zone_at_sea(world, land, zone)
    version = write_areas(into / "areas", columns, residents)
    write_cells(into / "areas", world, everywhere)
    say(f"drawing shapes of area table {version}")
    write_shapes(into / "geo", columns, plan, land, zone, regions)
    say("checking")
    print_report(into, places, country_of_places(land, regions, places, home))


def rows_of_places(land: Land, places: Places) -> Ints:
    """Return the row of each place's land cell, -1 where there is none."""
    cells = points_to_cells(places.lat, places.lng)
    at = np.minimum(np.searchsorted(land.cell, cells), len(land.cell) - 1)
    return np.where(land.cell[at] == cells, at, -1).astype(np.int64)


def country_of_places(land: Land, regions: list[Region], places: Places, home: Ints) -> np.ndarray:
    """Return whether each place's cell lies in the country the gazetteer gives."""
    country = np.array([one.country for one in regions])
    return (home >= 0) & (country[land.region[home]] == places.country)


if __name__ == "__main__":
    main()
