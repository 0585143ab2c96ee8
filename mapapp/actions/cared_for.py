"""People whom a member cares for: a parent places a child, and the child is counted, never listed.

They are members without an account. Their place is chosen by the carer, who also answers the
question that comes back when a child turns 18.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions import consents
from mapapp.actions.consents import CARED_FOR
from mapapp.actions.erase import cared_for_ids, erase_member
from mapapp.actions.my_places import MyPlace, my_places
from mapapp.actions.place import Placement, put
from mapapp.actions.visibility import refuse_paused
from mapapp.domain.areas import Areas
from mapapp.domain.consents import ADULT, CARE
from mapapp.domain.months import is_month, months_between, this_month
from mapapp.domain.permissions import COUNTED
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.trust import OpenQuestion

ROLE = "self"  # they live with it, whoever placed them
MOST = 8
ADULT_YEARS = 18


@dataclass(frozen=True)
class CaredFor:
    """Somebody a member placed."""

    member_id: int
    public_id: str
    adult_month: str  # '' for adults
    asked_since: str  # the day on which the carer was asked what shall happen now, '' for never
    places: tuple[MyPlace, ...]

    @property
    def asked(self) -> bool:
        """Whether the question of what shall happen now that they are 18 is open."""
        return bool(self.asked_since)


def place_cared_for(
    session: Session,
    settings: Settings,
    areas: Areas,
    carer_id: int,
    condition_id: int,
    area_id: int,
    adult_month: str,
) -> str:
    """Place somebody new, counted only, and return their public id.

    Args:
        session: the transaction.
        settings: of the site.
        areas: the area table.
        carer_id: who places them, and says that they may.
        condition_id: what they live with.
        area_id: where.
        adult_month: in which a child turns 18, '' for an adult.

    Raises:
        BadInputError: for a month that cannot be, for carers who are not 18, and during a pause,
            which takes everybody they care for out of the numbers.
        LimitError: for very many people.
    """
    refuse_paused(session, carer_id)  # first: its lock lets no two at once both be the last
    consents.require_adult(session, carer_id)
    _check_month(adult_month)
    here = select(func.count()).select_from(Member).where(Member.carer_id == carer_id)
    if (session.scalar(here) or 0) >= MOST:
        raise LimitError(f"You have placed {MOST} people. That is as many as there can be.")
    made = Member(carer_id=carer_id, source=CARED_FOR, adult_month=adult_month or None)
    session.add(made)
    session.flush()
    consents.agree(session, made.id, CARE, condition_id)
    placement = Placement(area_id, areas.version, COUNTED, ROLE)
    put(session, settings, areas, made.id, condition_id, placement)
    return made.public_id


def my_cared_for(session: Session, carer_id: int) -> list[CaredFor]:
    """Return the people a member placed, in an order that tells nothing."""
    rows = session.execute(
        select(Member.id, Member.public_id, Member.adult_month, OpenQuestion.since)
        .outerjoin(
            OpenQuestion, (OpenQuestion.member_id == Member.id) & (OpenQuestion.kind == ADULT)
        )
        .where(Member.carer_id == carer_id)
        .order_by(Member.public_id)
    )
    return [
        CaredFor(
            row.id,
            row.public_id,
            row.adult_month or "",
            row.since.isoformat() if row.since else "",
            tuple(my_places(session, row.id)),
        )
        for row in rows
    ]


def remove_cared_for(session: Session, settings: Settings, carer_id: int, public_id: str) -> None:
    """Erase somebody a member placed.

    Raises:
        NotFoundError: when the member placed nobody of this id.
    """
    erase_member(session, settings, _mine(session, carer_id, public_id))


def keep_grown_up(session: Session, carer_id: int, public_id: str) -> None:
    """Note that somebody who turned 18 agreed themself to stay counted; they are not asked again.

    Raises:
        NotFoundError: when the member placed nobody of this id.
        NotAllowedError: before they turned 18 and the question came.
    """
    member_id = _mine(session, carer_id, public_id)
    if session.get(OpenQuestion, (member_id, ADULT)) is None:
        raise NotAllowedError("This can be said when they have turned 18. We ask you then.")
    session.execute(update(Member).where(Member.id == member_id).values(adult_month=None))
    session.execute(delete(OpenQuestion).where(OpenQuestion.member_id == member_id))


def is_mine(session: Session, carer_id: int, member_id: int) -> bool:
    """Whether ``member_id`` is the member or somebody they care for."""
    return member_id == carer_id or member_id in cared_for_ids(session, carer_id)


def _mine(session: Session, carer_id: int, public_id: str) -> int:
    found = session.scalar(
        select(Member.id).where(Member.carer_id == carer_id, Member.public_id == public_id)
    )
    if found is None:
        raise NotFoundError("You have placed nobody of this kind, or they were removed already.")
    return found


def _check_month(month: str) -> None:
    if not month:
        return
    if not is_month(month):
        raise BadInputError("Choose the month in which they turn 18.")
    ahead = months_between(this_month(), month)
    if not 0 < ahead <= ADULT_YEARS * 12:
        raise BadInputError(
            "Choose the month in which they turn 18. If they are 18 already, say that they are "
            "an adult."
        )
