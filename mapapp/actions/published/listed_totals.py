"""How many people are on the maps: of one condition, and of the whole site, by area.

Added up from the live numbers; no query touches a membership (privacy rules 2 and 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row, String, func, select
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import Totals, countries_reached, roll_up
from mapapp.store.conditions import AreaCount, Condition


@dataclass(frozen=True)
class SiteTotals:
    """How many listed memberships the site has, in how many countries and conditions.

    A member who is on two maps is counted twice, and pages say so.
    """

    people: int
    countries: int
    conditions: int


def totals(session: Session, condition_id: int) -> Totals:
    """Return the listed people of a condition, rolled up over all areas."""
    query = select(AreaCount.area_id, AreaCount.n).where(AreaCount.condition_id == condition_id)
    return _rolled_up(session.execute(query).all())


def site_totals(session: Session) -> SiteTotals:
    """Return the numbers of the whole site, over the conditions that are shown."""
    state = _state(session)
    countries = countries_reached(load_areas(), _kept_totals(session, state))
    return SiteTotals(state.people, countries, state.conditions)


def everybody(session: Session) -> Totals:
    """Return the listed memberships of all shown conditions, rolled up over all areas."""
    return _kept_totals(session, _state(session))


@dataclass(frozen=True)
class _State:
    """What changes whenever a live number does: each change raises a condition's version.

    ``versions`` names each condition that has people beside its version. A sum would not do: a
    condition whose last person leaves takes its share out, which the joining of others can make up.
    """

    people: int
    conditions: int
    versions: str


def _state(session: Session) -> _State:
    version = Condition.id.cast(String) + ":" + Condition.version.cast(String)
    people, versions, conditions = session.execute(
        select(
            func.coalesce(func.sum(Condition.listed), 0),
            func.coalesce(func.aggregate_strings(version, " "), ""),
            func.count(),
        ).where(Condition.listed > 0, Condition.shown)
    ).one()
    return _State(int(people), conditions, versions)


_totals: dict[str, tuple[_State, Totals]] = {}
"""The numbers of the whole site by database: adding them up takes longer than all else at home."""


def _kept_totals(session: Session, state: _State) -> Totals:
    database = str(session.get_bind())
    known = _totals.get(database)
    if known is None or known[0] != state:
        known = _totals[database] = (state, _add_up(session))
    return known[1]


def _add_up(session: Session) -> Totals:
    places = (
        select(AreaCount.area_id, func.sum(AreaCount.n))
        .join(Condition, Condition.id == AreaCount.condition_id)
        .where(Condition.shown)
        .group_by(AreaCount.area_id)
    )
    return _rolled_up(session.execute(places).all())


def _rolled_up(rows: Sequence[Row[int, int]]) -> Totals:
    table = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return roll_up(load_areas(), table[:, 0], table[:, 1])
