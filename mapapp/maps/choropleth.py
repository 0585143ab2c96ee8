"""Countries of the world, or regions of one country, shaded by their numbers: drawn by the server.

As a statistic it has no badges. It is there without scripts, and on paper.
"""

import gzip
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import WORLD, Areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.domain.published.counts import Totals
from mapapp.domain.published.rates import rates_of
from mapapp.errors import NotFoundError
from mapapp.maps.drawn_world import DRAWN_HEIGHT, DRAWN_WIDTH, Shape, country_paths
from mapapp.maps.palette import Scale, number_scale, rate_scale
from mapapp.maps.shading import BY_RATE
from mapapp.maps.svg_paths import Points, shape_path
from mapapp.maps.topology import Ring, decode_arcs, outer_rings

WIDEST, HIGHEST = 960, 820
"""Units of the drawing of a country, which fills one of both."""
SAME_POINT = 0.5  # units: of points that round to the same one, one stays
MARK_ACROSS = 7.0  # units across; what is smaller gets a mark of this size
AROUND = 360
ISLANDS_NEAR = 0.25
"""So much of a country's width and height may islands be away from it to be in the drawing."""
KEPT_OUTLINES = 64  # countries whose outlines are kept in each process, 20 kB each

Box = tuple[Points, Points]
"""The least and the greatest of both coordinates."""


@dataclass(frozen=True)
class Outlines:
    """The paths of areas, by their ids, in a drawing of ``width`` and ``height`` units."""

    width: int
    height: int
    paths: dict[int, str]


@dataclass(frozen=True)
class Choropleth:
    """What the template draws.

    Attributes:
        width, height: of the drawing, in its own units.
        shapes: of areas: those without people as one, whose ``area`` is None; those with too few
            for a rate have the shade 0.
        scale: of the shades.
        has_rates: whether any area has enough people for a rate.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    scale: Scale
    has_rates: bool

    @property
    def has_few(self) -> bool:
        """Whether there is an area with too few people for a rate."""
        return any(shape.area is not None and not shape.shade for shape in self.shapes)


def choropleth(
    areas: Areas, totals: Totals, under: int, by: str, shapes_version: str
) -> Choropleth | None:
    """Return the drawing of the parts of an area; None where there are no outlines of two or more.

    Args:
        areas: the area tree.
        totals: the condition's public numbers.
        under: the world, or a country.
        by: ``shading.BY_NUMBER`` or ``BY_RATE``.
        shapes_version: of the outlines.
    """
    drawn = _outlines(areas, under, shapes_version)
    if len(drawn.paths) < 2:
        return None
    parts = areas.children(under).astype(np.int64)
    ids = parts[totals.by_area[parts] > 0]
    counts = totals.by_area[ids]
    rates = rates_of(counts, told_residents(areas)[ids])
    scale = rate_scale(rates) if by == BY_RATE else number_scale(max(counts.tolist(), default=1))
    values = (rates if by == BY_RATE else counts).tolist()
    shades = {area: scale.shade(n) for area, n in zip(ids.tolist(), values, strict=True)}
    nobody = "".join(path for area, path in drawn.paths.items() if area not in shades)
    there = (Shape(path, shades[a], a) for a, path in drawn.paths.items() if a in shades)
    shapes = (Shape(nobody, 0), *there)
    return Choropleth(drawn.width, drawn.height, shapes, scale, bool(rates.any()))


def _outlines(areas: Areas, under: int, version: str) -> Outlines:
    if areas.level[under] == WORLD:
        return Outlines(DRAWN_WIDTH, DRAWN_HEIGHT, country_paths(version))
    return region_outlines(under, float(areas.lng[under]), version)


@lru_cache(maxsize=KEPT_OUTLINES)
def region_outlines(country: int, middle: float, _version: str) -> Outlines:
    """Return the outlines of a country's regions, none where it was not cut into any.

    Args:
        country: its id.
        middle: degrees of longitude around which it lies, so that none is cut by the 180th.
    """
    rings = _rings(country, middle)
    if not rings:
        return Outlines(WIDEST, HIGHEST, {})
    (west, north), (east, south) = _frame(list(rings.values()))
    wide, high = east - west, south - north
    scale = min(WIDEST / wide, HIGHEST / high)

    def _units(lng: Points, lat: Points) -> Points:
        moved: Points = (_flat(lng, lat) - (west, north)) * scale
        return moved

    paths = {
        area: shape_path(part, _units, SAME_POINT, MARK_ACROSS) for area, part in rings.items()
    }
    size = (math.ceil(wide * scale), math.ceil(high * scale))
    return Outlines(*size, {area: path for area, path in paths.items() if path})


def _rings(country: int, middle: float) -> dict[int, list[Ring]]:
    try:
        topology: dict[str, Any] = json.loads(gzip.decompress(shape_bytes("regions", country)))
    except NotFoundError:
        return {}
    arcs = decode_arcs(topology)
    return {
        geometry["id"]: [_beside(ring, middle) for ring in outer_rings(geometry, arcs)]
        for geometry in topology["objects"]["areas"]["geometries"]
    }


def _beside(ring: Ring, middle: float) -> Ring:
    """Return the ring on the side of the 180th meridian on which its country is."""
    turns = round((_mean(lng for lng, _lat in ring) - middle) / AROUND)
    return [(lng - turns * AROUND, lat) for lng, lat in ring]


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _frame(parts: list[list[Ring]]) -> Box:
    """Return the corners of what is drawn, north-west and south-east.

    That is the largest island of each region, and all that is not far off: Shetland, but not Easter
    Island, for which Chile would be a thin line.
    """
    boxes = [[_box(ring) for ring in part] for part in parts]
    least, most = _around([max(part, key=_size) for part in boxes])
    beside = ISLANDS_NEAR * (most - least)
    every = [box for part in boxes for box in part]
    return _around([box for box in every if _is_inside(box, least - beside, most + beside)])


def _box(ring: Ring) -> Box:
    points = _flat(*np.array(ring).T)
    return points.min(axis=0), points.max(axis=0)


def _size(box: Box) -> float:
    return float(np.prod(box[1] - box[0]))


def _around(boxes: list[Box]) -> Box:
    corners = np.array(boxes)
    return corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)


def _is_inside(box: Box, least: Points, most: Points) -> bool:
    return bool((box[0] >= least).all() and (box[1] <= most).all())


def _flat(lng: Points, lat: Points) -> Points:
    """Return points on Mercator's map, as the world is drawn: east and south from its middle."""
    return np.column_stack((np.radians(lng), -np.arcsinh(np.tan(np.radians(lat)))))
