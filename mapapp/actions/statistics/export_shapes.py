"""Outlines of areas for exports: the TopoJSON that the map draws, as Shapely geometries."""

import gzip
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD, load_areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.maps.topology import polygons_of

Points = NDArray[np.float64]

COORDINATE_DIGITS = 4  # of a degree in GeoJSON: some ten metres, finer than the outlines are
SOURCES = {
    "country": ("countries", WORLD),
    "region": ("regions", COUNTRY),
    "zone": ("zones", REGION),
}
"""For each level the kind of file, and the level of the areas that have one."""


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
    # Rounding turns rings round, and outer rings run against the clock there.
    rounded = shapely.set_precision(outlines, 10**-COORDINATE_DIGITS)
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
    """Simplified borders may touch themselves; mended ones may hold lines, which are no area."""
    pieces = _flat(shapely.make_valid(outline))
    return MultiPolygon([piece for piece in pieces if isinstance(piece, Polygon)])


def _flat(geometry: Any) -> list[Any]:
    parts = shapely.get_parts(geometry).tolist()
    return parts if len(parts) < 2 else [piece for part in parts for piece in _flat(part)]
