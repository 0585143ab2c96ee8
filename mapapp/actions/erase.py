"""Leaving for good: one step, immediate and complete in the live database (PRIVACY rule 8)."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions import erasures
from mapapp.actions.addresses import held_address, keys_of
from mapapp.actions.asked import leave_asked
from mapapp.actions.conversations import leave_conversations
from mapapp.actions.ended_requests import leave_requests
from mapapp.actions.old_cases import leave_cases
from mapapp.actions.together import lock_members
from mapapp.actions.votes import leave_posts
from mapapp.domain.permissions import is_listed
from mapapp.settings import Settings
from mapapp.store import facts, live_counts
from mapapp.store.connections import ContactRequest
from mapapp.store.members import Member, Membership
from mapapp.store.service import Outbox, SignInLink


def erase_member(session: Session, settings: Settings, member_id: int) -> None:
    """Erase a member with everything held about them, and those they care for.

    Whoever they were in contact with reads that this person has left. What staff did stays in the
    audit log under a random id that leads to nobody any more, and what was reported for moderators.
    """
    # Taken first: an act of the member that is under way ends before, and none begins meanwhile.
    lock_members(session, member_id)
    leave_cases(session, member_id)
    leave_posts(session, member_id)
    for subject_id in (member_id, *cared_for_ids(session, member_id)):
        _leave_maps(session, subject_id)
        _note(session, settings, subject_id)
    _drop_mail(session, settings, member_id)
    leave_requests(session, member_id)
    leave_conversations(session, member_id)
    leave_asked(session, member_id)
    # Languages, consents, wishes, passkeys, sessions, roles, what they tried and people cared for
    # go with the row.
    gone = session.execute(delete(Member).where(Member.id == member_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        facts.state(session, facts.ERASED, "1")  # the worker clears away what the file still holds
    session.execute(
        delete(ContactRequest).where(
            ContactRequest.from_member_id.is_(None), ContactRequest.to_member_id.is_(None)
        )
    )


def cared_for_ids(session: Session, member_id: int) -> list[int]:
    """Return the ids of the people a member placed and cares for."""
    query = select(Member.id).where(Member.carer_id == member_id).order_by(Member.id)
    return list(session.scalars(query))


def erase_again(session: Session, settings: Settings) -> int:
    """Erase whoever is on the list of erasures and here: a backup brought them back."""
    erasures.keep_list(session, settings)
    members = erasures.still_here(session, settings)
    for member_id in members:
        erase_member(session, settings, member_id)
    return len(members)


def _note(session: Session, settings: Settings, member_id: int) -> None:
    public_id = session.scalar(select(Member.public_id).where(Member.id == member_id))
    if public_id:
        erasures.note(session, settings, public_id)


def _leave_maps(session: Session, member_id: int) -> None:
    """Take the member out of the live numbers; the rows themselves go with the member."""
    rows = session.execute(
        select(Membership.condition_id, Membership.area_id, Membership.visibility)
        .where(Membership.member_id == member_id)
        .order_by(Membership.condition_id)
    ).all()
    session.execute(delete(Membership).where(Membership.member_id == member_id))
    for condition_id, area_id, visibility in rows:
        if is_listed(visibility):
            live_counts.change(session, condition_id, area_id, -1)


def _drop_mail(session: Session, settings: Settings, member_id: int) -> None:
    """Delete what waits to be sent to the member, and sign-ins that were asked for."""
    address = held_address(session, settings, member_id)
    if address is None:
        return
    marks = keys_of(settings).marks(address)
    session.execute(delete(Outbox).where(Outbox.to_mark.in_(marks)))
    session.execute(delete(SignInLink).where(SignInLink.address_mark.in_(marks)))
