"""Countries and groups of small states, and the regions inside them, each with enough people."""

from dataclasses import dataclass

import numpy as np
import shapely
from areas_merge import Floats, Ints, merge_small, unit_vectors
from areas_regions import Region
from areas_tables import COUNTRY_NAMES, FAMILIES
from babel import Locale

TOUCHING = 0.02
"""Degrees; the source has small gaps between some neighbours."""
UNINHABITED = 200
"""A part with fewer people than this is not named in a merged region."""
NAMED_PARTS = 3


@dataclass(frozen=True)
class Unit:
    """A country or a group of states, or a region inside one.

    Attributes:
        code, name: of the area.
        members: ISO codes of a group's states; empty for a country or region.
        parts: positions of the original regions in it, the most populous first.
    """

    code: str
    name: str
    members: tuple[str, ...]
    parts: tuple[int, ...]


def make_countries(regions: list[Region], people: Ints, residents: int) -> list[Unit]:
    """Return countries and groups of states with at least ``residents`` people, ordered by code.

    Args:
        regions: the original regions.
        people: residents of each region.
        residents: least number of people in each.
    """
    country = np.array([one.country for one in regions])
    total = {code: int(people[country == code].sum()) for code in np.unique(country).tolist()}
    units, grouped = [], set()
    for code, name, family in FAMILIES:
        members = group_members(total, family, residents)
        if members:
            if len(members) <= NAMED_PARTS:
                ranked = sorted(members, key=lambda one: (-total[one], one))
                name = join_names([country_name(one) for one in ranked])
            units.append(_unit(code, name, members, country, people))
            grouped.update(members)
    for code in sorted(set(total) - grouped):
        units.append(_unit(code, country_name(code), (code,), country, people))
    return sorted(_join_short(units, regions, people, residents), key=lambda unit: unit.code)


def group_members(
    total: dict[str, int], family: tuple[str, ...], residents: int
) -> tuple[str, ...]:
    """Return the states of a family that must form a group; others join only if it falls short.

    Args:
        total: residents per ISO code.
        family: the states that may be joined.
        residents: least number of people in the group.
    """
    present = sorted((code for code in family if code in total), key=lambda c: (total[c], c))
    short = [code for code in present if total[code] < residents]
    if not short:
        return ()
    for code in present[len(short) :]:
        if sum(total[one] for one in short) >= residents:
            break
        short.append(code)
    return tuple(sorted(short))


def country_name(code: str) -> str:
    """Return the short English name of a country: CLDR's, with a few exceptions."""
    return COUNTRY_NAMES.get(code) or str(Locale("en").territories[code]).replace("&", "and")


def _unit(
    code: str, name: str, members: tuple[str, ...], country: np.ndarray, people: Ints
) -> Unit:
    parts = np.flatnonzero(np.isin(country, members))
    parts = parts[np.lexsort((parts, -people[parts]))]
    return Unit(code, name, members if len(members) > 1 else (), tuple(parts.tolist()))


def _join_short(
    units: list[Unit], regions: list[Region], people: Ints, residents: int
) -> list[Unit]:
    """Join units that are still too small to the nearest; only for very large ``residents``."""
    total = np.array([people[list(unit.parts)].sum() for unit in units], dtype=np.int64)
    where = np.array([_middle(regions, unit.parts, people) for unit in units])
    heads = merge_small(total, where, residents, set())
    merged = []
    for head in np.unique(heads).tolist():
        together = [units[at] for at in np.flatnonzero(heads == head)]
        merged.append(units[head] if len(together) == 1 else _joined(units[head], together, people))
    return merged


def _joined(head: Unit, together: list[Unit], people: Ints) -> Unit:
    parts = np.array([part for unit in together for part in unit.parts])
    parts = parts[np.lexsort((parts, -people[parts]))]
    members = sorted({code for unit in together for code in unit.members or (unit.code,)})
    ordered = [head, *(unit for unit in together if unit is not head)]
    name = join_names([unit.name for unit in ordered])
    return Unit(f"{head.code}.x", name, tuple(members), tuple(parts.tolist()))


def _middle(regions: list[Region], parts: tuple[int, ...], people: Ints) -> Floats:
    """Return the unit vector to the middle of the most populous part's largest polygon."""
    point = largest_polygon(regions[parts[0]].shape).representative_point()
    return unit_vectors(np.array([point.y]), np.array([point.x]))[0]


def largest_polygon(geometry: shapely.Geometry) -> shapely.Polygon:
    """Return the polygon with the largest area (in square degrees, which is good enough here)."""
    parts = shapely.get_parts(geometry)
    return parts[int(np.argmax(shapely.area(parts)))]


def find_neighbours(regions: list[Region]) -> set[tuple[int, int]]:
    """Return the pairs of regions that share a border, the smaller number first."""
    shapes = np.array([one.shape for one in regions], dtype=object)
    coarse = shapely.simplify(shapes, TOUCHING / 4)
    pairs = shapely.STRtree(coarse).query(coarse, predicate="dwithin", distance=TOUCHING)
    return {(int(a), int(b)) for a, b in pairs.T if a < b}


def make_regions(
    country: Unit, regions: list[Region], people: Ints, residents: int, pairs: set[tuple[int, int]]
) -> list[Unit]:
    """Return the regions of one country, merged until each has enough people, ordered by code.

    A group of states is one region: its members are too small to be told apart.
    """
    if country.members:
        return [Unit(f"{country.code}-1", country.name, (), country.parts)]
    parts = np.array(sorted(country.parts))
    place = {part: at for at, part in enumerate(parts.tolist())}
    inside = {(place[a], place[b]) for a, b in pairs if a in place and b in place}
    where = np.array([_middle(regions, (part,), people) for part in parts.tolist()])
    heads = merge_small(people[parts], where, residents, inside)
    units = [
        _region_unit(parts[np.flatnonzero(heads == head)], regions, people)
        for head in np.unique(heads)
    ]
    return sorted(units, key=lambda unit: unit.code)


def _region_unit(parts: Ints, regions: list[Region], people: Ints) -> Unit:
    ordered = parts[np.lexsort((parts, -people[parts]))].tolist()
    named = [part for part in ordered if people[part] >= UNINHABITED] or ordered[:1]
    code = regions[ordered[0]].code
    names = [regions[part].name for part in named]
    return Unit(code if len(named) == 1 else f"{code}.x", join_names(names), (), tuple(ordered))


def join_names(names: list[str]) -> str:
    """Return “A”, “A and B”, “A, B and C” or “A and neighbours”, without repeating a name."""
    names = list(dict.fromkeys(names))
    if len(names) > NAMED_PARTS:
        return f"{names[0]} and neighbours"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
