"""The boxes around the zones of each region: they say in which files to look for a point.

Drawn countries and regions are simplified, and small islands fall out of them; the zones' files
hold every land cell, and their boxes with them.
"""

import math
import re
import zlib
from functools import lru_cache

import numpy as np

from mapapp.domain.areas import REGION, Areas
from mapapp.domain.shapes import shape_bytes
from mapapp.errors import DataError

BEGINNING = 400  # bytes; the box stands at the beginning of a file
BOX = re.compile(rb'"bbox":\[([-\d.,\s]+)\]')


@lru_cache(maxsize=1)
def region_boxes(areas: Areas) -> dict[str, list[float] | list[int]]:
    """Return the regions' ids, and west, south, east, north of each in one row of numbers."""
    ids = [int(i) for i in np.flatnonzero(areas.level == REGION)]
    boxes = [side for region in ids for side in _box(region)]
    return {"ids": ids, "boxes": boxes}


def _box(region: int) -> list[float]:
    # 31: gzip, the largest window; only the first bytes are unpacked.
    start = zlib.decompressobj(31).decompress(shape_bytes("zones", region), BEGINNING)
    found = BOX.search(start)
    if found is None:
        raise DataError("A file of zone shapes has no box. Run scripts/build_areas.py.")
    west, south, east, north = (100 * float(side) for side in found.group(1).split(b","))
    # Outwards to hundredths of a degree, so that no point falls out by rounding.
    return [
        math.floor(west) / 100,
        math.floor(south) / 100,
        math.ceil(east) / 100,
        math.ceil(north) / 100,
    ]
