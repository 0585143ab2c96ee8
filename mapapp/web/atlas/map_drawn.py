"""The drawn world of a map's page: its badges in words, and where they lead."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from babel.numbers import format_compact_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals
from mapapp.maps.badges import Badge
from mapapp.maps.drawn_world import drawn_world
from mapapp.web.core.locale import current_locale
from mapapp.web.published.presenters import number_words, people_words

LARGE = 20
"""Pixels of radius from which a badge has room for larger figures."""
THOUSAND = 1_000


class DrawnBadge(NamedTuple):
    """A badge as the template draws it: ``area`` is None where it stands for several."""

    x: float
    y: float
    r: float
    number: str
    words: str
    area: int | None
    is_large: bool


def drawn_map(numbers: Totals, countries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what ``atlas/map_drawn.html`` needs.

    Args:
        numbers: of the condition.
        countries: the rows of the list beside the map.
    """
    drawn = drawn_world(load_areas(), numbers, shapes_version())
    rows = {row["id"]: row for row in countries}
    badges = {
        name: [_badge(badge, rows) for badge in badges] for name, badges in drawn.badges.items()
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
