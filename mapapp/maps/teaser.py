"""A small picture of the world: countries shaded by number, for pages without a map.

The reader compares areas by shade, so the projection (Equal Earth) preserves their size. The
interactive map preserves angles instead, because people zoom in on it.
"""

import json
import math
import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.published.counts import Totals
from mapapp.maps.palette import DARK, LIGHT
from mapapp.maps.shading import BY_NUMBER, country_shades, scales
from mapapp.maps.svg_paths import SMALLEST_ACROSS, shape_path
from mapapp.maps.topology import Ring, decode_arcs, outer_rings

WIDTH, HEIGHT = 960, 440
SOUTH = -58.0  # Antarctica is left out
CENTRE = 11.0  # degrees east: the edge then cuts no country but the far end of Russia
NEAREST_DOTS = 0.8  # pixels; points closer than this to the previous one are left out
# Šavrič, Patterson, Jenny (2018): The Equal Earth map projection.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
SCALE = 176.0
PAPER = "#faf8f4"
"""On which the light picture lies."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SHIFT_Y = 244.0  # leaves as much room above Greenland as below Cape Horn


def style() -> str:
    """Return the picture's style sheet, light and dark; shade 0 means nobody."""
    rules = [f".s{i}{{fill:{colour}}}" for i, colour in enumerate(LIGHT)]
    dark = "".join(f".s{i}{{fill:{colour}}}" for i, colour in enumerate(DARK))
    line = f"path{{stroke:{PAPER};stroke-width:.5;stroke-linejoin:round}}"
    dark_line = "path{stroke:#11191a}"
    return line + "".join(rules) + f"@media(prefers-color-scheme:dark){{{dark_line}{dark}}}"


def teaser_svg(areas: Areas, totals: Totals, countries: bytes, title: str) -> bytes:
    """Return the picture as SVG.

    Args:
        areas: the area tree.
        totals: public numbers.
        countries: TopoJSON of all countries, uncompressed.
        title: what the picture shows, in words.
    """
    by_shade = shaded_paths(areas, totals, countries)
    drawn = "".join(f'<path class="s{s}" d="{path}"/>' for s, path in by_shade.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{_escaped(title)}</title><style>{style()}</style>{drawn}</svg>"
    ).encode()


def printed_svg(areas: Areas, totals: Totals, countries: bytes) -> str:
    """Return the picture for paper and for pictures of pages: light, and without a style sheet.

    Args:
        areas, totals, countries: as for ``teaser_svg``.
    """
    by_shade = shaded_paths(areas, totals, countries)
    line = f'stroke="{PAPER}" stroke-width=".5" stroke-linejoin="round"'
    drawn = "".join(f'<path fill="{LIGHT[s]}" d="{path}"/>' for s, path in by_shade.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<g {line}>{drawn}</g></svg>"
    )


def shaded_paths(areas: Areas, totals: Totals, countries: bytes) -> dict[int, str]:
    """Return one path for all countries of a shade, the lightest shade first."""
    shades = country_shades(areas, totals, BY_NUMBER, scales(areas, totals)[BY_NUMBER])
    by_shade: dict[int, list[str]] = {}
    for area, path in country_paths(countries).items():
        by_shade.setdefault(shades.get(area, 0), []).append(path)
    return {shade: "".join(by_shade[shade]) for shade in sorted(by_shade)}


@lru_cache(maxsize=2)
def country_paths(countries: bytes) -> dict[int, str]:
    """Return the SVG path of each country by its area id."""
    topology: dict[str, Any] = json.loads(countries)
    arcs = decode_arcs(topology)
    geometries = topology["objects"]["areas"]["geometries"]
    paths = {g["id"]: _path(outer_rings(g, arcs)) for g in geometries}
    return {area: path for area, path in paths.items() if path}


def _path(rings: list[Ring]) -> str:
    seen = [ring for ring in rings if max(lat for _lng, lat in ring) >= SOUTH]
    return shape_path(seen, _equal_earth, NEAREST_DOTS, SMALLEST_ACROSS, 1)


def _equal_earth(lng: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return pixels, shape (n, 2), for degrees."""
    turned = np.radians(lng - CENTRE)
    theta = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(lat)))
    power = theta**2
    slope = A1 + 3 * A2 * power + power**3 * (7 * A3 + 9 * A4 * power)
    x = 2 * math.sqrt(3) * turned * np.cos(theta) / (3 * slope)
    y = theta * (A1 + A2 * power + power**3 * (A3 + A4 * power))
    return np.column_stack((WIDTH / 2 + SCALE * x, SHIFT_Y - SCALE * y))


def _escaped(text: str) -> str:
    # A single character that XML forbids would make browsers refuse the whole picture.
    text = _NOT_XML.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
