"""The list beside a map: the same numbers by country, in the order of what the map shows."""

from typing import Any

from flask import url_for

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.domain.published.rates import rates_of
from mapapp.maps.shading import RATE
from mapapp.web.published.presenters import area_name, rate_words

A_CODE, CODE = "AREA-CODE", "{code}"


def area_url(slug: str) -> str:
    """Return the URL of the pages of areas, with ``CODE`` for an area's."""
    return url_for("areas.show_area", slug=slug, code=A_CODE).replace(A_CODE, CODE)


def country_rows(numbers: Totals, url: str, by: str) -> list[dict[str, Any]]:
    """Return a row for each country with people, as ``static/js/modes.js`` orders them.

    Args:
        numbers: of the condition.
        url: of an area's page, as ``area_url`` returns it.
        by: ``NUMBER`` for most people first; ``RATE`` for most per million residents, and after
            them those without a rate.
    """
    areas = load_areas()
    ids, counts = level_counts(areas, numbers, "country")
    rates = rates_of(counts, told_residents(areas)[ids])
    found = zip(ids.tolist(), counts.tolist(), rates.tolist(), strict=True)
    rows = [(rate, _country_row(area, n, rate, url)) for area, n, rate in found]
    rows.sort(key=lambda one: (-one[0] if by == RATE else 0, -one[1]["people"], one[1]["name"]))
    return [row for _rate, row in rows]


def _country_row(area_id: int, n: int, rate: float, url: str) -> dict[str, Any]:
    area = load_areas().get(area_id)
    # Filled in, not made: Flask takes its time for two hundred addresses.
    where = url.replace(CODE, area.code)
    told = rate_words(rate) if rate else ""
    return {"id": area_id, "url": where, "name": area_name(area), "people": n, "rate": told}
