"""Wishes to be told, once, that a person joined near an area.

``actions.published.joined_alerts`` finds those that came true. The mail leaves at midnight, and
only then the member's own pages say so, too: neither tells the hour of the publication.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import lock_members
from mapapp.domain.areas.area_tree import Areas
from mapapp.errors import N_, LimitError
from mapapp.store.conditions import Condition
from mapapp.store.members import MAILED, SHOWN, WAITING, NearbyAlert

MOST_WISHES = 20


def add_alert(
    session: Session, areas: Areas, member_id: int, condition_id: int, area_id: int
) -> bool:
    """Store that a member wants news of the next one near ``area_id``; False if it is known.

    Raises:
        NotFoundError: when there is no such area.
        LimitError: when the member waits for very many already.
    """
    areas.get(area_id)
    # Locked first, so that the same button pressed twice at once makes one alert.
    lock_members(session, member_id)
    known = session.get(NearbyAlert, (condition_id, member_id, area_id))
    if known is not None and known.news != SHOWN:
        return False
    mine = (NearbyAlert.member_id == member_id, NearbyAlert.news != SHOWN)
    if (session.scalar(select(func.count()).select_from(NearbyAlert).where(*mine)) or 0) >= (
        MOST_WISHES
    ):
        raise LimitError(N_("You are already waiting for news of 20 places. That is the limit."))
    if known is not None:
        known.news = WAITING
        session.flush()
        return True
    values = {"condition_id": condition_id, "member_id": member_id, "area_id": area_id}
    session.execute(insert(NearbyAlert).values(**values))
    return True


@dataclass(frozen=True)
class AlertLine:
    """A nearby alert as the member who waits for it sees it."""

    slug: str
    condition: str
    area_id: int
    came_true: bool
    has_page: bool  # whether staff show the condition


def my_alerts(session: Session, areas: Areas, member_id: int) -> list[AlertLine]:
    """Return a member's alerts, by the condition's name."""
    rows = session.execute(
        select(
            Condition.slug,
            Condition.name,
            NearbyAlert.area_id,
            NearbyAlert.news == SHOWN,
            Condition.shown,
        )
        .join(Condition, Condition.id == NearbyAlert.condition_id)
        .where(NearbyAlert.member_id == member_id, NearbyAlert.area_id < len(areas))
        .order_by(Condition.name, NearbyAlert.area_id)
    )
    return [AlertLine(*row[:3], bool(row[3]), row[4]) for row in rows]


def remove_alert(session: Session, member_id: int, slug: str, area_id: int) -> bool:
    """Cancel an alert, or put its news away; a mail about it that still waits is not sent.

    Returns:
        Whether it was news, which may have been mailed already.
    """
    condition = select(Condition.id).where(Condition.slug == slug).scalar_subquery()
    mine = (
        NearbyAlert.condition_id == condition,
        NearbyAlert.member_id == member_id,
        NearbyAlert.area_id == area_id,
    )
    was_news = session.scalar(select(NearbyAlert.news).where(*mine)) == SHOWN
    session.execute(delete(NearbyAlert).where(*mine))
    return was_news


def show_news(session: Session) -> None:
    """Let the pages of members say what their mails say, now that these leave."""
    session.execute(update(NearbyAlert).where(NearbyAlert.news == MAILED).values(news=SHOWN))
