"""Paths of SVG from the rings of shapes."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mapapp.maps.topology import Ring

Points = NDArray[np.float64]
SMALLEST_ACROSS = 6.0  # units of a drawing; what is smaller gets a mark: most are islands
Projection = Callable[[Points, Points], Points]
"""Pixels, shape (n, 2), for longitudes and latitudes in degrees."""

SMALLEST_RING = 4
"""Square pixels; a smaller ring is not drawn."""


def ring_path(ring: Ring, project: Projection, nearest: float, digits: int = 0) -> str:
    """Return a ring as a path that is closed; '' for one too small to be seen.

    Args:
        ring: (lng, lat) in degrees.
        project: gives pixels.
        nearest: points closer than this to the one before are left out, in pixels.
        digits: decimals of the pixels.
    """
    points = np.asarray(ring, dtype=np.float64)
    pixels = np.round(project(points[:, 0], points[:, 1]), digits)
    if _size(pixels) < SMALLEST_RING:
        return ""
    moved = np.vstack(
        (pixels[:1], pixels[1:][np.abs(np.diff(pixels, axis=0)).max(axis=1) > nearest])
    )
    steps = np.round(np.diff(moved, axis=0), digits)
    line = "".join(_pair(dx, dy) for dx, dy in steps.tolist())
    return f"M{moved[0][0]:g} {moved[0][1]:g}l{line.lstrip()}z" if len(steps) > 1 else ""


def shape_path(
    rings: Sequence[Ring], project: Projection, nearest: float, mark: float, digits: int = 0
) -> str:
    """Return the outlines of a country as one path; where they are too small, a mark: a disc.

    Args:
        rings: the outer ones.
        project, nearest, digits: as for ``ring_path``.
        mark: pixels across; what is smaller than this gets a mark of this size.
    """
    if not rings:
        return ""
    points = np.asarray(max(rings, key=len), dtype=np.float64)
    pixels = project(points[:, 0], points[:, 1])
    if np.ptp(pixels, axis=0).max() < mark:
        (x, y), r = pixels.mean(axis=0).tolist(), mark / 2
        return f"M{x - r:.1f} {y:.1f}a{r:g} {r:g} 0 1 0 {mark:g} 0a{r:g} {r:g} 0 1 0-{mark:g} 0"
    return "".join(ring_path(ring, project, nearest, digits) for ring in rings)


def _pair(dx: float, dy: float) -> str:
    return f" {dx:g}{' ' if dy >= 0 else ''}{dy:g}"


def _size(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
