"""Bounding boxes of files of shapes, which tell the browser which files may hold a point.

The outlines of countries and regions are simplified and lack small islands. The zone files hold
every land cell, so their boxes are complete.
"""

import math
import re
import zlib
from functools import lru_cache

import numpy as np

from mapapp.domain.areas.area_tree import REGION, Areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.errors import N_, DataError

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees. West of a box across the antimeridian is the larger."""
BEGINNING = 400  # bytes; the box is near the start of a file
BOX = re.compile(rb'"bbox":\[([-\d.,\s]+)\]')


@lru_cache(maxsize=1)
def region_boxes(areas: Areas) -> dict[str, list[float] | list[int]]:
    """Return the regions' ids, and the west, south, east and north of each in one flat list.

    Raises:
        DataError: when a file of zone shapes has no box.
    """
    ids = [int(i) for i in np.flatnonzero(areas.level == REGION)]
    boxes = [side for region in ids for side in file_box("zones", region)]
    return {"ids": ids, "boxes": boxes}


def file_box(kind: str, area: int) -> list[float]:
    """Return the west, south, east and north of the shapes in a file, in degrees.

    Args:
        kind: as of ``shape_bytes``.
        area: whose parts are in the file.

    Raises:
        DataError: when the file has no box.
    """
    # 31: gzip with the largest window. Only the first bytes are decompressed.
    start = zlib.decompressobj(31).decompress(shape_bytes(kind, area), BEGINNING)
    found = BOX.search(start)
    if found is None:
        raise DataError(N_("A file of shapes has no box. Run scripts/build_areas.py."))
    west, south, east, north = (100 * float(side) for side in found.group(1).split(b","))
    # Rounded outwards to hundredths of a degree, so that no point is lost.
    return [
        math.floor(west) / 100,
        math.floor(south) / 100,
        math.ceil(east) / 100,
        math.ceil(north) / 100,
    ]
