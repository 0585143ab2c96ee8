"""Put countries, regions and zones into one table in depth-first order."""

from dataclasses import dataclass

import numpy as np
import shapely
from areas_cells import Land
from areas_merge import Ints, merge_cells
from areas_names import zone_labels
from areas_regions import Region
from areas_sources import Places
from areas_units import (
    Unit,
    country_name,
    find_neighbours,
    join_names,
    largest_polygon,
    make_countries,
    make_regions,
)

from mapapp.domain.areas.label_points import mended_points

WORLD, COUNTRY, REGION, ZONE = range(4)


@dataclass(frozen=True)
class Plan:
    """The tree before it is written down.

    Attributes:
        countries: countries and groups, ordered by code.
        regions: the regions of all countries, in the order of the countries.
        country_of: country of each region, shape (number of regions,).
        cell_region: region of each land cell.
        zone: zone of each land cell; zones are numbered in the order of their regions, within a
            region from the most populous.
        region_of: region of each zone.
        merged: whether each land cell came to its zone by merging.
    """

    countries: list[Unit]
    regions: list[Unit]
    country_of: Ints
    cell_region: Ints
    zone: Ints
    region_of: Ints
    merged: np.ndarray


def make_plan(land: Land, people: Ints, originals: list[Region], residents: int) -> Plan:
    """Merge countries, regions and cells until every area has ``residents`` people."""
    total = np.bincount(land.region, weights=people, minlength=len(originals)).astype(np.int64)
    countries = make_countries(originals, total, residents)
    pairs = find_neighbours(originals)
    regions, country_of = [], []
    for number, country in enumerate(countries):
        own = make_regions(country, originals, total, residents, pairs)
        regions += own
        country_of += [number] * len(own)
    place = np.empty(len(originals), dtype=np.int64)
    for number, unit in enumerate(regions):
        place[list(unit.parts)] = number
    cell_region = place[land.region]
    raw, merged = merge_cells(land.cell, cell_region, people, land.where, residents)
    zone, region_of = _in_order(raw, cell_region, people)
    return Plan(countries, regions, np.array(country_of), cell_region, zone, region_of, merged)


def _in_order(raw: Ints, cell_region: Ints, people: Ints) -> tuple[Ints, Ints]:
    """Renumber zones by region, then by falling population; ties keep their order."""
    size = int(raw.max()) + 1
    total = np.bincount(raw, weights=people, minlength=size).astype(np.int64)
    region = np.empty(size, dtype=np.int64)
    region[raw] = cell_region
    order = np.lexsort((np.arange(size), -total, region))
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    return rank[raw], region[order]


def plan_to_columns(
    plan: Plan,
    land: Land,
    people: Ints,
    originals: list[Region],
    places: Places,
    home: Ints,
    labels: dict[str, tuple[float, float]],
) -> tuple[dict[str, np.ndarray], Ints]:
    """Return the columns of ``areas.npz`` and the area id of each zone of the plan.

    Args:
        plan: the tree.
        land: the land cells.
        people: residents of each land cell.
        originals: the regions before merging, for label points.
        places: the gazetteer.
        home: row of each place's land cell, -1 for none.
        labels: Natural Earth's label points by ISO code (lat, lng).
    """
    ids = _number(plan)
    names = [unit.name for unit in plan.regions]
    zone_names, zlat, zlng = zone_labels(
        land, plan.zone, plan.region_of, names, people, places, home
    )
    _name_groups(zone_names, plan, land, people, originals)
    points = [_region_point(originals, unit.parts) for unit in plan.regions]
    tops = [_country_point(originals, unit, labels) for unit in plan.countries]
    lat, lng = np.zeros(ids.size), np.zeros(ids.size)
    lat[ids.zone], lng[ids.zone] = zlat, zlng
    lat[ids.region], lng[ids.region] = np.array(points).T
    lat[ids.country], lng[ids.country] = np.array(tops).T
    columns = {
        "level": ids.level,
        "parent": ids.parent,
        "end": ids.end,
        "code": _column(ids, plan.countries, plan.regions, _zone_codes(plan), "code"),
        "name": _column(ids, plan.countries, plan.regions, zone_names, "name"),
        "population": _roll_up(ids, np.bincount(plan.zone, weights=people)).astype(np.int64),
        "lat": lat.astype(np.float32),
        "lng": lng.astype(np.float32),
        "across_km": _across(_roll_up(ids, np.bincount(plan.zone, weights=land.km2))),
        "members": _members(ids, plan.countries),
        "land_cells": _roll_up(ids, np.bincount(plan.zone)).astype(np.int32),
    }
    columns["lat"], columns["lng"] = mended_points(columns)
    return columns, ids.zone


@dataclass(frozen=True)
class Numbers:
    """The area ids of a plan's countries, regions and zones, and what follows from them."""

    size: int
    country: Ints
    region: Ints
    zone: Ints
    level: np.ndarray
    parent: np.ndarray
    end: np.ndarray


