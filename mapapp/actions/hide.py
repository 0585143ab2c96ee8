"""Hiding everywhere at once, pausing, and being hidden by silence; each can be undone by itself.

Hiding keeps people in the numbers that hold those who are only counted. A pause takes them out of
every number and stops mail until they come back. Moderators set somebody aside in the same way. A
membership says for which reasons it is set aside, and what was chosen for it: each reason can end
without touching what rests on another.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions import consents
from mapapp.actions.ended_requests import end_requests
from mapapp.actions.erase import cared_for_ids
from mapapp.actions.post_aside import bring_posts_back, has_posts_aside, set_posts_aside
from mapapp.actions.together import lock_members
from mapapp.actions.visibility import is_set_aside, show_as
from mapapp.domain.areas import Areas
from mapapp.domain.aside import HIDDEN, MODERATED, RESTING, SILENT
from mapapp.domain.permissions import COUNTED, LISTED, PAUSED
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import Member, Membership


def hide_everywhere(session: Session, settings: Settings, areas: Areas, member_id: int) -> int:
    """Take every listing of a member away, and all they wrote; return how many listings.

    What was hidden by an earlier call stays so: only the last one can be undone.
    """
    mine = _memberships(session, member_id)
    shown = [m for m in mine if _chosen(m) in LISTED and HIDDEN not in m.aside]
    set_posts_aside(session, member_id, HIDDEN)
    if not shown:
        return 0
    for membership in mine:
        if HIDDEN in membership.aside:
            _choose_nobody(session, settings, areas, membership)
    for membership in shown:
        _set_aside(session, settings, areas, membership, membership.aside + HIDDEN)
    return len(shown)


def show_again(session: Session, settings: Settings, areas: Areas, member_id: int) -> int:
    """Undo ``hide_everywhere``; return how many listings and posts came back.

    Raises:
        BadInputError: during a pause, which must be ended first.
    """
    if is_paused(session, member_id):
        raise BadInputError("Your account is paused. End the pause first.")
    posts = bring_posts_back(session, member_id, HIDDEN)
    return _end(session, settings, areas, member_id, HIDDEN) + posts


def hide_silent(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Hide somebody who did not answer; what they hid themself stays theirs to undo."""
    set_posts_aside(session, member_id, SILENT)
    for membership in _memberships(session, member_id):
        if _chosen(membership) in LISTED and SILENT not in membership.aside:
            _set_aside(session, settings, areas, membership, membership.aside + SILENT)


def show_answered(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Undo ``hide_silent``."""
    bring_posts_back(session, member_id, SILENT)
    _end(session, settings, areas, member_id, SILENT)


def pause(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Take a member out of all lists and numbers, and send no mail, until ``end_pause``.

    What was hidden stays hidden after the pause. Whom the member cares for rests too: they have no
    account of their own with which anybody could pause for them.
    """
    set_posts_aside(session, member_id, RESTING)
    for subject_id in (member_id, *cared_for_ids(session, member_id)):
        for membership in _memberships(session, subject_id):
            if RESTING not in membership.aside:
                _set_aside(session, settings, areas, membership, membership.aside + RESTING)
    session.execute(update(Member).where(Member.id == member_id).values(paused=True))


def end_pause(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Bring everything back as it was before the pause."""
    bring_posts_back(session, member_id, RESTING)
    session.execute(update(Member).where(Member.id == member_id).values(paused=False))
    for subject_id in (member_id, *cared_for_ids(session, member_id)):
        _end(session, settings, areas, subject_id, RESTING)


def set_aside(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Take a member out of all lists and numbers until ``bring_back``; requests end."""
    set_posts_aside(session, member_id, MODERATED)
    for membership in _memberships(session, member_id):
        if MODERATED not in membership.aside:
            _set_aside(session, settings, areas, membership, membership.aside + MODERATED)
        end_requests(session, member_id, membership.condition_id)


def bring_back(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Undo ``set_aside``, unless something else of the moderators' still keeps the member away."""
    if not is_set_aside(session, member_id):
        bring_posts_back(session, member_id, MODERATED)
        _end(session, settings, areas, member_id, MODERATED)


def is_paused(session: Session, member_id: int) -> bool:
    """Whether the member has paused their account."""
    return bool(session.scalar(select(Member.paused).where(Member.id == member_id)))


def is_hidden(session: Session, member_id: int) -> bool:
    """Whether there is something that ``show_again`` would bring back."""
    return _is_aside(session, member_id, HIDDEN) or has_posts_aside(session, member_id, HIDDEN)


def is_silent(session: Session, member_id: int) -> bool:
    """Whether silence to the yearly question hides something, whatever else does."""
    return _is_aside(session, member_id, SILENT)


def _is_aside(session: Session, member_id: int, reason: str) -> bool:
    rests = select(Membership.member_id).where(
        Membership.member_id == member_id, Membership.aside.contains(reason)
    )
    return session.scalar(rests.limit(1)) is not None


def _chosen(membership: Membership) -> str:
    return membership.before or membership.visibility


def _end(session: Session, settings: Settings, areas: Areas, member_id: int, reason: str) -> int:
    waiting = [m for m in _memberships(session, member_id) if reason in m.aside]
    for membership in waiting:
        _set_aside(session, settings, areas, membership, membership.aside.replace(reason, ""))
    return len(waiting)


def _set_aside(
    session: Session, settings: Settings, areas: Areas, membership: Membership, aside: str
) -> None:
    """Show a membership as the reasons in ``aside`` leave it."""
    chosen = _chosen(membership)
    away = RESTING in aside or MODERATED in aside
    visibility = PAUSED if away else COUNTED if aside else chosen
    membership.aside, membership.before = aside, chosen if aside else ""
    # Coming back is no news: whoever waits for a first person nearby waits for somebody new.
    show_as(session, settings, areas, membership, visibility, is_news=False)


def _choose_nobody(
    session: Session, settings: Settings, areas: Areas, membership: Membership
) -> None:
    """Let what was hidden stay hidden, as if it had been chosen so."""
    consents.agree_to_visibility(session, membership.member_id, membership.condition_id, COUNTED)
    membership.before = COUNTED
    _set_aside(session, settings, areas, membership, membership.aside.replace(HIDDEN, ""))


def _memberships(session: Session, member_id: int) -> list[Membership]:
    """The member's own memberships, locked, in the order in which all acts take them."""
    lock_members(session, member_id)
    query = (
        select(Membership)
        .where(Membership.member_id == member_id)
        .order_by(Membership.condition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))
