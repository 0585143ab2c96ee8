"""Distances on the Earth, taken for a sphere."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088
"""Mean radius."""

Vectors = NDArray[np.float64]


def unit_vectors(lat: NDArray[np.floating[Any]], lng: NDArray[np.floating[Any]]) -> Vectors:
    """Return points on a sphere of radius 1, shape (n, 3), for degrees, shape (n,) each."""
    north, east = np.radians(lat.astype(np.float64)), np.radians(lng.astype(np.float64))
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)


def km_between(points: Vectors, others: Vectors) -> NDArray[np.float64]:
    """Return the great-circle distances between unit vectors, one by one or all from one."""
    chords = np.minimum(np.linalg.norm(points - others, axis=-1) / 2, 1)
    km: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(chords)
    return km
