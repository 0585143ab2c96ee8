"""Two small worlds on one scale, for the page that puts two maps side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.maps.drawn_world import DRAWN_HEIGHT, DRAWN_WIDTH, country_paths
from mapapp.maps.palette import Scale, number_scale


@dataclass(frozen=True)
class ComparedWorlds:
    """What the template draws: each country once, and its shade in each world.

    Attributes:
        width, height: of a drawing, in its own units.
        paths: of all countries, by area id.
        scale: of numbers, the same for all worlds: a shade means the same number in each.
        shades: for each world, the shade of each country that has people and a path.
    """

    width: int
    height: int
    paths: dict[int, str]
    scale: Scale
    shades: tuple[dict[int, int], ...]


def compared_worlds(areas: Areas, worlds: Sequence[Totals], shapes_version: str) -> ComparedWorlds:
    """Return the drawings of several conditions' numbers by country."""
    found = [level_counts(areas, totals, "country") for totals in worlds]
    scale = number_scale(max((int(n.max()) for _ids, n in found if len(n)), default=1))
    paths = country_paths(shapes_version)
    shades = tuple(
        {area: scale.shade(n) for area, n in zip(*map(list, one), strict=True) if area in paths}
        for one in found
    )
    return ComparedWorlds(DRAWN_WIDTH, DRAWN_HEIGHT, paths, scale, shades)
