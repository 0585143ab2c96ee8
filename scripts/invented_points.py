"""A file of people near towns, the same each time, for what measures imports.

Usage: scripts/invented_points.py FILE ROWS
"""

import csv
import random
import sys
from pathlib import Path

import numpy as np

from mapapp.domain.areas.gazetteer import load_towns


def write_points(path: Path, rows: int) -> Path:
    """Write ``rows`` people to ``path``, and return it."""
    source, towns = random.Random(1), load_towns()  # noqa: S311
    large = np.flatnonzero(towns.populations > 10_000)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("lat", "lng", "pseudonym", "role", "languages"))
        for row in source.choices(large, k=rows):
            lat = towns.lats[row] + source.uniform(-0.05, 0.05)
            lng = towns.lngs[row] + source.uniform(-0.05, 0.05)
            out.writerow((f"{lat:.5f}", f"{lng:.5f}", "Calm Heron", "self", "en"))
    return path


if __name__ == "__main__":
    write_points(Path(sys.argv[1]), int(sys.argv[2]))
