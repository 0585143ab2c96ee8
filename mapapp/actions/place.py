"""Placing oneself on the map of a condition, moving, changing who sees it, and leaving it.

Each act changes the membership and the live numbers in one transaction. A membership that is
counted only changes no number, no version and tells nobody (PRIVACY rules 3 and 4).
"""

import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions import consents, quotas
from mapapp.actions.ended_requests import end_requests
from mapapp.actions.my_treatments import forget_tried
from mapapp.actions.visibility import (
    count_change,
    is_set_aside,
    kept_aside,
    membership_of,
    my_membership,
    refuse_listing,
    refuse_paused,
)
from mapapp.domain.areas import Areas
from mapapp.domain.aside import MODERATED
from mapapp.domain.decades import check_decade
from mapapp.domain.months import this_month
from mapapp.domain.permissions import PAUSED, VISIBILITIES, is_listed
from mapapp.domain.places import is_coarser, seen_at
from mapapp.domain.ties import tie
from mapapp.domain.wording import ROLES
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.connections import TellMe
from mapapp.store.members import Member, Membership


@dataclass(frozen=True)
class Placement:
    """What a member says about themself and a condition."""

    area_id: int
    area_version: str
    visibility: str
    role: str
    diagnosis_decade: int | None = None


def place(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    wanted: Placement,
    now: int | None = None,
) -> bool:
    """Place oneself, or change one's place, and agree to what that takes; True when it is new.

    Raises:
        BadInputError: for choices that do not exist, areas of another table of areas, during a
            pause, and for whoever has not said that they are 18 or older.
        NotFoundError: for an area that does not exist.
        LimitError: when the limit on moving is used up.
    """
    refuse_paused(session, member_id)
    consents.require_adult(session, member_id)
    consents.agree_to_visibility(session, member_id, condition_id, wanted.visibility)
    return put(session, settings, areas, member_id, condition_id, wanted, now)


def put(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    condition_id: int,
    wanted: Placement,
    now: int | None = None,
) -> bool:
    """Place any member, also one who is cared for; as ``place``, but nobody agrees to anything."""
    _check(areas, wanted)
    refuse_listing(session, member_id, wanted.visibility)
    moment = int(time.time()) if now is None else now
    old = membership_of(session, member_id, condition_id)
    if old is None:
        _spend(session, settings.secret, member_id, condition_id, moment, is_new=True)
        made = _insert(session, settings, member_id, condition_id, wanted, moment)
        if made is not None:
            shown = (made.area_id, made.visibility)
            count_change(session, settings, areas, (condition_id, member_id), None, shown)
            return True
        old = membership_of(session, member_id, condition_id)  # sent twice at once: it is there now
    if old is None:
        raise NotFoundError("This place was removed meanwhile. Please place yourself again.")
    _change(session, settings, areas, old, wanted, moment)
    return False


def remove(
    session: Session, settings: Settings, member_id: int, condition_id: int, now: int | None = None
) -> None:
    """Take a member off the map of a condition; whoever comes back within 30 days has moved.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = my_membership(session, member_id, condition_id)
    consents.agree_to_visibility(session, member_id, condition_id, "")
    end_requests(session, member_id, condition_id)
    mine = (TellMe.member_id == member_id, TellMe.condition_id == condition_id)
    session.execute(delete(TellMe).where(*mine))
    forget_tried(session, member_id, condition_id)
    area_id, listed = old.area_id, is_listed(old.visibility)
    quotas.use_up(session, settings.secret, quotas.FIRST_PLACE, member_id, condition_id, now=now)
    session.delete(old)
    session.flush()
    if listed:
        live_counts.change(session, condition_id, area_id, -1)


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


def _insert(
    session: Session,
    settings: Settings,
    member_id: int,
    condition_id: int,
    wanted: Placement,
    now: int,
) -> Membership | None:
    public_id = session.scalars(select(Member.public_id).where(Member.id == member_id)).one()
    aside = is_set_aside(session, member_id)  # leaving a map and coming back undoes nothing
    made = Membership(
        condition_id=condition_id,
        member_id=member_id,
        area_id=wanted.area_id,
        area_version=wanted.area_version,
        visibility=PAUSED if aside else wanted.visibility,
        aside=MODERATED if aside else "",
        before=wanted.visibility if aside else "",
        role=wanted.role,
        diagnosis_decade=wanted.diagnosis_decade,
        month=this_month(now),
        tie=tie(settings.secret, condition_id, public_id),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return None
    return made


def _change(
    session: Session, settings: Settings, areas: Areas, old: Membership, wanted: Placement, now: int
) -> None:
    before = (old.area_id, old.visibility)
    moved = old.area_id != wanted.area_id
    if moved and not is_coarser(areas, wanted.area_id, old.area_id):
        _spend(session, settings.secret, old.member_id, old.condition_id, now)
    if moved:
        old.month = this_month(now)
    old.area_id, old.area_version = wanted.area_id, wanted.area_version
    old.aside, old.before = kept_aside(old, wanted.visibility)
    old.visibility, old.role = PAUSED if old.aside else wanted.visibility, wanted.role
    old.diagnosis_decade = wanted.diagnosis_decade
    session.flush()
    count_change(
        session,
        settings,
        areas,
        (old.condition_id, old.member_id),
        before,
        (old.area_id, old.visibility),
    )
    if is_listed(before[1]) and not is_listed(old.visibility):
        end_requests(session, old.member_id, old.condition_id)


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
