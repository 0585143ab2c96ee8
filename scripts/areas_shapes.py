"""Draw the areas: countries and regions simplified, zones as the exact union of their cells."""

import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from areas_cells import Land
from areas_files import gzipped, write_zip
from areas_merge import Ints
from areas_outlines import cells_to_shape
from areas_regions import Region
from areas_topology import shapes_to_topojson
from areas_tree import Plan

COUNTRY_DETAIL = 0.16
"""Degrees: the square root of the smallest triangle that countries.json keeps."""
REGION_DETAIL = 0.03
COUNTRY_GRID = 200
"""Grid steps per degree in countries.json, which is for the view of the whole world."""
ISLAND_DETAIL = 0.25
"""Islands are simplified relative to their own size, so that small ones keep a shape."""
LEAST_ISLAND = 0.3
"""An island smaller than this many times the square of the detail is left out ..."""
KEPT_ISLANDS = 2
"""... unless it is among this many largest of its part (country or original region)."""


def write_shapes(
    folder: Path,
    columns: dict[str, np.ndarray],
    plan: Plan,
    land: Land,
    zone: Ints,
    originals: list[Region],
) -> None:
    """Write ``shapes.zip``: TopoJSON, gzipped, of all countries, the regions of each country and
    the zones of each region.

    Args:
        folder: where to.
        columns: the area table.
        plan: the tree.
        land: land cells.
        zone: area id of each land cell.
        originals: regions before merging, with their polygons.
    """
    ids = np.arange(len(columns["level"]))
    country_ids, region_ids = ids[columns["level"] == 1], ids[columns["level"] == 2]
    whole = [shapely.union_all([originals[at].shape for at in unit.parts]) for unit in plan.regions]
    members = {
        "countries.json.gz": _countries(columns, plan, country_ids, originals),
        **dict(_regions(columns, plan, country_ids, region_ids, whole)),
        **dict(_zones(columns, plan, land, zone, region_ids)),
    }
    write_zip(folder / "shapes.zip", members, zipfile.ZIP_STORED)


def _countries(
    columns: dict[str, np.ndarray], plan: Plan, ids: Ints, originals: list[Region]
) -> bytes:
    """Return countries.json.gz; each member of a group keeps at least one island."""
    shapes, owner = [], []
    for number, unit in enumerate(plan.countries):
        for member in sorted({originals[part].country for part in unit.parts}):
            own = [originals[at].shape for at in unit.parts if originals[at].country == member]
            shapes.append(shapely.union_all(own))
            owner.append(number)
    drawn = simplify(shapes, np.array(owner), len(ids), COUNTRY_DETAIL)
    return _packed(drawn, ids, columns, COUNTRY_GRID)


def _regions(
    columns: dict[str, np.ndarray],
    plan: Plan,
    country_ids: Ints,
    region_ids: Ints,
    whole: list[shapely.Geometry],
) -> Iterator[tuple[str, bytes]]:
    """Yield a file of regions for each country."""
    for number, country in enumerate(country_ids.tolist()):
        own = np.flatnonzero(plan.country_of == number)
        shapes = [whole[at] for at in own.tolist()]
        drawn = simplify(shapes, np.arange(len(own)), len(own), REGION_DETAIL)
        yield f"regions/{country}.json.gz", _packed(drawn, region_ids[own], columns, 2000)


def _zones(
    columns: dict[str, np.ndarray], plan: Plan, land: Land, zone: Ints, region_ids: Ints
) -> Iterator[tuple[str, bytes]]:
    """Yield a file of zones for each region: exact unions of land cells."""
    order = np.lexsort((land.cell, zone))
    cells, zone = land.cell[order], zone[order]
    for region in region_ids.tolist():
        own = np.arange(region + 1, columns["end"][region])
        cuts = np.searchsorted(zone, np.r_[own, own[-1] + 1])
        shapes = [cells_to_shape(cells[a:b]) for a, b in pairwise(cuts.tolist())]
        document = shapes_to_topojson(shapes, own.tolist(), columns["name"][own].tolist())
        yield f"zones/{region}.json.gz", gzipped(document)


def _packed(
    shapes: list[shapely.Geometry], ids: Ints, columns: dict[str, np.ndarray], grid: int
) -> bytes:
    names = columns["name"][ids].tolist()
    return gzipped(shapes_to_topojson(shapes, ids.tolist(), names, grid))


def simplify(
    shapes: list[shapely.Geometry], owner: Ints, size: int, detail: float
) -> list[shapely.Geometry]:
    """Simplify shapes together, so that they keep sharing borders; small islands separately.

    Args:
        shapes: (multi)polygons that form a coverage, but for small errors in the source.
        owner: the result that each belongs to, ascending, shape (number of shapes,).
        size: number of results.
        detail: degrees; triangles smaller than its square are cut.

    Returns:
        One multipolygon per result.
    """
    parts, index = shapely.get_parts(shapes, return_index=True)
    area = shapely.area(parts)
    rank = _rank_within(index, area)
    kept = (area >= LEAST_ISLAND * detail**2) | (rank < KEPT_ISLANDS)
    parts, index, area = parts[kept], index[kept], area[kept]
    alone = _are_alone(parts) & (area < (10 * detail) ** 2)
    drawn = parts.copy()
    if (~alone).any():
        drawn[~alone] = shapely.coverage_simplify(parts[~alone], detail)
    for at in np.flatnonzero(alone).tolist():
        step = min(detail, ISLAND_DETAIL * float(np.sqrt(area[at])))
        drawn[at] = shapely.coverage_simplify(parts[[at]], step)[0]
    result = owner[index]
    return [
        shapely.multipolygons(shapely.get_parts(drawn[result == number])) for number in range(size)
    ]


def _rank_within(index: Ints, area: np.ndarray) -> Ints:
    """Return each part's rank by area among the parts of its shape, 0 for the largest."""
    order = np.lexsort((np.arange(len(area)), -area, index))
    first = np.searchsorted(index[order], index[order])
    rank = np.empty(len(area), dtype=np.int64)
    rank[order] = np.arange(len(area)) - first
    return rank


def _are_alone(parts: np.ndarray) -> np.ndarray:
    """Return whether each polygon touches no other."""
    pairs = shapely.STRtree(parts).query(parts, predicate="intersects")
    touched = pairs[0][pairs[0] != pairs[1]]
    return ~np.isin(np.arange(len(parts)), touched)
