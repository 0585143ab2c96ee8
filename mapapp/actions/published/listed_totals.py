"""How many people are on the maps: of one condition, and of the whole site, by area.

As the last publication left them; no query touches a membership (privacy rules 2 and 4).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.published.numbers_kept import placed_at
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import Totals, countries_reached, roll_up
from mapapp.domain.published.packed import Placed, unpack
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.published import THE_SITE


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
    return rolled_up(placed_at(session, condition_id))


def published_on(session: Session, today: date) -> date:
    """Return the day whose numbers stand: ``today`` on a site that publishes live."""
    moment = facts.fact(session, facts.PUBLISHED_FOR)
    return datetime.fromtimestamp(int(moment), UTC).date() if moment else today


def rolled_up(placed: Placed) -> Totals:
    """Return the numbers of a map rolled up over all areas."""
    return roll_up(load_areas(), placed.ids, placed.people)


def reached_by(placed: Placed) -> int:
    """Return in how many countries the people of a map are."""
    return countries_reached(load_areas(), rolled_up(placed))


def nobody() -> Totals:
    """Return the numbers of a map that nobody joined, without asking for them."""
    return rolled_up(unpack(None))


def everybody(session: Session) -> Totals:
    """Return the listed memberships of all shown conditions, rolled up over all areas."""
    return totals(session, THE_SITE)


def site_totals(session: Session) -> SiteTotals:
    """Return the numbers of the whole site, over the conditions that are shown."""
    found = everybody(session)
    with_people = select(func.count()).where(Condition.listed > 0, Condition.shown)
    conditions = session.scalar(with_people) or 0
    return SiteTotals(found.everywhere, countries_reached(load_areas(), found), conditions)
