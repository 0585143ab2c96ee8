"""An attack on areas: who bears the name of one must be among as many people as was promised.

The attacker has what the site gives everybody: how many live in each area, how far across it is,
and the shapes in which browsers look for the zone of a click. Whoever bears the name of an area
could bear a finer one where there is one, so they may live in what its parts leave of it; and
nobody gets the name of a zone who lives in the part of it that no click finds.
"""

import json
import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import REGION, ZONE, Areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.areas.sphere import EARTH_KM
from mapapp.maps import area_columns
from mapapp.maps.topology import Ring, decode_arcs, join_ring, polygons_of
from mapapp.web.areas import shape_downloads
from tests.attacks.duel import Attack, Outcome
from tests.attacks.target import SOME_NETWORK, Target, Visitor

PROMISED = 100_000
SEED = 4
FILES = ("countries", "regions/{}", "zones/{}")
"""In which shapes the parts of the world, of a country and of a region are."""


@dataclass(frozen=True)
class Part:
    """What everybody is told of an area: how many live there, and how large its shape is.

    Attributes:
        people: at least and at most.
        share: of its land that is in its shape, at most; 0 for what has no shape.
    """

    id: int
    people: tuple[float, float]
    share: float


def who_is_left_over(target: Target, trials: int) -> Outcome:
    """Attack 4: names that fewer than the promised number can bear; guessing finds none.

    Asks for so many areas with their parts, from the world downwards; each part is a trial.
    """
    reader = target.visitor(SOME_NETWORK, None)
    chance = random.Random(SEED)
    world = json.loads(reader.get("/api/v1/areas/0").body)
    waiting = [(0, Part(0, _bounds(world["population"]), 1.0))]
    names = too_few = 0
    for _ in range(trials):
        if not waiting:
            break
        level, area = waiting.pop(chance.randrange(len(waiting)))
        parts = _parts(reader, area.id, level)
        names += len(parts)
        too_few += sum(part.people[1] * part.share < PROMISED for part in parts)
        too_few += _is_left(area, parts)
        if level + 1 < len(FILES):
            waiting += [(level + 1, part) for part in parts]
    return Outcome(names, too_few, guessing=0)


def _bounds(told: float) -> tuple[float, float]:
    """Return between what a figure was before it was told in two digits."""
    half = 10 ** max(math.floor(math.log10(told)) - 1, 0) / 2
    return told - half, told + half


def _is_left(area: Part, parts: list[Part]) -> bool:
    """Whether there are some who have no finer name than that of the area, and too few of them."""
    least = area.people[0] - sum(part.people[1] for part in parts)
    most = area.people[1] - sum(part.people[0] for part in parts)
    return least > 0 and most < PROMISED


def _parts(reader: Visitor, area_id: int, level: int) -> list[Part]:
    geo = f"/geo/{shapes_version()}"
    told = json.loads(reader.get(f"{geo}/names/{area_id}.json").body)
    shapes = json.loads(reader.get(f"{geo}/{FILES[level].format(area_id)}.json").body)
    arcs = decode_arcs(shapes)
    drawn = {one["id"]: one for one in shapes["objects"]["areas"]["geometries"]}
    parts = []
    for at, people, across in zip(told["ids"], told["population"], told["across"], strict=True):
        share = float(at in drawn)
        if level == REGION and share:  # countries and regions are drawn roughly, for the eye
            least = math.pi / 4 * _bounds(across)[0] ** 2
            share = min(1.0, sum(_size(one, arcs) for one in polygons_of(drawn[at])) / least)
        parts.append(Part(at, _bounds(people), share))
    return parts


def _size(polygon: list[list[int]], arcs: list[Ring]) -> float:
    """Return the size of a polygon in square kilometres, its holes taken off."""
    outer, *holes = (_ring_size(join_ring(ring, arcs)) for ring in polygon)
    return outer - sum(holes)


def _ring_size(ring: Ring) -> float:
    lng, lat = np.radians(np.array(ring)).T
    # On a cylinder as high as the sphere, sizes are those on the sphere.
    x, y = lng, np.sin(lat)
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2 * EARTH_KM**2)


@contextmanager
def _not_merged() -> Iterator[None]:
    """Let the name of a zone go to one of its cells, and that of the region to all others."""

    def _of_one_cell(areas: Areas) -> NDArray[np.int64]:
        told = told_residents(areas).copy()
        zones = areas.level == ZONE
        told[zones] = np.maximum(told[zones] // np.maximum(areas.land_cells[zones], 1), 1)
        return told

    shape_downloads._names.cache_clear()
    try:
        with patch.object(area_columns, "told_residents", _of_one_cell):
            yield
    finally:
        shape_downloads._names.cache_clear()


ATTACKS = (
    Attack(
        "4",
        "names of areas for fewer than 100,000 people",
        who_is_left_over,
        _not_merged,
        short=80,
        long=10_000,
    ),
)
