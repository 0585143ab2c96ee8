"""Draws the map of a condition for a report: countries shaded by number, with legend and source."""

import gzip
from typing import cast

import numpy as np

from mapapp.actions.statistics.export_plan import Plan
from mapapp.domain.areas.area_tree import Areas, load_areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.domain.published.counts import Totals, countries_reached
from mapapp.domain.statistics.codebook import CAVEAT, DEMO_NOTE, LICENCE
from mapapp.maps.palette import LIGHT, Scale
from mapapp.maps.shading import BY_NUMBER, scales
from mapapp.maps.teaser import printed_svg
from mapapp.maps.typeset import Kind, typeset

REPORT_PIXELS = 200
"""Of PNG: 2,339 by 1,654 pixels of a page of A4."""


def write(plan: Plan) -> bytes:
    """Return the picture as PNG, SVG or PDF; in English, as all exports are."""
    areas = load_areas()
    totals = _totals(areas, plan)
    contents = plan.contents
    (condition,) = contents.conditions
    values = {
        "lang": "en",
        "dir": "ltr",
        "name": condition.name[:1].upper() + condition.name[1:],
        "people": _people_words(totals, countries_reached(areas, totals)),
        "map": printed_svg(areas, totals, gzip.decompress(shape_bytes("countries"))),
        "map_words": f"World map: listed people with {condition.name} by country",
        "legend": "\n".join(_legend(scales(areas, totals)[BY_NUMBER])),
        "caveat": f"{DEMO_NOTE} {CAVEAT}" if contents.has_demo else CAVEAT,
        "source": f"Source: {contents.site}, numbers of {contents.day}. Licence: {LICENCE}. "
        "Borders: Natural Earth, simplified. Projection: Equal Earth.",
    }
    kind = cast(Kind, plan.request.file_format)
    return typeset("report", values, kind, REPORT_PIXELS)


def _totals(areas: Areas, plan: Plan) -> Totals:
    (people,) = plan.people.values()
    by_area = np.zeros(len(areas), np.int64)
    by_area[plan.ids] = people
    return Totals(by_area, np.zeros(len(areas), np.int64))


def _people_words(totals: Totals, reached: int) -> str:
    people, where = totals.everywhere, "country" if reached == 1 else "countries"
    who = "1 person is" if people == 1 else f"{people:,} people are"
    return f"{who} listed, in {reached} {where}"


def _legend(scale: Scale) -> list[str]:
    """Return a colour and words for each class, and for nobody."""
    ends = [*(int(limit) - 1 for limit in scale.limits[1:]), None]
    lines = [f"{LIGHT[0]} nobody"]
    for first, last, shade in zip(map(int, scale.limits), ends, scale.shades, strict=True):
        to = f"{first:,} or more" if last is None else f"{first:,} to {last:,}"
        lines.append(f"{LIGHT[shade]} {f'{first:,}' if first == last else to}")
    return lines
