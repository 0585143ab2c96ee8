"""Outlines of H3 cells on a flat map, split at 180 degrees; neighbours share their vertices."""

import numpy as np
import shapely
from areas_merge import Cells
from h3ronpy.vector import cells_to_wkb_polygons

GRID_SIZE = 1e-4
"""Degrees. Vertices are rounded to the files' grid, because two cells compute a common vertex with
tiny differences."""


def cells_to_shape(cells: Cells) -> shapely.Geometry:
    """Return the exact union of cells as a (multi)polygon within -180 to 180 degrees.

    Args:
        cells: H3 indexes of one resolution, uint64.
    """
    polygons = shapely.from_wkb(np.asarray(cells_to_wkb_polygons(cells), dtype=object))
    west, east = shapely.bounds(polygons)[:, [0, 2]].T
    split = (east - west > 180) | (east > 180) | (west < -180)
    pieces = [polygons[~split], *(_split(polygon) for polygon in polygons[split])]
    snapped = shapely.transform(np.concatenate(pieces), _snap)
    whole = shapely.coverage_union_all(snapped)
    return shapely.geometrycollections(whole) if shapely.is_empty(whole) else whole


def _snap(points: np.ndarray) -> np.ndarray:
    return np.rint(points / GRID_SIZE) * GRID_SIZE


def _split(polygon: shapely.Polygon) -> np.ndarray:
    """Return the parts of a cell that crosses 180 degrees or holds a pole."""
    points = shapely.get_coordinates(polygon)[:-1]
    lng = points[:, 0] % 360
    turns = np.round(np.sum((np.diff(np.r_[lng, lng[0]]) + 180) % 360 - 180) / 360)
    if turns:
        return np.array([_polar_cap(points)])
    east = shapely.Polygon(np.column_stack([lng, points[:, 1]]))
    halves = [
        shapely.intersection(east, shapely.box(0, -90, 180, 90)),
        shapely.transform(
            shapely.intersection(east, shapely.box(180, -90, 360, 90)), lambda xy: xy - [360, 0]
        ),
    ]
    parts = shapely.get_parts(halves)
    return parts[shapely.area(parts) > 0]


def _polar_cap(points: np.ndarray) -> shapely.Polygon:
    """Return a cell that holds a pole as the area between its outline and the map's edge."""
    points = points[np.argsort(points[:, 0])]
    pole = 90.0 if points[0, 1] > 0 else -90.0
    ends = points[[-1, 0]] + np.array([[0.0, 0.0], [360.0, 0.0]])
    share = (180 - ends[0, 0]) / (ends[1, 0] - ends[0, 0])
    edge = ends[0, 1] + share * (ends[1, 1] - ends[0, 1])
    return shapely.Polygon(
        [(-180, pole), (-180, edge), *map(tuple, points.tolist()), (180, edge), (180, pole)]
    )
