"""Reads and trims TopoJSON, only in the quantised form that ``domain/areas/shapes.py`` serves."""

from collections.abc import Collection
from typing import Any

Point = tuple[float, float]
Ring = list[Point]


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs as lists of (lng, lat)."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x += dx
            y += dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)
    return arcs


def outer_rings(geometry: dict[str, Any], arcs: list[Ring]) -> list[Ring]:
    """Return the outer ring of each polygon of ``geometry``; holes are left out."""
    return [join_ring(polygon[0], arcs) for polygon in polygons_of(geometry)]


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of ``geometry``, each a list of rings, each a list of arc numbers."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["arcs"])
    return []


def join_ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    """Return the points of a ring joined from arcs; ``~i`` is arc ``i`` reversed."""
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def only_areas(topology: dict[str, Any], wanted: Collection[int]) -> dict[str, Any]:
    """Return the topology with only the areas in ``wanted`` and the arcs that they use."""
    kept = [g for g in topology["objects"]["areas"]["geometries"] if g["id"] in wanted]
    numbers: dict[int, int] = {}
    geometries = [_renumbered(geometry, numbers) for geometry in kept]
    return {
        **topology,
        "arcs": [topology["arcs"][old] for old in numbers],
        "objects": {"areas": {**topology["objects"]["areas"], "geometries": geometries}},
    }


def _renumbered(geometry: dict[str, Any], numbers: dict[int, int]) -> dict[str, Any]:
    def new(index: int) -> int:
        old = index if index >= 0 else ~index
        number = numbers.setdefault(old, len(numbers))
        return number if index >= 0 else ~number

    polygons = [[[new(i) for i in ring] for ring in polygon] for polygon in polygons_of(geometry)]
    if not polygons:
        return geometry
    arcs = polygons[0] if geometry["type"] == "Polygon" else polygons
    return {**geometry, "arcs": arcs}
