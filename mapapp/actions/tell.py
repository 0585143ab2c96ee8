"""Telling members, once, that somebody joined near an area they asked about."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from mapapp.actions.blocked import not_blocked
from mapapp.actions.notices import notify
from mapapp.actions.together import lock_members
from mapapp.domain.areas import Areas
from mapapp.domain.distance import bands_from
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.connections import TellMe
from mapapp.store.members import Member

NEAR_BAND = 3  # under 250 km
MOST_WISHES = 20


def wish(session: Session, areas: Areas, member_id: int, condition_id: int, area_id: int) -> bool:
    """Remember that a member wants to hear of the next one near ``area_id``; False: known already.

    Raises:
        NotFoundError: when there is no such area.
        LimitError: when the member waits for very many already.
    """
    areas.get(area_id)
    # Taken first, so that the same button pressed twice at once makes one wish.
    lock_members(session, member_id)
    if session.get(TellMe, (condition_id, member_id, area_id)) is not None:
        return False
    mine = select(func.count()).select_from(TellMe).where(TellMe.member_id == member_id)
    if (session.scalar(mine) or 0) >= MOST_WISHES:
        raise LimitError("You wait for news of 20 places already. That is as many as there can be.")
    values = {"condition_id": condition_id, "member_id": member_id, "area_id": area_id}
    session.execute(insert(TellMe).values(**values))
    return True


@dataclass(frozen=True)
class Wish:
    """News that a member waits for."""

    slug: str
    condition: str
    area_id: int


def my_wishes(session: Session, areas: Areas, member_id: int) -> list[Wish]:
    """Return what a member waits for, by the condition's name."""
    rows = session.execute(
        select(Condition.slug, Condition.name, TellMe.area_id)
        .join(Condition, Condition.id == TellMe.condition_id)
        .where(TellMe.member_id == member_id, TellMe.area_id < len(areas))
        .order_by(Condition.name, TellMe.area_id)
    )
    return [Wish(*row) for row in rows]


def stop(session: Session, member_id: int, slug: str, area_id: int) -> None:
    """Take a wish back; one that came true meanwhile is gone already."""
    condition = select(Condition.id).where(Condition.slug == slug).scalar_subquery()
    session.execute(
        delete(TellMe).where(
            TellMe.condition_id == condition,
            TellMe.member_id == member_id,
            TellMe.area_id == area_id,
        )
    )


def tell_near(
    session: Session,
    settings: Settings,
    areas: Areas,
    condition_id: int,
    area_id: int,
    joined_id: int,
) -> int:
    """Queue a mail to everybody who waits for a *listed* member near ``area_id``; return how many.

    Each is told once: their wishes that came true are deleted. The mail leaves at midnight, so
    that it does not tell when exactly somebody came.
    """
    # The wishes of whoever pauses wait for the end of the pause, and for somebody after it.
    wishes = session.execute(
        select(TellMe.member_id, TellMe.area_id)
        .join(Member, Member.id == TellMe.member_id)
        .where(
            TellMe.condition_id == condition_id,
            TellMe.member_id != joined_id,
            Member.paused.is_(False),
            Member.suspended.is_(False),
            *not_blocked(joined_id),
        )
    ).all()
    if not wishes:
        return 0
    bands = bands_from(areas, area_id)
    true = [w for w in wishes if w.area_id < len(areas) and bands[w.area_id] <= NEAR_BAND]
    for told in sorted({w.member_id for w in true}):
        notify(session, settings, told, "joined", "/places", asked_for=True, at_midnight=True)
    for member_id, wished in true:
        session.execute(
            delete(TellMe).where(
                TellMe.condition_id == condition_id,
                TellMe.member_id == member_id,
                TellMe.area_id == wished,
            )
        )
    return len({w.member_id for w in true})
