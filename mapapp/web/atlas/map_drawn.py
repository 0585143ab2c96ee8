"""The drawn world of a map's page, its badges in words, and the list that says the same."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from babel.numbers import format_compact_decimal
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.domain.published.rates import rates_of
from mapapp.maps.badges import Badge
from mapapp.maps.drawn_world import drawn_world
from mapapp.maps.shading import BY_RATE
from mapapp.web.core.locale import current_locale
from mapapp.web.published.presenters import (
    area_name,
    number_words,
    people_words,
    rate_words,
)

LARGE = 20
"""Pixels of radius from which a badge has room for larger figures."""
THOUSAND = 1_000
A_CODE, CODE = "AREA-CODE", "{code}"


class DrawnBadge(NamedTuple):
    """A badge as the template draws it: ``area`` is None where it stands for several."""

    x: float
    y: float
    r: float
    number: str
    words: str
    area: int | None
    is_large: bool


def drawn_map(
    numbers: Totals, countries: Sequence[Mapping[str, Any]], shades: Mapping[int, int]
) -> dict[str, Any]:
    """Return what ``atlas/map_drawn.html`` needs.

    Args:
        numbers: of the condition.
        countries: the rows of the list beside the map.
        shades: of countries, as ``maps.shading.country_shades`` gives them.
    """
    drawn = drawn_world(load_areas(), numbers, shapes_version(), shades)
    rows = {row["id"]: row for row in countries}
    badges = {
        width: [_badge(badge, rows) for badge in badges] for width, badges in drawn.badges.items()
    }
    ways = {area: row["url"] for area, row in rows.items()}
    return {"drawn": drawn, "drawn_ways": ways, "drawn_badges": badges}


def _badge(badge: Badge, rows: Mapping[int, Mapping[str, Any]]) -> DrawnBadge:
    area = badge.areas[0] if len(badge.areas) == 1 else None
    n = len(badge.areas)
    group = ngettext("%(n)s country", "%(n)s countries", n, n=number_words(n))
    name = rows[area]["name"] if area else group
    words = _("%(name)s: %(people)s", name=name, people=people_words(badge.people))
    number = short_words(badge.people)
    return DrawnBadge(badge.x, badge.y, badge.r, number, str(words), area, badge.r >= LARGE)


def short_words(number: int) -> str:
    """Return a number short enough for a badge: 659, 1.2K."""
    if number < THOUSAND:
        return number_words(number)
    rounded = float(f"{number:.2g}")
    return format_compact_decimal(rounded, locale=current_locale(), fraction_digits=1)


def area_url(slug: str) -> str:
    """Return the URL of the pages of areas, with ``CODE`` for an area's."""
    return url_for("areas.show_area", slug=slug, code=A_CODE).replace(A_CODE, CODE)


def country_rows(numbers: Totals, url: str, by: str) -> list[dict[str, Any]]:
    """Return a row for each country with people, as ``static/js/modes.js`` orders them.

    Args:
        numbers: of the condition.
        url: of an area's page, as ``area_url`` returns it.
        by: ``BY_NUMBER`` for most people first; ``BY_RATE`` for most per million residents,
            and after them those without a rate.
    """
    areas = load_areas()
    ids, counts = level_counts(areas, numbers, "country")
    rates = rates_of(counts, told_residents(areas)[ids])
    found = zip(ids.tolist(), counts.tolist(), rates.tolist(), strict=True)
    rows = [(rate, _country_row(area, n, rate, url)) for area, n, rate in found]
    rows.sort(key=lambda one: (-one[0] if by == BY_RATE else 0, -one[1]["people"], one[1]["name"]))
    return [row for _rate, row in rows]


def _country_row(area_id: int, n: int, rate: float, url: str) -> dict[str, Any]:
    area = load_areas().get(area_id)
    # Filled in, not made: Flask takes its time for two hundred addresses.
    where = url.replace(CODE, area.code)
    told = rate_words(rate) if rate else ""
    return {"id": area_id, "url": where, "name": area_name(area), "people": n, "rate": told}
