"""Merge cells into zones and small areas into larger ones, until each has enough people.

Nothing here knows of countries or files: the functions take and return arrays, deterministically.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Ints = NDArray[np.int64]
Cells = NDArray[np.uint64]
Floats = NDArray[np.float64]

FINEST = 6
"""H3 resolution of the cells."""
HOLES_CLOSE_AT = (5, 4)
"""At these resolutions, cells with too few people join the nearest zone at once if their parent
already holds a zone. This keeps cities compact: gaps carried upward would end up in one zone of
scattered pieces. At coarser resolutions, short cells are merged with each other."""


def cell_parents(cells: Cells, resolution: int) -> Cells:
    """Return the ancestors of resolution-6 cells as numbers (shortened indexes, not valid cells).

    Args:
        cells: H3 indexes, uint64.
        resolution: 0 to 6. Digits finer than it are cut off.
    """
    cut = np.uint64(45 - 3 * resolution)
    mask = np.uint64((1 << 52) - 1)
    return (cells & mask) >> cut


def unit_vectors(lat: Floats, lng: Floats) -> Floats:
    """Return points on the unit sphere, shape (n, 3), for degrees."""
    phi, lam = np.radians(lat), np.radians(lng)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


def merge_cells(
    cells: Cells, region: Ints, people: Ints, where: Floats, residents: int
) -> tuple[Ints, NDArray[np.bool_]]:
    """Partition the cells of each region into zones of at least ``residents`` people.

    A cell with enough people is a zone. Cells with too few are merged with the others of their
    parent, then upward (resolution 5, 4 ... 0, then the region), until the set has enough. What is
    left joins the nearest zone of its region (see also ``HOLES_CLOSE_AT``). A zone is
    exactly the cells of its set, so its label never covers a cell that is a zone of its own.

    Args:
        cells: resolution-6 H3 indexes, uint64, shape (n,).
        region: which region each cell lies in, shape (n,).
        people: residents of each cell, shape (n,).
        where: unit vectors of the cells' centres, shape (n, 3).
        residents: least number of people in a zone.

    Returns:
        The zone of each cell (0, 1, 2 ...), and whether the cell came to it by merging.

    Raises:
        ValueError: when a whole region has fewer people than ``residents``.
    """
    zone = np.full(len(cells), -1, dtype=np.int64)
    count = _take(zone, np.arange(len(cells)), people, residents, 0)
    merged = zone < 0
    for resolution in range(FINEST - 1, -2, -1):
        parents = cell_parents(cells, resolution) if resolution >= 0 else np.zeros_like(cells)
        groups = _pairs_to_groups(region, parents)
        count = _take(zone, groups, people, residents, count)
        if resolution in HOLES_CLOSE_AT:
            _close_holes(zone, groups, region, where)
        _join_finished(zone, region, people, where, residents)
    if np.any(zone < 0):
        raise ValueError("A region has fewer people than a zone needs; merge regions first.")
    return np.unique(zone, return_inverse=True)[1].astype(np.int64), merged


def _pairs_to_groups(region: Ints, parents: Cells) -> Ints:
    """Number the distinct (region, parent) pairs."""
    order = np.lexsort((parents, region))
    new = np.ones(len(order), dtype=np.int64)
    new[1:] = (np.diff(region[order]) != 0) | (parents[order][1:] != parents[order][:-1])
    groups = np.empty(len(order), dtype=np.int64)
    groups[order] = np.cumsum(new) - 1
    return groups


def _take(zone: Ints, groups: Ints, people: Ints, residents: int, count: int) -> int:
    """Make a zone of each group whose unplaced cells have enough people; return the new count."""
    waiting = np.flatnonzero(zone < 0)
    if not len(waiting):
        return count
    mine = groups[waiting]
    total = np.zeros(groups.max() + 1, dtype=np.int64)
    np.add.at(total, mine, people[waiting])
    enough = total >= residents
    number = np.cumsum(enough) - 1 + count
    taken = enough[mine]
    zone[waiting[taken]] = number[mine[taken]]
    return count + int(enough.sum())


def _close_holes(zone: Ints, groups: Ints, region: Ints, where: Floats) -> None:
    """Assign unplaced cells whose parent already holds a zone to their region's nearest zone."""
    holds = np.zeros(groups.max() + 1, dtype=bool)
    holds[groups[zone >= 0]] = True
    _join_nearest(zone, region, where, (zone < 0) & holds[groups])


