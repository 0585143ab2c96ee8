"""The region of each H3 cell of resolution 6 on land, and the nearest land of cells at sea."""

from dataclasses import dataclass

import h3
import numpy as np
import shapely
from areas_merge import Cells, Floats, Ints, unit_vectors
from areas_regions import Region
from areas_sources import Places
from h3ronpy import cells_area_km2, change_resolution
from h3ronpy.vector import cells_to_coordinates, coordinates_to_cells, geometry_to_cells
from scipy.spatial import cKDTree

RESOLUTION = 6
REACH_KM = 200.0
FOREIGN_KM = 100.0
"""A place on land this far from its own country's land is a base abroad: the land decides."""
EARTH_KM = 6371.0088
SHORE_STEP = 0.02
"""Degrees between points along a coastline; well under the width of a cell (about 0.06)."""
POLAR = -80.0
"""South of this, polygons that surround the pole cannot be filled on a flat map."""


@dataclass(frozen=True)
class Land:
    """Land cells in ascending order, one per position.

    Attributes:
        cell: H3 indexes, uint64.
        region: position in the list of regions, int64.
        where: unit vector of the centre, shape (n, 3).
        lat, lng: centre, degrees.
        km2: area, float64.
    """

    cell: Cells
    region: Ints
    where: Floats
    lat: Floats
    lng: Floats
    km2: Floats


def find_land(regions: list[Region], places: Places) -> Land:
    """Return the land cells, each assigned to one region.

    A cell belongs to the region that contains its centre. If it contains places, it goes to the
    country of most of their people, and there to the nearest region. Cells with their centre at
    sea are added if they contain a place or a stretch of shore.
    """
    cell, region = _first_of_each(*_cells_inside(regions))
    cell, region = _add_missing(cell, region, *_cells_on_shores(regions))
    cell, region = _settle_by_places(cell, region, regions, places)
    order = np.argsort(cell)
    cell, region = cell[order], region[order]
    lat, lng = cell_centres(cell)
    km2 = np.asarray(cells_area_km2(cell), dtype=np.float64)
    return Land(cell, region, unit_vectors(lat, lng), lat, lng, km2)


def points_to_cells(lat: Floats, lng: Floats) -> Cells:
    """Return the resolution-6 cell of each point, uint64."""
    return np.asarray(coordinates_to_cells(lat, lng, RESOLUTION), dtype=np.uint64)


def cell_centres(cells: Cells) -> tuple[Floats, Floats]:
    """Return the centres of cells: lat, lng in degrees."""
    batch = cells_to_coordinates(cells)
    return np.asarray(batch["lat"], dtype=np.float64), np.asarray(batch["lng"], dtype=np.float64)


def all_cells() -> Cells:
    """Return all 14,117,882 resolution-6 cells of the world, ascending."""
    roots = np.array([h3.str_to_int(root) for root in sorted(h3.get_res0_cells())], dtype=np.uint64)
    return np.sort(np.asarray(change_resolution(roots, RESOLUTION), dtype=np.uint64))


def nearest_zone_at_sea(world: Cells, land: Land, zone: Ints) -> Ints:
    """Return the zone of each cell of ``world``: on land its own, at sea the nearest in range.

    Args:
        world: all cells, ascending.
        land: the land cells.
        zone: the zone of each land cell.

    Returns:
        int64 array over ``world``; -1 where no land is within 200 km.
    """
    result = np.full(len(world), -1, dtype=np.int64)
    at = np.searchsorted(world, land.cell)
    dry = np.zeros(len(world), dtype=bool)
    dry[at], result[at] = True, zone
    chord = 2 * np.sin(REACH_KM / EARTH_KM / 2)
    tree = cKDTree(land.where)
    for part in np.array_split(np.flatnonzero(~dry), 12):
        vectors = unit_vectors(*cell_centres(world[part]))
        gap, nearest = tree.query(vectors, distance_upper_bound=chord)
        near = np.isfinite(gap)
        result[part[near]] = zone[nearest[near]]
    return result


def _cells_inside(regions: list[Region]) -> tuple[Cells, Ints]:
    """Return (cell, region) of the cells whose centre lies in a region's polygons."""
    found, owner = [], []
    for number, region in enumerate(regions):
        for polygon in shapely.get_parts(region.shape):
            cells = _fill(polygon)
            found.append(cells)
            owner.append(np.full(len(cells), number, dtype=np.int64))
    return np.concatenate(found), np.concatenate(owner)


