"""The world as the server draws it on the page of a map: there at once, on paper, without scripts.

It is drawn as the interactive map begins, which takes its place: by the same projection, with the
same section and the same badges (``static/js/view.js``, ``static/js/cut.js``).
"""

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.maps.badges import Badge, Sizes, Spot, badges_at
from mapapp.maps.svg_paths import SMALLEST_ACROSS, Points, shape_path
from mapapp.maps.topology import Ring, decode_arcs, outer_rings

WEST, EAST, SOUTHMOST, NORTHMOST = -170.0, 178.0, -57.0, 76.0
"""Degrees: the world without the poles, which the projection enlarges."""
DRAWN_WIDTH = 1200
"""Of the drawing, in its own units."""
NEAREST = 1.0  # units; points closer than this to the one before are left out
POLE = 84.0  # degrees; nothing is drawn beyond


WIDTHS = (264, 480, 800, 1100)
"""Pixels of the section for which badges are placed. The style sheet chooses the widest that fits,
and so does the interactive map (``DRAWN_FOR`` in ``static/js/cut.js``) while it shows the whole."""
APART = 44
"""As in ``badges.Sizes``: nobody knows yet whether a finger comes."""


@dataclass(frozen=True)
class Shape:
    """The path of a country, or of all that have nobody (then ``area`` is None)."""

    path: str
    shade: int
    area: int | None = None


@dataclass(frozen=True)
class DrawnWorld:
    """What the template draws.

    Attributes:
        width, height: of the drawing, in its own units.
        shapes: of countries, those without people first and as one.
        badges: for each of ``WIDTHS``; x and y in percent.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    badges: dict[int, list[Badge]]


def drawn_world(
    areas: Areas, totals: Totals, shapes_version: str, shades: Mapping[int, int]
) -> DrawnWorld:
    """Return the drawing of a condition's numbers by country; ``shades`` are by area id."""
    ids, counts = level_counts(areas, totals, "country")
    paths = country_paths(shapes_version)
    nobody = "".join(path for area, path in paths.items() if area not in shades)
    with_people = (Shape(path, shades[a], a) for a, path in paths.items() if a in shades)
    spots = list(
        zip(
            ids.tolist(),
            *_fractions(areas.lng[ids].astype(np.float64), areas.lat[ids].astype(np.float64)),
            counts.tolist(),
            strict=True,
        )
    )
    return DrawnWorld(
        DRAWN_WIDTH,
        DRAWN_HEIGHT,
        (Shape(nobody, 0), *with_people),
        {width: _badges(spots, width) for width in WIDTHS},
    )


def _badges(spots: Sequence[Spot], width: int) -> list[Badge]:
    tall = width * DRAWN_HEIGHT / DRAWN_WIDTH
    at = [(area, x * width, y * tall, n) for area, x, y, n in spots]
    sizes = Sizes(max((n for *_, n in spots), default=1), width, APART)
    return [
        replace(
            badge,
            x=round(100 * badge.x / width, 1),
            y=round(100 * badge.y / tall, 1),
            r=round(badge.r, 1),
        )
        for badge in badges_at(at, sizes)
    ]


@lru_cache(maxsize=2)
def country_paths(_version: str) -> dict[int, str]:
    """Return the path of each country by its area id."""
    topology: dict[str, Any] = json.loads(gzip.decompress(shape_bytes("countries", 0)))
    arcs = decode_arcs(topology)
    geometries = topology["objects"]["areas"]["geometries"]
    paths = {g["id"]: _path(outer_rings(g, arcs)) for g in geometries}
    return {area: path for area, path in paths.items() if path}


def _path(rings: list[Ring]) -> str:
    seen = [ring for ring in rings if max(lat for _lng, lat in ring) >= SOUTHMOST]  # no Antarctica
    return shape_path(seen, _units, NEAREST, SMALLEST_ACROSS)


def _units(lng: Points, lat: Points) -> Points:
    x, y = _fractions(lng, lat)
    return np.column_stack((np.asarray(x) * DRAWN_WIDTH, np.asarray(y) * DRAWN_HEIGHT))


def _fractions(lng: Points, lat: Points) -> tuple[list[float], list[float]]:
    """Return where in the section degrees are: from 0 to 1, from the west and from the north."""
    x = (lng - WEST) / (EAST - WEST)
    up = np.radians(np.clip(lat, -POLE, POLE))
    y = (_NORTH_Y - np.arcsinh(np.tan(up))) / (_NORTH_Y - _SOUTH_Y)
    return x.tolist(), y.tolist()


_NORTH_Y, _SOUTH_Y = (math.asinh(math.tan(math.radians(lat))) for lat in (NORTHMOST, SOUTHMOST))
DRAWN_HEIGHT = round(DRAWN_WIDTH * (_NORTH_Y - _SOUTH_Y) / math.radians(EAST - WEST))
