"""Hiding everywhere at once, and pausing; both can be undone.

Hiding keeps people in the numbers that hold those who are only counted. A pause takes them out of
every number and stops all mail until they come back.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.place import show_as
from mapapp.domain.areas import Areas
from mapapp.domain.permissions import COUNTED, LISTED, PAUSED
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import Member, Membership


def hide_everywhere(session: Session, settings: Settings, areas: Areas, member_id: int) -> int:
    """Take every listing of a member away; return how many there were.

    What was hidden by an earlier call stays so: only the last one can be undone.
    """
    listed = [m for m in _memberships(session, member_id) if m.visibility in LISTED]
    if listed:
        settle(session, member_id)
    for membership in listed:
        before = membership.visibility
        show_as(session, settings, areas, membership, COUNTED, before=before)
    return len(listed)


def settle(session: Session, member_id: int) -> None:
    """Let what is hidden stay hidden: nothing is left to be undone."""
    here = (Membership.member_id == member_id, Membership.visibility == COUNTED)
    session.execute(update(Membership).where(*here).values(before=""))


def show_again(session: Session, settings: Settings, areas: Areas, member_id: int) -> int:
    """Undo ``hide_everywhere``; return how many listings came back.

    Raises:
        BadInputError: during a pause, which must be ended first.
    """
    if is_paused(session, member_id):
        raise BadInputError("Your account is paused. End the pause first.")
    return _go_back(session, settings, areas, member_id)


def pause(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Take a member out of all lists and numbers, and send no mail, until ``end_pause``.

    What was hidden stays hidden after the pause.
    """
    if is_paused(session, member_id):
        return
    for membership in _memberships(session, member_id):
        before = membership.visibility
        show_as(session, settings, areas, membership, PAUSED, before=before)
    session.execute(update(Member).where(Member.id == member_id).values(paused=True))


def end_pause(session: Session, settings: Settings, areas: Areas, member_id: int) -> None:
    """Bring everything back as it was before the pause."""
    if not is_paused(session, member_id):
        return
    session.execute(update(Member).where(Member.id == member_id).values(paused=False))
    _go_back(session, settings, areas, member_id)


def is_paused(session: Session, member_id: int) -> bool:
    """Whether the member has paused their account."""
    return bool(session.scalar(select(Member.paused).where(Member.id == member_id)))


def is_hidden(session: Session, member_id: int) -> bool:
    """Whether there is something that ``show_again`` would bring back."""
    hidden = select(Membership.member_id).where(
        Membership.member_id == member_id,
        Membership.before != "",
        Membership.visibility == COUNTED,
    )
    return session.scalar(hidden.limit(1)) is not None


def _go_back(session: Session, settings: Settings, areas: Areas, member_id: int) -> int:
    waiting = [m for m in _memberships(session, member_id) if m.before]
    for membership in waiting:
        # Coming back is no news: whoever waits for a first person nearby waits for somebody new.
        show_as(session, settings, areas, membership, membership.before, is_news=False)
    return len(waiting)


def _memberships(session: Session, member_id: int) -> list[Membership]:
    """The member's own memberships, locked, in the order in which all acts take them."""
    query = (
        select(Membership)
        .where(Membership.member_id == member_id)
        .order_by(Membership.condition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))
