"""How many people live in each land cell: an estimate from towns and national totals.

Good enough for a coarse rule such as "at least 100,000 residents", and for nothing finer.
"""

import numpy as np
from areas_cells import Land, points_to_cells
from areas_merge import Floats, Ints, unit_vectors
from areas_regions import Region
from areas_sources import Places
from scipy.spatial import cKDTree

PER_KM2 = 3000.0
"""Inhabitants per square kilometre of built-up land, which decides how far a town spreads. It
spreads denser cities too far, so their cells get too few people, and merging errs on the safe
side."""
PER_POINT = 5000
MOST_POINTS = 1000
NEAR_KM = 15.0
"""Villages too small for the gazetteer lie near places that are in it: a cell this far from the
nearest known place has half the rural weight. Otherwise deserts would seem inhabited."""
LEAST_TOWN = 1000
ROOM_KM2 = 300.0
"""Rural people need land: a town with this much land to itself draws half as many as a town alone
would. Otherwise each town of a conurbation would pile villages onto its few cells."""
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
KM_PER_DEGREE = 111.195
EARTH_KM = 6371.0088


def estimate_people(
    land: Land, regions: list[Region], places: Places, totals: dict[str, int]
) -> Ints:
    """Return the residents of each land cell; each country adds up to exactly its CLDR total.

    In each country, towns (without sections of cities) are scaled down if they exceed the total.
    The rest of the total is spread over the land around the towns: each town draws a share that
    grows with the square root of its size. Spread evenly over the country's land, it gave Chukotka
    212,000 residents instead of 47,000, and made deserts and ice fields seem inhabited. A country
    without a total keeps the sum of its towns.
    """
    country = np.array([one.country for one in regions])[land.region]
    towns = _people_of_towns(land, country, places)
    people = np.zeros(len(land.cell), dtype=np.int64)
    for code in np.unique(country):
        own = np.flatnonzero(country == code)
        total = totals.get(code, int(towns[own].sum()))
        rural = _rural_weight(land.where[own], land.km2[own], places, code)
        people[own] = _spread(towns[own], rural, total)
    return people


def _spread(towns: Floats, rural: Floats, total: int) -> Ints:
    """Return whole people per cell that sum to ``total``."""
    known = towns.sum()
    scaled = towns * (min(1.0, total / known) if known else 0.0)
    people = scaled + rural / rural.sum() * max(0.0, total - scaled.sum())
    edges = np.rint(np.cumsum(people))
    edges[-1] = total
    # Rounding the running sum, and not each cell, keeps the total.
    return np.diff(np.minimum(edges, total), prepend=0).astype(np.int64)


def _people_of_towns(land: Land, country: np.ndarray, places: Places) -> Floats:
    """Return the towns' people in each land cell, with each town spread over a disc of its size."""
    used = np.flatnonzero(~places.section & (places.population > 0))
    people = places.population[used]
    number = np.clip(-(-people // PER_POINT), 1, MOST_POINTS)
    town = np.repeat(np.arange(len(used)), number)
    turn = np.arange(len(town)) - np.repeat(np.cumsum(number) - number, number)
    radius = np.sqrt(people / PER_KM2 / np.pi)[town] * np.sqrt(turn / number[town])
    lat = places.lat[used][town] + radius * np.cos(turn * GOLDEN_ANGLE) / KM_PER_DEGREE
    stretch = np.maximum(np.cos(np.radians(places.lat[used][town])), 0.01)
    lng = places.lng[used][town] + radius * np.sin(turn * GOLDEN_ANGLE) / KM_PER_DEGREE / stretch
    home = _rows(land, points_to_cells(places.lat[used], places.lng[used]))[town]
    row = _rows(land, points_to_cells(lat, (lng + 180) % 360 - 180))
    # Points at sea or across a border get nobody; the town's other points take their people.
    code = places.country[used][town]
    inside = (row >= 0) & (country[row] == code)
    points = np.bincount(town[inside], minlength=len(used))
    row = np.where(inside, row, home)
    kept = inside | ((points[town] == 0) & (row >= 0) & (country[row] == code))
    share = (people / np.bincount(town[kept], minlength=len(used)).clip(1))[town]
    return np.bincount(row[kept], weights=share[kept], minlength=len(land.cell))


def _rows(land: Land, cells: np.ndarray) -> Ints:
    """Return the position of each cell among the land cells, -1 for none."""
    at = np.minimum(np.searchsorted(land.cell, cells), len(land.cell) - 1)
    return np.where(land.cell[at] == cells, at, -1).astype(np.int64)


def _rural_weight(where: Floats, km2: Floats, places: Places, country: str) -> Floats:
    """Return the weights by which a country's rural people are spread over its cells."""
    own = np.flatnonzero((places.country == country) & ~places.section)
    if not len(own):
        return km2
    gap, town = cKDTree(unit_vectors(places.lat[own], places.lng[own])).query(where)
    weight = km2 / (1.0 + (gap * EARTH_KM / NEAR_KM) ** 2)
    draw = np.sqrt(np.maximum(places.population[own], LEAST_TOWN))
    around = np.bincount(town, weights=weight, minlength=len(own))
    return weight * (draw / (around + ROOM_KM2))[town]
