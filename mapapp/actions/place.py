"""Placing oneself on the map of a condition, moving, changing who sees it, and leaving it.

Each act changes the membership and the live numbers in one transaction. A membership that is
counted only changes no number, no version and tells nobody (PRIVACY rules 3 and 4).
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions import quotas, tell
from mapapp.domain.areas import Areas
from mapapp.domain.permissions import VISIBILITIES, is_listed
from mapapp.domain.places import is_coarser, seen_at
from mapapp.domain.ties import tie
from mapapp.domain.wording import ROLES
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.conditions import Condition
from mapapp.store.connections import (
    DECLINED,
    OPEN,
    REFUSED,
    WITHDRAWN,
    ContactRequest,
    TellMe,
)
from mapapp.store.members import Member, Membership

FIRST_DECADE = 1900
NO_PLACE = "You have no place on this map."


@dataclass(frozen=True)
class Placement:
    """What a member says about themself and a condition."""

    area_id: int
    area_version: str
    visibility: str
    role: str
    diagnosis_decade: int | None = None


@dataclass(frozen=True)
class MyPlace:
    """A membership as its owner sees it."""

    condition_id: int
    slug: str
    condition: str
    area_id: int
    area_version: str
    visibility: str
    role: str
    diagnosis_decade: int | None
    month: str


def place(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    wanted: Placement,
    now: int | None = None,
) -> bool:
    """Place a member, or change their place; True when the membership is new.

    Raises:
        BadInputError: for choices that do not exist, or areas of another table of areas.
        NotFoundError: for an area that does not exist.
        LimitError: when the limit on moving is used up.
    """
    _check(areas, wanted)
    moment = int(time.time()) if now is None else now
    old = _membership(session, member_id, condition_id)
    if old is None:
        _spend(session, settings.secret, member_id, condition_id, moment, is_new=True)
        if _insert(session, settings, member_id, condition_id, wanted, moment):
            _count(session, settings, areas, condition_id, member_id, None, wanted)
            return True
        old = _membership(session, member_id, condition_id)  # sent twice at once: it is there now
    if old is None:
        raise NotFoundError("This place was removed meanwhile. Please place yourself again.")
    _change(session, settings, areas, old, wanted, moment)
    return False


def set_visibility(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    visibility: str,
) -> None:
    """Change who sees a membership; the numbers follow at once.

    Raises:
        BadInputError: for a visibility that does not exist.
        NotFoundError: when the member has no place there.
    """
    old = _mine(session, member_id, condition_id)
    wanted = Placement(old.area_id, old.area_version, visibility, old.role, old.diagnosis_decade)
    if visibility not in VISIBILITIES:
        raise BadInputError("Choose who sees you.")
    _change(session, settings, areas, old, wanted, int(time.time()))


def remove(
    session: Session, settings: Settings, member_id: int, condition_id: int, now: int | None = None
) -> None:
    """Take a member off the map of a condition; whoever comes back within 30 days has moved.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = _mine(session, member_id, condition_id)
    end_requests(session, member_id, condition_id)
    mine = (TellMe.member_id == member_id, TellMe.condition_id == condition_id)
    session.execute(delete(TellMe).where(*mine))
    area_id, listed = old.area_id, is_listed(old.visibility)
    quotas.use_up(session, settings.secret, quotas.FIRST_PLACE, member_id, condition_id, now=now)
    session.delete(old)
    session.flush()
    if listed:
        live_counts.change(session, condition_id, area_id, -1)


def my_places(session: Session, member_id: int) -> list[MyPlace]:
    """Return the member's places, by the condition's name."""
    rows = session.execute(
        select(
            Membership.condition_id,
            Condition.slug,
            Condition.name,
            Membership.area_id,
            Membership.area_version,
            Membership.visibility,
            Membership.role,
            Membership.diagnosis_decade,
            Membership.month,
        )
        .join(Condition, Condition.id == Membership.condition_id)
        .where(Membership.member_id == member_id)
        .order_by(Condition.name, Condition.id)
    )
    return [MyPlace(*row) for row in rows]


def my_place(session: Session, member_id: int, condition_id: int) -> MyPlace | None:
    """Return the member's place for one condition, or None."""
    found = [p for p in my_places(session, member_id) if p.condition_id == condition_id]
    return found[0] if found else None


def condition_of_mine(session: Session, member_id: int, slug: str) -> int:
    """Return the id of a condition the member is on the map of, be it shown on the site or not.

    Raises:
        NotFoundError: when the member has no place there.
    """
    found = [p.condition_id for p in my_places(session, member_id) if p.slug == slug]
    if not found:
        raise NotFoundError(NO_PLACE)
    return found[0]