def _number(plan: Plan) -> Numbers:
    """Number the areas depth-first: the world, a country, its first region, that region's zones."""
    zones = np.bincount(plan.region_of, minlength=len(plan.regions))
    region_size = zones + 1
    country_size = 1 + np.bincount(plan.country_of, weights=region_size).astype(np.int64)
    country = 1 + np.cumsum(country_size) - country_size
    before = np.cumsum(region_size) - region_size
    region = before + plan.country_of + 2
    zone = np.arange(len(plan.region_of)) + plan.region_of + plan.country_of[plan.region_of] + 3
    size = int(country_size.sum()) + 1
    level = np.full(size, ZONE, dtype=np.uint8)
    level[0], level[country], level[region] = WORLD, COUNTRY, REGION
    parent = np.zeros(size, dtype=np.int32)
    parent[0], parent[region], parent[zone] = -1, country[plan.country_of], region[plan.region_of]
    end = np.arange(1, size + 1, dtype=np.int32)
    end[0], end[country], end[region] = size, country + country_size, region + region_size
    return Numbers(size, country, region, zone, level, parent, end)


def _zone_codes(plan: Plan) -> list[str]:
    """Return codes such as GB-SCT-12: the region, then the rank among its zones."""
    first = np.searchsorted(plan.region_of, plan.region_of)
    rank = np.arange(len(plan.region_of)) - first + 1
    return [
        f"{plan.regions[region].code}-{number}"
        for region, number in zip(plan.region_of.tolist(), rank.tolist(), strict=True)
    ]


def _column(
    ids: Numbers, countries: list[Unit], regions: list[Unit], zones: list[str], field: str
) -> np.ndarray:
    """Return a text column over all areas."""
    values = ["world" if field == "code" else "World"] * ids.size
    for at, unit in zip(ids.country.tolist(), countries, strict=True):
        values[at] = getattr(unit, field)
    for at, unit in zip(ids.region.tolist(), regions, strict=True):
        values[at] = getattr(unit, field)
    for at, text in zip(ids.zone.tolist(), zones, strict=True):
        values[at] = text
    return np.array(values)


def _roll_up(ids: Numbers, of_zones: np.ndarray) -> np.ndarray:
    """Return the numbers of all areas, summed from zones up to the world."""
    own = np.zeros(ids.size)
    own[ids.zone] = of_zones
    running = np.concatenate(([0.0], np.cumsum(own)))
    return running[ids.end] - running[: ids.size]


def _name_groups(
    names: list[str], plan: Plan, land: Land, people: Ints, originals: list[Region]
) -> None:
    """Name zones of groups after their states: one state's town says nothing about the others."""
    grouped = np.array([bool(unit.members) for unit in plan.countries])[plan.country_of]
    country = np.array([one.country for one in originals])
    for zone in np.flatnonzero(grouped[plan.region_of]).tolist():
        own = np.flatnonzero(plan.zone == zone)
        codes, place = np.unique(country[land.region[own]], return_inverse=True)
        total = np.bincount(place, weights=people[own])
        ranked = codes[np.argsort(-total, kind="stable")].tolist()
        several = int((plan.region_of == plan.region_of[zone]).sum()) > 1
        states = join_names([country_name(code) for code in ranked])
        names[zone] = states if several else plan.regions[plan.region_of[zone]].name


def _across(km2: np.ndarray) -> np.ndarray:
    """Return the diameter of a circle of that area."""
    return (2 * np.sqrt(km2 / np.pi)).astype(np.float32)


def _members(ids: Numbers, countries: list[Unit]) -> np.ndarray:
    values = [""] * ids.size
    for at, unit in zip(ids.country.tolist(), countries, strict=True):
        values[at] = ",".join(unit.members)
    return np.array(values)


def _region_point(originals: list[Region], parts: tuple[int, ...]) -> tuple[float, float]:
    """Return a point well inside the largest polygon of the most populous part: lat, lng."""
    polygon = largest_polygon(originals[parts[0]].shape)
    step = max(np.sqrt(polygon.area) / 50, 1e-4)
    coarse = polygon.simplify(step / 2)
    circle = shapely.maximum_inscribed_circle(coarse, tolerance=step)
    x, y = shapely.get_coordinates(circle)[0].tolist()
    return (y, x) if polygon.contains(shapely.Point(x, y)) else _any_point(polygon)


def _any_point(polygon: shapely.Polygon) -> tuple[float, float]:
    point = polygon.representative_point()
    return point.y, point.x


def _country_point(
    originals: list[Region], unit: Unit, labels: dict[str, tuple[float, float]]
) -> tuple[float, float]:
    """Return Natural Earth's label point if it lies inside, else a point in the largest part.

    The label of a group of states is at its most populous member.
    """
    country = originals[unit.parts[0]].country
    own = [originals[part].shape for part in unit.parts if originals[part].country == country]
    whole = shapely.union_all(own)
    lat, lng = labels.get(country, (0.0, 0.0))
    if whole.intersects(shapely.Point(lng, lat)):
        return lat, lng
    return _any_point(largest_polygon(whole))
