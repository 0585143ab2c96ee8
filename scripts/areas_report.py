"""Check what was built, and report its quality."""

import hashlib
import sys
from pathlib import Path

import numpy as np
from areas_sources import Places

from mapapp.domain.areas.area_check import verify_areas
from mapapp.domain.areas.area_tree import read_areas
from mapapp.domain.areas.locate import read_cells

LEAST_ACCURACY = 0.995
"""Share of GeoNames places that must fall into their own country."""


def print_report(into: Path, places: Places, right: np.ndarray) -> None:
    """Print figures, accuracy and checksums.

    Args:
        into: the data folder that was written.
        places: the gazetteer.
        right: whether each place lies in the country the gazetteer gives, shape (n,).

    Raises:
        SystemExit: when something is wrong.
    """
    report = verify_areas(
        read_areas(into / "areas" / "areas.npz"), read_cells(into / "areas" / "cells.npz")
    )
    for name, value in report.figures.items():
        print(f"{name:>24}  {value:,}")
    print(f"{'places':>24}  {len(right):,}")
    print(f"{'in_the_right_country':>24}  {right.mean():.4%}")
    for code in np.unique(places.country[~right]).tolist():
        wrong = int((~right & (places.country == code)).sum())
        if wrong > 0.01 * (places.country == code).sum():
            print(f"{'':>24}  {code}: {wrong} places elsewhere")
    for file in ("areas/areas.npz", "areas/cells.npz", "geo/shapes.zip"):
        content = (into / file).read_bytes()
        print(f"{file:>24}  {len(content):,} bytes  sha256 {hashlib.sha256(content).hexdigest()}")
    for fault in report.faults:
        print(f"FAULT: {fault}")
    if report.faults or right.mean() < LEAST_ACCURACY:
        sys.exit("Do not use the table that was written.")