def _join_finished(zone: Ints, region: Ints, people: Ints, where: Floats, residents: int) -> None:
    """Assign a region's unplaced cells to zones once they are too few to become one together."""
    size = int(region.max()) + 1
    waiting = zone < 0
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, region[waiting], people[waiting])
    served = np.zeros(size, dtype=bool)
    served[region[~waiting]] = True
    _join_nearest(zone, region, where, waiting & (total < residents)[region] & served[region])


def _join_nearest(zone: Ints, region: Ints, where: Floats, joining: NDArray[np.bool_]) -> None:
    """Assign each cell of ``joining`` to the zone of the nearest placed cell in its region."""
    placed = zone >= 0
    wanted = np.zeros(int(region.max()) + 1, dtype=bool)
    wanted[region[joining]] = True
    rows = np.flatnonzero(wanted[region] & (placed | joining))
    rows = rows[np.argsort(region[rows], kind="stable")]
    cuts = np.flatnonzero(np.diff(region[rows])) + 1
    for part in np.split(rows, cuts) if len(rows) else []:
        targets, movers = part[placed[part]], part[joining[part]]
        nearest = cKDTree(where[targets]).query(where[movers])[1]
        zone[movers] = zone[targets[nearest]]


def merge_small(
    people: Ints, where: Floats, residents: int, neighbours: set[tuple[int, int]]
) -> Ints:
    """Merge areas with too few people into others, the smallest first.

    A small area prefers neighbours to areas across water, small areas to large ones, and near
    areas to far ones.

    Args:
        people: residents of each area, shape (n,).
        where: unit vectors of the areas' centres, shape (n, 3).
        residents: least number of people in a merged area.
        neighbours: pairs (smaller number first) that share a border.

    Returns:
        The number of the merged area each belongs to (the number of its most populous part),
        shape (n,). Every merged area has enough people, unless all of them together have too
        few: then there is only one.
    """
    head = np.arange(len(people))
    while True:
        total = np.bincount(head, weights=people, minlength=len(people)).astype(np.int64)
        heads = np.unique(head)
        short = heads[total[heads] < residents]
        if not len(short) or len(heads) == 1:
            return _by_largest(head, people)
        mover = short[np.lexsort((short, total[short]))[0]]
        others = heads[heads != mover]
        cost = _costs(mover, others, head, where, total < residents, neighbours)
        head[head == mover] = others[np.lexsort((others, cost))[0]]


def _costs(
    mover: int,
    others: Ints,
    head: Ints,
    where: Floats,
    short: NDArray[np.bool_],
    neighbours: set[tuple[int, int]],
) -> Floats:
    """Return the distances from ``mover`` to ``others``, weighted as ``merge_small`` says."""
    gap = np.linalg.norm(where[others] - where[mover], axis=1)
    mine = set(np.flatnonzero(head == mover).tolist())
    touched = {head[b] for a, b in neighbours if a in mine} | {
        head[a] for a, b in neighbours if b in mine
    }
    beside = np.isin(others, np.array(sorted(touched), dtype=np.int64))
    return gap * np.where(beside, 1.0, 2.0) * np.where(short[others], 1.0, 1.5)


def _by_largest(head: Ints, people: Ints) -> Ints:
    """Renumber merged areas by their most populous part (the first of equals)."""
    order = np.lexsort((np.arange(len(people)), -people))
    largest: dict[int, int] = {}
    for at in order.tolist():
        largest.setdefault(int(head[at]), at)
    return np.array([largest[int(one)] for one in head], dtype=np.int64)
