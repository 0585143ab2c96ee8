"""Alerts: wishes to be told, once, that the number of people somewhere has reached a few.

``actions.members.alert_news`` finds those that came true.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import lock_members
from mapapp.actions.members.alert_numbers import AlertNumbers
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.conditions.families import load_families
from mapapp.domain.members.alert_wishes import FAMILY, AlertWish, check_wish
from mapapp.errors import N_, BadInputError, LimitError, Nn_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import SHOWN, WAITING, PeopleAlert

MOST_ALERTS = 20
"""Those that a member has at once, with the news that came of them and were not put away."""


def add_alert(
    session: Session, areas: Areas, member_id: int, wish: AlertWish, *, by_mail: bool = False
) -> bool:
    """Store that a member wants to be told of a number; False if they wait for it already.

    Raises:
        NotFoundError: when there is no such area.
        BadInputError: for what nobody can wait for, and for a number that is reached already.
        LimitError: when the member has very many alerts.
    """
    check_wish(wish)
    areas.get(wish.area_id)
    # Locked first, so that the same button pressed twice at once makes one alert.
    lock_members(session, member_id)
    mine = PeopleAlert.member_id == member_id
    known = session.scalar(select(PeopleAlert).where(mine, _is(wish)))
    if known is not None and known.news != SHOWN:
        is_changed = known.by_mail is not by_mail
        known.by_mail = by_mail
        session.flush()
        return is_changed
    _check_is_open(session, areas, wish)
    if known is not None:  # it came true before, and the people left again
        known.news, known.by_mail = WAITING, by_mail
        session.flush()
        return True
    held = session.scalar(select(func.count()).select_from(PeopleAlert).where(mine)) or 0
    if held >= MOST_ALERTS:
        raise LimitError(
            N_("You have %(most)s alerts and news, and that is the limit. Remove one first."),
            most=MOST_ALERTS,
        )
    values = {"member_id": member_id, "by_mail": by_mail, **vars(wish)}
    session.execute(insert(PeopleAlert).values(**values))
    return True


def _check_is_open(session: Session, areas: Areas, wish: AlertWish) -> None:
    code = session.scalar(select(Condition.code).where(Condition.id == wish.condition_id)) or ""
    if wish.kind == FAMILY and not load_families().family(code):
        raise BadInputError(N_("This condition is no family. Choose another place."))
    now = AlertNumbers(session, areas, wish.condition_id, code).people(wish.kind, wish.area_id)
    if now >= wish.people:
        raise BadInputError(
            Nn_(
                "There is %(n)s person there already. Choose a higher number.",
                "There are %(n)s people there already. Choose a higher number.",
            ),
            n=now,
        )


def _is(wish: AlertWish) -> ColumnElement[bool]:
    return and_(*(getattr(PeopleAlert, name) == value for name, value in vars(wish).items()))


@dataclass(frozen=True)
class AlertLine:
    """An alert as the member who has it sees it."""

    slug: str
    condition: str
    kind: str
    area_id: int
    people: int
    by_mail: bool
    came_true: bool
    has_page: bool  # whether staff show the condition


def my_alerts(session: Session, areas: Areas, member_id: int) -> list[AlertLine]:
    """Return a member's alerts, by the condition's name."""
    rows = session.execute(
        select(
            Condition.slug,
            Condition.name,
            PeopleAlert.kind,
            PeopleAlert.area_id,
            PeopleAlert.people,
            PeopleAlert.by_mail,
            PeopleAlert.news == SHOWN,
            Condition.shown,
        )
        .join(Condition, Condition.id == PeopleAlert.condition_id)
        .where(PeopleAlert.member_id == member_id, PeopleAlert.area_id < len(areas))
        .order_by(Condition.name, PeopleAlert.kind, PeopleAlert.area_id, PeopleAlert.people)
    )
    return [AlertLine(*row[:6], bool(row[6]), row[7]) for row in rows]


def alert_at(session: Session, slug: str, kind: str, area_id: int, people: int) -> AlertWish:
    """Return the wish that a form names, whether or not staff show its map.

    Raises:
        NotFoundError: when there is no such condition.
    """
    condition_id = session.scalar(select(Condition.id).where(Condition.slug == slug))
    if condition_id is None:
        raise NotFoundError(N_("There is no condition at this address. Search for it by name."))
    return AlertWish(condition_id, kind, area_id, people)


def remove_alert(session: Session, member_id: int, wish: AlertWish) -> bool:
    """Cancel an alert, or put its news away; a mail about it that still waits is not sent.

    Returns:
        Whether it was news, which may have been mailed already.
    """
    mine = (PeopleAlert.member_id == member_id, _is(wish))
    was_news = session.scalar(select(PeopleAlert.news).where(*mine)) == SHOWN
    session.execute(delete(PeopleAlert).where(*mine))
    return was_news