def _fill(polygon: shapely.Polygon) -> Cells:
    """Return the cells whose centre lies in one polygon."""
    if polygon.bounds[1] < POLAR:
        return _fill_by_points(polygon)
    return np.asarray(geometry_to_cells(polygon, RESOLUTION), dtype=np.uint64)


def _fill_by_points(polygon: shapely.Polygon) -> Cells:
    """Return the same as ``_fill``, by testing the centre of every cell in its latitudes."""
    world = all_cells()
    lat, lng = cell_centres(world)
    near = (lat >= polygon.bounds[1]) & (lat <= polygon.bounds[3])
    shapely.prepare(polygon)
    return world[near][shapely.contains_xy(polygon, lng[near], lat[near])]


def _cells_on_shores(regions: list[Region]) -> tuple[Cells, Ints]:
    """Return (cell, region) of the cells that a region's outline touches, most touched first."""
    lines = shapely.segmentize(shapely.boundary([one.shape for one in regions]), SHORE_STEP)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    cells = points_to_cells(np.ascontiguousarray(points[:, 1]), np.ascontiguousarray(points[:, 0]))
    order = np.lexsort((owner, cells))
    cells, owner = cells[order], owner[order]
    new = np.flatnonzero(np.r_[True, (np.diff(cells) != 0) | (np.diff(owner) != 0)])
    touches = np.diff(np.r_[new, len(cells)])
    cells, owner = cells[new], owner[new]
    order = np.lexsort((owner, -touches, cells))
    return _first_of_each(cells[order], owner[order])


def _first_of_each(cells: Cells, owner: Ints) -> tuple[Cells, Ints]:
    """Return the cells, ascending, each with its first owner."""
    unique, first = np.unique(cells, return_index=True)
    return unique, owner[first].astype(np.int64)


def _add_missing(cells: Cells, owner: Ints, more: Cells, more_owner: Ints) -> tuple[Cells, Ints]:
    """Return ``cells`` and those of ``more`` that are not among them."""
    new = ~np.isin(more, cells)
    return np.concatenate([cells, more[new]]), np.concatenate([owner, more_owner[new]])


def _settle_by_places(
    cells: Cells, owner: Ints, regions: list[Region], places: Places
) -> tuple[Cells, Ints]:
    """Return cells and regions; a cell with places is in the country of most of its people."""
    country = np.array([one.country for one in regions])
    home, ruler = _rulers(places, country)
    order = np.argsort(cells)
    cells, owner = cells[order], owner[order]
    at = np.minimum(np.searchsorted(cells, home), len(cells) - 1)
    known = cells[at] == home
    wrong = ~known | (country[owner[at]] != ruler)
    moved, ruler = home[wrong], ruler[wrong]
    target, km = _nearest_region(moved, ruler, cells, owner, country)
    # An atoll without a polygon may lie far from the rest of its country, so no limit applies.
    change, add = known[wrong] & (km <= FOREIGN_KM), ~known[wrong]
    owner[at[wrong][change]] = target[change]
    return np.concatenate([cells, moved[add]]), np.concatenate([owner, target[add]])


def _rulers(places: Places, country: np.ndarray) -> tuple[Cells, np.ndarray]:
    """Return the cells with places, and the country of most of the people in each."""
    known = np.isin(places.country, country)
    cells = points_to_cells(places.lat[known], places.lng[known])
    codes, people = places.country[known], np.maximum(places.population[known], 1)
    order = np.lexsort((codes, cells))
    cells, codes, people = cells[order], codes[order], people[order]
    new = np.flatnonzero(np.r_[True, (np.diff(cells) != 0) | (codes[1:] != codes[:-1])])
    total = np.add.reduceat(people, new)
    cells, codes = cells[new], codes[new]
    order = np.lexsort((codes, -total, cells))
    unique, first = np.unique(cells[order], return_index=True)
    return unique, codes[order][first]


def _nearest_region(
    moved: Cells, ruler: np.ndarray, cells: Cells, owner: Ints, country: np.ndarray
) -> tuple[Ints, Floats]:
    """Return the nearest region in the new country of each moved cell, and its distance in km."""
    target, km = np.empty(len(moved), dtype=np.int64), np.empty(len(moved))
    for code in np.unique(ruler):
        own = np.flatnonzero(country[owner] == code)
        tree = cKDTree(unit_vectors(*cell_centres(cells[own])))
        mine = np.flatnonzero(ruler == code)
        gap, nearest = tree.query(unit_vectors(*cell_centres(moved[mine])))
        target[mine], km[mine] = owner[own[nearest]], gap * EARTH_KM
    return target, km
