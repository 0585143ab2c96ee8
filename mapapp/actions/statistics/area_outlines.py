"""The outlines of areas as Shapely geometries, from the TopoJSON that the map draws.

Of all areas of a level, for exports; of some, without reading those of all others; and which areas
a box meets.
"""

import gzip
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon

from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, REGION, WORLD, load_areas
from mapapp.domain.areas.shapes import shape_bytes, shapes_version
from mapapp.domain.published.counts import Ints
from mapapp.maps.boxes import Box, file_box
from mapapp.maps.topology import polygons_of

Points = NDArray[np.float64]

COORDINATE_DIGITS = 4  # of a degree in GeoJSON: some ten metres, finer than the outlines are
SOURCES = {
    "country": ("countries", WORLD),
    "region": ("regions", COUNTRY),
    "zone": ("zones", REGION),
}
"""For each level the kind of file, and the level of the areas that have one."""
SHAPE_FILES_KEPT = 256  # of some 2,800; each takes about 20 kB
BOXES_KEPT = 64


@lru_cache(maxsize=4)
def shapes_of(level: str) -> dict[int, MultiPolygon]:
    """Return the outline of every area of ``level`` (country, region, zone) by its id."""
    kind, parents = SOURCES[level]
    found: dict[int, MultiPolygon] = {}
    for parent in np.flatnonzero(load_areas().level == parents):
        found.update(outlines_in(shape_bytes(kind, int(parent))))
    return found


def outline_texts(outlines: Sequence[MultiPolygon]) -> list[str]:
    """Return outlines as GeoJSON writes them (RFC 7946)."""
    exact = np.array(outlines)
    rounded = shapely.transform(exact, lambda points: np.round(points, COORDINATE_DIGITS))
    wrong = ~shapely.is_valid(rounded)  # few cross themselves then; for all this would take longer
    rounded[wrong] = shapely.set_precision(exact[wrong], 10**-COORDINATE_DIGITS)
    # Either may turn rings round, and outer rings run against the clock there.
    texts: list[str] = shapely.to_geojson(shapely.orient_polygons(rounded)).tolist()
    return texts


def outlines_in(zipped: bytes) -> dict[int, MultiPolygon]:
    """Return the outlines in one file of shapes; all rings become shapes in a few calls."""
    topology = json.loads(gzip.decompress(zipped))
    arcs = _arcs(topology)
    points: list[Points] = []
    polygon_of_ring: list[int] = []
    area_of_polygon: list[int] = []
    ids: list[int] = []
    for geometry in topology["objects"]["areas"]["geometries"]:
        for rings in polygons_of(geometry):
            for ring in rings:
                points.append(_ring(ring, arcs))
                polygon_of_ring.append(len(area_of_polygon))
            area_of_polygon.append(len(ids))
        ids.append(int(geometry["id"]))
    owners = np.repeat(np.arange(len(points)), [len(ring) for ring in points])
    closed = shapely.linearrings(np.concatenate(points), indices=owners)
    polygons = shapely.polygons(closed, indices=np.array(polygon_of_ring))
    outlines = shapely.multipolygons(polygons, indices=np.array(area_of_polygon))
    wrong = ~shapely.is_valid(outlines)
    outlines[wrong] = [_mended(outline) for outline in outlines[wrong]]
    # Outer rings run against the clock, as GeoJSON asks.
    return dict(zip(ids, shapely.orient_polygons(outlines).tolist(), strict=True))


def _arcs(topology: dict[str, Any]) -> list[Points]:
    scale, move = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def _ring(indexes: list[int], arcs: list[Points]) -> Points:
    first, *others = (arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes)
    return np.concatenate([first, *(arc[1:] for arc in others)])


def _mended(outline: MultiPolygon) -> MultiPolygon:
    """Simplified borders may cross themselves: what lies within any of them is inside."""
    mended = shapely.make_valid(outline, method="structure", keep_collapsed=False)
    return MultiPolygon(shapely.get_parts(mended).tolist())


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
