"""The badges of the world as the server draws it, put together as ``static/js/cut.js`` does it.

Everyone is in exactly one badge, and no two of them touch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_BADGE, LARGEST_BADGE = 14.0, 27.0  # pixels of radius
OF_MANY = 3.0  # so much larger is at most a badge of several areas
LEAST_GAP = 3.0


Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Badge:
    """A number on the map.

    Attributes:
        x, y: its middle, in pixels.
        r: its radius in pixels; its area shows the number.
        people: how many it stands for.
        areas: whose people they are, those with most people first.
        box: around the points of these areas: west, north, east, south.
    """

    x: float
    y: float
    r: float
    people: int
    areas: tuple[int, ...]
    box: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Sizes:
    """How large badges are on a map.

    Attributes:
        most: people of the area that has most.
        width: of the map in pixels.
        apart: the smallest distance between two middles; a finger needs more than a mouse.
    """

    most: int
    width: float
    apart: float

    def radius(self, people: int) -> float:
        """Return the radius for a number of people: it grows with the square root."""
        largest = min(LARGEST_BADGE, max(252.0, self.width) / 18)
        factor = min(6.0, largest / math.sqrt(max(1, self.most)))
        return min(largest + OF_MANY, max(SMALLEST_BADGE, factor * math.sqrt(people)))


Spot = tuple[int, float, float, int]
"""An area, where its number stands in pixels, and how many people there are."""


def badges_at(spots: Sequence[Spot], sizes: Sizes) -> list[Badge]:
    """Return the badges for areas, largest first; those that would touch stand together."""
    badges = [Badge(x, y, sizes.radius(n), n, (area,), (x, y, x, y)) for area, x, y, n in spots]
    has_changed = True
    while has_changed:
        has_changed = False
        placed: list[Badge] = []
        for badge in sorted(badges, key=lambda one: (-one.people, one.areas[0])):
            at = _best_touching(placed, badge, sizes.apart)
            if at is None:
                placed.append(badge)
            else:
                placed[at] = _together(placed[at], badge, sizes)
                has_changed = True
        badges = placed
    return badges


def _best_touching(placed: Sequence[Badge], badge: Badge, apart: float) -> int | None:
    """Return which of the badges overlaps most with ``badge``, if any does."""
    best, nearest = None, math.inf
    x, y, reach = badge.x, badge.y, badge.r + LEAST_GAP
    farthest = max(LARGEST_BADGE + OF_MANY + reach, apart)
    for at, other in enumerate(placed):
        if abs(other.x - x) >= farthest or abs(other.y - y) >= farthest:
            continue  # nearly all of them
        room = max(other.r + reach, apart)
        distance = math.hypot(other.x - x, other.y - y)
        if distance < room and distance / room < nearest:
            best, nearest = at, distance / room
    return best


def _together(one: Badge, other: Badge, sizes: Sizes) -> Badge:
    people = one.people + other.people
    (west, north, east, south), (w, n, e, s) = one.box, other.box
    box = (min(west, w), min(north, n), max(east, e), max(south, s))
    # In the middle of its areas: on the largest it would pass for that one's number.
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return Badge(x, y, sizes.radius(people), people, one.areas + other.areas, box)
