"""The outlines of some areas, and which areas a box meets, without reading those of all others."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon

from mapapp.actions.statistics.export_shapes import SOURCES, outline_texts, outlines_in
from mapapp.domain.areas.area_tree import LEVELS, load_areas
from mapapp.domain.areas.shapes import shape_bytes, shapes_version
from mapapp.domain.published.counts import Ints
from mapapp.maps.boxes import Box, file_box

SHAPE_FILES_KEPT = 256  # of some 2,800; each takes about 20 kB
BOXES_KEPT = 64


def outlines_of(level: str, ids: Ints) -> list[MultiPolygon]:
    """Return the outlines of some areas of ``level`` (country, region, zone), in their order."""
    kind, _parents = SOURCES[level]
    found: dict[int, MultiPolygon] = {}
    for parent in np.unique(load_areas().parent[ids]):
        found |= _in_file(kind, int(parent), shapes_version())
    return [found[area] for area in ids.tolist()]


def geojson_of(level: str, ids: Ints) -> list[str]:
    """Return the outlines of some areas of ``level`` as GeoJSON writes them."""
    return outline_texts(outlines_of(level, ids)) if len(ids) else []


@lru_cache(maxsize=BOXES_KEPT)
def areas_meeting(level: str, box: Box, _version: str) -> Ints:
    """Return the areas of ``level`` whose outlines meet ``box``, ascending.

    Files of shapes that lie inside the box or beside it are not read.

    Args:
        level: country, region or zone.
        box: where to look.
        _version: that of the shapes, so that nothing older is returned.
    """
    areas = load_areas()
    kind, parents = SOURCES[level]
    files = np.flatnonzero(areas.level == parents)
    sides = _sides(kind, shapes_version())
    pieces = _pieces(box)
    inside = np.any([_holds(piece, sides) for piece in pieces], axis=0)
    beside = ~np.any([_meets(piece, sides) for piece in pieces], axis=0)
    met = np.isin(areas.parent, files[inside]) & (areas.level == LEVELS.index(level))
    window = shapely.union_all([shapely.box(*piece) for piece in pieces])
    shapely.prepare(window)
    for parent in files[~inside & ~beside].tolist():
        outlines = _in_file(kind, parent, shapes_version())
        ids = np.array(list(outlines))
        met[ids] = shapely.intersects(window, list(outlines.values()))
    return np.flatnonzero(met)


@lru_cache(maxsize=SHAPE_FILES_KEPT)
def _in_file(kind: str, parent: int, _version: str) -> dict[int, MultiPolygon]:
    return outlines_in(shape_bytes(kind, parent))


@lru_cache(maxsize=len(SOURCES))
def _sides(kind: str, _version: str) -> NDArray[np.float64]:
    """Return west, south, east and north of each file of a kind, shape (files, 4)."""
    parents = dict(SOURCES.values())[kind]
    files = np.flatnonzero(load_areas().level == parents).tolist()
    return np.array([file_box(kind, parent) for parent in files])


def _pieces(box: Box) -> list[Box]:
    west, south, east, north = box
    if west <= east:
        return [box]
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


def _holds(piece: Box, sides: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = piece
    low = (sides[:, 0] >= west) & (sides[:, 1] >= south)
    return np.asarray(low & (sides[:, 2] <= east) & (sides[:, 3] <= north))


def _meets(piece: Box, sides: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = piece
    low = (sides[:, 2] >= west) & (sides[:, 3] >= south)
    return np.asarray(low & (sides[:, 0] <= east) & (sides[:, 1] <= north))
