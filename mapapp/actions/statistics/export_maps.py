"""Reads the tables of whole maps: growth, and what was released."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from mapapp.actions.knowledge.treatment_use import treatments_of
from mapapp.actions.published.month_ends import month_ends
from mapapp.actions.published.released import released
from mapapp.domain.areas.area_tree import COUNTRY, Area, load_areas
from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.published.release_rules import ALL_QUERIES, epochs_of
from mapapp.domain.statistics.export_table import Counted
from mapapp.domain.statistics.map_tables import (
    Estimates,
    MapTable,
    growth_table,
    released_table,
)
from mapapp.store.conditions import Condition

MONTHS_EXPORTED = 1_200

Conditions = Mapping[Counted, Condition]


def read_growth(session: Session, conditions: Conditions) -> MapTable:
    """Return how many were listed on each map when each month ended."""
    return growth_table(
        {one: month_ends(session, row.id, MONTHS_EXPORTED) for one, row in conditions.items()}
    )


def read_released(session: Session, conditions: Conditions, places: list[Area]) -> MapTable:
    """Return what was released last of each map; of some countries only, if there are ``places``.

    Never in one table with listed people: estimates add up to nothing (privacy rule 3).
    """
    areas = load_areas()
    countries = places or [areas.get(int(one)) for one in areas.children(0)]
    written = {one.code: load_iso_codes().written(one.code, COUNTRY) for one in countries}
    if not places:
        written[""] = ""
    return released_table(
        {one: list(_answers(session, row.id)) for one, row in conditions.items()}, written
    )


def _answers(session: Session, condition_id: int) -> list[Estimates]:
    names = {one.public_id: one.name for one in treatments_of(session, condition_id)}
    return [
        Estimates(query, found.epoch, found.numbers, found.least, found.error, names)
        for query in ALL_QUERIES
        if (found := released(session, condition_id, query)) is not None
    ]


def quarter_of(day: date) -> tuple[str, date]:
    """Return the quarter of ``day`` and its first day: released numbers stand that long."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return epochs_of(day)[0].name, first