def end_requests(session: Session, member_id: int, condition_id: int) -> None:
    """Withdraw the unanswered requests from and to somebody who is not listed any more."""
    mine = or_(ContactRequest.from_member_id == member_id, ContactRequest.to_member_id == member_id)
    for before, after in ((OPEN, WITHDRAWN), (DECLINED, REFUSED)):
        here = (ContactRequest.condition_id == condition_id, ContactRequest.state == before)
        session.execute(update(ContactRequest).where(*here, mine).values(state=after))


def _check(areas: Areas, wanted: Placement) -> None:
    if wanted.area_version != areas.version:
        raise BadInputError(
            "The areas of the map were redrawn since you opened the page. "
            "Please choose your place once more."
        )
    seen_at(areas, wanted.area_id)
    if wanted.visibility not in VISIBILITIES:
        raise BadInputError("Choose who sees you.")
    if wanted.role not in ROLES:
        raise BadInputError("Choose what connects you with the condition.")
    check_decade(wanted.diagnosis_decade)


def check_decade(decade: int | None) -> None:
    """Refuse a decade that is none, or not yet or long past.

    Raises:
        BadInputError: then.
    """
    if decade is None:
        return
    if decade % 10 or not FIRST_DECADE <= decade <= datetime.now(UTC).year:
        raise BadInputError("Choose a decade from the list, or leave it open.")


def _membership(session: Session, member_id: int, condition_id: int) -> Membership | None:
    return session.get(
        Membership, (condition_id, member_id), populate_existing=True, with_for_update=True
    )


def _mine(session: Session, member_id: int, condition_id: int) -> Membership:
    found = _membership(session, member_id, condition_id)
    if found is None:
        raise NotFoundError(NO_PLACE)
    return found


def _insert(
    session: Session,
    settings: Settings,
    member_id: int,
    condition_id: int,
    wanted: Placement,
    now: int,
) -> bool:
    public_id = session.scalars(select(Member.public_id).where(Member.id == member_id)).one()
    made = Membership(
        condition_id=condition_id,
        member_id=member_id,
        area_id=wanted.area_id,
        area_version=wanted.area_version,
        visibility=wanted.visibility,
        role=wanted.role,
        diagnosis_decade=wanted.diagnosis_decade,
        month=_month(now),
        tie=tie(settings.secret, condition_id, public_id),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return False
    return True


def _change(
    session: Session, settings: Settings, areas: Areas, old: Membership, wanted: Placement, now: int
) -> None:
    before = (old.area_id, old.visibility)
    moved = old.area_id != wanted.area_id
    if moved and not is_coarser(areas, wanted.area_id, old.area_id):
        _spend(session, settings.secret, old.member_id, old.condition_id, now)
    if moved:
        old.month = _month(now)
    old.area_id, old.area_version = wanted.area_id, wanted.area_version
    old.visibility, old.role = wanted.visibility, wanted.role
    old.diagnosis_decade = wanted.diagnosis_decade
    session.flush()
    _count(session, settings, areas, old.condition_id, old.member_id, before, wanted)
    if is_listed(before[1]) and not is_listed(wanted.visibility):
        end_requests(session, old.member_id, old.condition_id)


def _count(
    session: Session,
    settings: Settings,
    areas: Areas,
    condition_id: int,
    member_id: int,
    before: tuple[int, str] | None,
    wanted: Placement,
) -> None:
    """Bring the live numbers from ``before`` (area, visibility) to what is wanted now."""
    was = before is not None and is_listed(before[1])
    listed = is_listed(wanted.visibility)
    moved = before is None or before[0] != wanted.area_id
    if was and before is not None and (moved or not listed):
        live_counts.change(session, condition_id, before[0], -1)
    if listed and (moved or not was):
        live_counts.change(session, condition_id, wanted.area_id, 1)
    if listed and not was:
        tell.tell_near(session, settings, areas, condition_id, wanted.area_id, member_id)


def _spend(
    session: Session,
    secret: str,
    member_id: int,
    condition_id: int,
    now: int,
    *,
    is_new: bool = False,
) -> None:
    """Take one placement from what rule 6 allows: the first one, a correction, or a move.

    Removing oneself and coming back counts like moving, or it would be a way around the limit.
    """
    subject = (member_id, condition_id)
    if is_new and quotas.try_use(session, secret, quotas.FIRST_PLACE, *subject, now=now):
        quotas.open_window(session, secret, quotas.CORRECTIONS, *subject, now=now)
        return
    corrects = quotas.is_open(session, secret, quotas.CORRECTIONS, *subject, now=now)
    if corrects and quotas.try_use(session, secret, quotas.CORRECTIONS, *subject, now=now):
        return
    quotas.use(session, secret, quotas.MOVES, *subject, now=now)


def _month(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
