"""Check the whole area table against privacy rule 1, and report its figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, NOWHERE, REGION, WORLD, ZONE, Areas
from mapapp.domain.areas.label_points import has_point_astray
from mapapp.domain.areas.locate import load_cells

URL_SAFE = re.compile(r"[A-Za-z0-9._~-]+")
EXAMPLES = 3
SHAPE_DIGITS = 6

Runs = tuple[NDArray[np.uint32], NDArray[np.int32]]


@dataclass(frozen=True)
class Report:
    """What the check found.

    Attributes:
        faults: sentences, each about one thing that is wrong; empty when the table is sound.
        figures: of the table: ``residents`` (least number per area), ``countries``,
            ``regions``, ``zones``, ``smallest_zone``, ``median_zone``, ``largest_zone`` (people),
            ``median_across_km``, ``share_in_merged_zones`` (0 to 1: of all residents, those whose
            zone is more than one cell) and ``cells`` (cells that have a zone).
    """

    faults: tuple[str, ...]
    figures: dict[str, int | float]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify_areas(areas: Areas, runs: Runs | None = None) -> Report:
    """Check every area and every cell.

    Args:
        areas: the tree.
        runs: the cell table as ``locate.load_cells`` returns it; that one by default.

    Returns:
        All faults, and figures; never raises for a wrong table.
    """
    runs = load_cells() if runs is None else runs
    faults = (
        *_tree_faults(areas),
        *_people_faults(areas),
        *_code_faults(areas),
        *_listed("has its label far from its people", areas, has_point_astray(vars(areas))),
        *_cell_faults(areas, runs),
    )
    return Report(faults, _figures(areas, runs))


def _tree_faults(areas: Areas) -> Iterator[str]:
    """Ids run depth first, levels go down one by one, and ``end`` closes every subtree."""
    ids = np.arange(len(areas))
    level = areas.level.astype(np.int64)
    if not len(areas) or level[0] != WORLD or areas.parent[0] != -1:
        yield "The table does not begin with the world."
        return
    latest = np.zeros(len(areas), dtype=np.int64)
    for depth in range(ZONE):
        above = np.maximum.accumulate(np.where(level == depth, ids, -1))
        latest[level == depth + 1] = above[level == depth + 1]
    yield from _listed("does not lie below its parent in depth-first order", areas,
                       (areas.parent != latest) & (ids > 0))  # fmt: skip
    jumps = np.diff(level, prepend=WORLD - 1) > 1
    yield from _listed("skips a level", areas, jumps | (level > ZONE))
    yield from _listed("has a wrong end of its subtree", areas, areas.end != _ends(level))
    yield from _listed("has nothing below it", areas, (level < ZONE) & (_ends(level) == ids + 1))


def _ends(level: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each subtree ends: at the next area of the same or a higher level."""
    size = len(level)
    ends = np.full(size, size, dtype=np.int64)
    for depth in range(ZONE + 1):
        stops = np.r_[np.flatnonzero(level <= depth), size]
        own = np.flatnonzero(level == depth)
        ends[own] = stops[np.searchsorted(stops, own, side="right")]
    return ends


def _people_faults(areas: Areas) -> Iterator[str]:
    """Every label stands for enough people, and parts sum to the whole."""
    short = areas.population < areas.residents
    yield from _listed(f"has fewer than {areas.residents:,} residents", areas, short)
    parents = areas.parent[1:]
    if len(parents) and (parents.min() < 0 or parents.max() >= len(areas)):
        yield "An area has a parent that does not exist."
        return
    total = np.zeros(len(areas), dtype=np.int64)
    np.add.at(total, parents, areas.population[1:])
    off = (areas.level < ZONE) & (total != areas.population)
    yield from _listed("is not the sum of its parts", areas, off)


def _code_faults(areas: Areas) -> Iterator[str]:
    """Codes are unique and fit for a URL."""
    codes = areas.code.tolist()
    if len(set(codes)) != len(codes):
        yield "Two areas have the same code."
    bad = np.array([not URL_SAFE.fullmatch(code) for code in codes], dtype=bool)
    yield from _listed("has a code that does not fit into a URL", areas, bad)
    yield from _listed("has no name", areas, np.char.str_len(areas.name) == 0)


def _cell_faults(areas: Areas, runs: Runs) -> Iterator[str]:
    """Cells are divided among zones without gap or overlap, and every zone has its cells."""
    starts, zone = runs
    if not len(starts) or starts[0] != 0 or (np.diff(starts.astype(np.int64)) <= 0).any():
        yield "The runs of cells do not begin at the first cell and go up."
        return
    if len(starts) != len(zone):
        yield "The cell table has not as many zones as runs."
        return
    real = (zone >= 0) & (zone < len(areas))
    real[real] = areas.level[zone[real]] == ZONE
    if (~real & (zone != NOWHERE)).any():
        count = int((~real & (zone != NOWHERE)).sum())
        yield f"{count} runs of cells lead to something that is no zone."
    held = np.zeros(len(areas), dtype=np.int64)
    np.add.at(held, zone[real], _lengths(starts)[real])
    lacking = (areas.level == ZONE) & (held < np.maximum(areas.land_cells, 1))
    yield from _listed("has fewer cells than the table of areas says", areas, lacking)


def _lengths(starts: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return how many cells each run holds.

    A key has six digits of three bits behind the base cell, of which only 0 to 6 occur. (Around the
    twelve pentagons one digit is missing; the numbers there are a little too high.)
    """
    keys = np.r_[starts.astype(np.int64), 122 << (3 * SHAPE_DIGITS)]
    place = keys >> (3 * SHAPE_DIGITS)
    for digit in range(SHAPE_DIGITS - 1, -1, -1):
        place = place * 7 + ((keys >> (3 * digit)) & 7)
    lengths: NDArray[np.int64] = np.diff(place)
    return lengths


def _cells_with_zone(runs: Runs) -> int:
    """Return how many cells have a zone; 0 for a table whose two columns do not match."""
    starts, zone = runs
    return int(_lengths(starts)[zone != NOWHERE].sum()) if len(starts) == len(zone) else 0


def _listed(what: str, areas: Areas, wrong: NDArray[np.bool_]) -> Iterator[str]:
    """Yield one sentence for all areas that share a fault, with a few examples."""
    found = np.flatnonzero(wrong)
    if len(found):
        some = ", ".join(areas.code[found[:EXAMPLES]].tolist())
        yield f"{len(found)} of {len(areas)}: {what} ({some})."


def _figures(areas: Areas, runs: Runs) -> dict[str, int | float]:
    """Return the figures of ``Report``."""
    zones = areas.level == ZONE
    people = areas.population[zones]
    across = areas.across_km[zones]
    merged = areas.land_cells[zones] > 1
    counts = {LEVELS[level]: int((areas.level == level).sum()) for level in (COUNTRY, REGION, ZONE)}
    return {
        "residents": areas.residents,
        "countries": counts["country"],
        "regions": counts["region"],
        "zones": counts["zone"],
        "smallest_zone": int(people.min()) if len(people) else 0,
        "median_zone": int(np.median(people)) if len(people) else 0,
        "largest_zone": int(people.max(initial=0)),
        "median_across_km": round(float(np.median(across)), 1) if len(people) else 0.0,
        "share_in_merged_zones": round(float(people[merged].sum() / max(people.sum(), 1)), 4),
        "cells": _cells_with_zone(runs),
    }
