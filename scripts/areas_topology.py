"""Write polygons as TopoJSON: shared borders once, whole-number coordinates on one fixed grid.

We use a writer of our own because we need little, and the grid must be the same in every file, so
that a border is the same line in each.
"""

import json
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

GRID = 10_000
"""Grid steps per degree: 1e-4 degree, 11 m at most."""
ORIGIN = (-180, -90)

Point = tuple[int, int]
Line = tuple[Point, ...]


@dataclass
class _Arcs:
    """The arcs written so far, each identified by its points in its first direction."""

    lines: list[Line] = field(default_factory=list)
    index: dict[Line, int] = field(default_factory=dict)

    def add(self, line: Line) -> int:
        """Return the arc's index, or its complement (~index) if the reversed arc is known."""
        if line in self.index:
            return self.index[line]
        backwards = line[::-1]
        if backwards in self.index:
            return ~self.index[backwards]
        self.index[line] = len(self.lines)
        self.lines.append(line)
        return self.index[line]


def shapes_to_topojson(
    shapes: list[shapely.Geometry], ids: list[int], names: list[str], grid: int = GRID
) -> bytes:
    """Return a TopoJSON document with one geometry per shape in the object "areas".

    Args:
        shapes: polygons or multipolygons in degrees; shared borders have the same vertices.
        ids, names: area id and name of each.
        grid: grid steps per degree.

    Returns:
        UTF-8 bytes with ``bbox``, a quantised ``transform`` and delta-encoded arcs. The same input
        gives the same bytes.
    """
    polygons = [_rings(shape, grid) for shape in shapes]
    junctions = _junctions(polygons)
    arcs = _Arcs()
    geometries = [
        {
            "type": "MultiPolygon",
            "id": number,
            "properties": {"name": name},
            "arcs": [
                [_ring_to_arcs(ring, junctions, arcs) for ring in polygon] for polygon in rings
            ],
        }
        for rings, number, name in zip(polygons, ids, names, strict=True)
    ]
    document = {
        "type": "Topology",
        "bbox": _box(arcs.lines, grid),
        "transform": {"scale": [1 / grid, 1 / grid], "translate": list(ORIGIN)},
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_deltas(line) for line in arcs.lines],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _rings(shape: shapely.Geometry, grid: int) -> list[list[Line]]:
    """Return polygons as lists of closed rings on the grid, without rings that collapse."""
    polygons = []
    for polygon in shapely.get_parts(shape):
        outer = _ring(polygon.exterior, grid)
        if outer:
            inner = [_ring(ring, grid) for ring in polygon.interiors]
            polygons.append([outer, *(ring for ring in inner if ring)])
    return polygons


def _ring(ring: shapely.LinearRing, grid: int) -> Line:
    """Return a closed ring on the grid; empty when fewer than three points are left."""
    points = np.rint((shapely.get_coordinates(ring) - ORIGIN) * grid).astype(np.int64)
    moved = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    points = points[moved]
    return tuple(map(tuple, points.tolist())) if len(points) > 3 else ()


def _junctions(polygons: list[list[list[Line]]]) -> set[Point]:
    """Return the points where borders meet: those with more than two different neighbours."""
    beside: dict[Point, set[Point]] = {}
    for rings in polygons:
        for polygon in rings:
            for ring in polygon:
                for here, there in pairwise(ring):
                    beside.setdefault(here, set()).add(there)
                    beside.setdefault(there, set()).add(here)
    return {point for point, others in beside.items() if len(others) > 2}


def _ring_to_arcs(ring: Line, junctions: set[Point], arcs: _Arcs) -> list[int]:
    """Return a ring cut at its junctions; without any, it is one arc from its smallest point."""
    points = ring[:-1]
    cuts = [at for at, point in enumerate(points) if point in junctions]
    start = cuts[0] if cuts else points.index(min(points))
    turned = points[start:] + points[: start + 1]
    ends = [at for at, point in enumerate(turned) if point in junctions] or [0, len(points)]
    return [arcs.add(turned[here : there + 1]) for here, there in pairwise(ends)]


def _deltas(line: Line) -> list[list[int]]:
    """Return the first point and the steps to the following ones."""
    points = np.array(line)
    return np.vstack([points[:1], np.diff(points, axis=0)]).tolist()


def _box(lines: list[Line], grid: int) -> list[float]:
    """Return west, south, east, north of all arcs."""
    points = np.concatenate([np.array(line) for line in lines]) / grid + ORIGIN
    west, south = points.min(axis=0).tolist()
    east, north = points.max(axis=0).tolist()
    return [round(value, 6) for value in (west, south, east, north)]
