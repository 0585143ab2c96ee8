"""Outlines of areas for exports: the TopoJSON that the map draws, as Shapely geometries."""

import gzip
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from mapapp.domain.areas import COUNTRY, REGION, WORLD, load_areas
from mapapp.domain.shapes import shape_bytes
from mapapp.maps.topology import Ring, decode_arcs, join_ring, polygons_of

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
        found.update(_outlines(shape_bytes(kind, int(parent))))
    return found


def _outlines(zipped: bytes) -> Iterator[tuple[int, MultiPolygon]]:
    topology = json.loads(gzip.decompress(zipped))
    arcs = decode_arcs(topology)
    for geometry in topology["objects"]["areas"]["geometries"]:
        outline = _outline(geometry, arcs)
        if outline is not None:
            yield int(geometry["id"]), outline


def _outline(geometry: dict[str, Any], arcs: list[Ring]) -> MultiPolygon | None:
    polygons = []
    for part in polygons_of(geometry):
        rings = [ring for ring in (join_ring(r, arcs) for r in part) if len(ring) >= 4]
        if rings:
            polygons.append(Polygon(rings[0], rings[1:]))
    if not polygons:
        return None
    # Simplified borders may touch themselves; mended ones may hold lines, which are no area.
    made = shapely.make_valid(MultiPolygon(polygons))
    pieces = [p for p in _flat(made) if isinstance(p, Polygon)]
    # Outer rings run against the clock, as GeoJSON asks.
    return MultiPolygon(shapely.orient_polygons(pieces).tolist())


def _flat(geometry: Any) -> list[Any]:
    parts = shapely.get_parts(geometry).tolist()
    return parts if len(parts) < 2 else [piece for part in parts for piece in _flat(part)]
