"""Leaving for good: one step, immediate and complete in the live database (privacy rule 8)."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.account import erasure_list, kept_restrictions
from mapapp.actions.account.staff_roles import keep_an_admin
from mapapp.actions.contact.conversation_list import leave_conversations
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge.post_vote import leave_posts
from mapapp.actions.knowledge.proposals import erase_proposals
from mapapp.actions.mail.member_addresses import held_address, keys_of
from mapapp.actions.members.my_places import cared_for_ids
from mapapp.actions.members.request_ends import leave_requests
from mapapp.actions.moderation.case_expiry import leave_cases
from mapapp.actions.published.card_rows import cards_held, withdraw_cards
from mapapp.actions.published.publishing import publish_live
from mapapp.store import facts
from mapapp.store.contact import ContactRequest
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, Membership
from mapapp.store.sign_in import SignInLink


def erase_member(ctx: Context, member_id: int) -> None:
    """Erase a member with everything held about them, and those they care for.

    People they were in contact with read that this person has left the conversation. What staff did
    stays in the audit log under a random id that leads to nobody any more, and what was reported
    for moderators.
    Limits, a suspension, a silence and a lasting no stay under a keyed hash until they end.
    """
    # Taken first: an act of the member that is under way ends first, and no other begins.
    lock_members(ctx.session, member_id)
    kept_restrictions.keep(ctx, member_id)
    leave_cases(ctx.session, member_id)
    leave_posts(ctx.session, member_id)
    for subject_id in (member_id, *cared_for_ids(ctx.session, member_id)):
        _leave_maps(ctx.session, subject_id)
        _note(ctx, subject_id)
    _drop_mail(ctx, member_id)
    leave_requests(ctx.session, member_id)
    leave_conversations(ctx.session, member_id)
    erase_proposals(ctx.session, member_id)
    # Languages, consents, wishes, passkeys, sessions, roles, what they tried and people cared for
    # go with the row.
    gone = ctx.session.execute(delete(Member).where(Member.id == member_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        if ctx.settings.schedule.is_live:
            publish_live(ctx)
        facts.state(
            ctx.session, facts.ERASED, "1"
        )  # the worker clears away what the file still holds
    ctx.session.execute(
        delete(ContactRequest).where(
            ContactRequest.from_member_id.is_(None), ContactRequest.to_member_id.is_(None)
        )
    )


def leave_site(ctx: Context, member_id: int) -> None:
    """Erase a member who wants to leave.

    Raises:
        BadInputError: for the last admin, who has to hand over first.
    """
    keep_an_admin(ctx.session, member_id)
    erase_member(ctx, member_id)


def erase_again(ctx: Context) -> int:
    """Erase members on the list of erasures that a backup has brought back."""
    erasure_list.keep_list(ctx)
    members = erasure_list.still_here(ctx)
    for member_id in members:
        erase_member(ctx, member_id)
    return len(members)


def _note(ctx: Context, member_id: int) -> None:
    public_id = ctx.session.scalar(select(Member.account_id).where(Member.id == member_id))
    if public_id:
        erasure_list.note(ctx, public_id)


def _leave_maps(session: Session, member_id: int) -> None:
    """Take the member's cards away; the numbers follow with a publication."""
    mine = Membership.member_id == member_id
    withdraw_cards(session, cards_held(session, mine))
    session.execute(delete(Membership).where(mine))


def _drop_mail(ctx: Context, member_id: int) -> None:
    """Delete the member's queued mail and pending sign-ins."""
    address = held_address(ctx, member_id)
    if address is None:
        return
    marks = keys_of(ctx.settings).marks(address)
    ctx.session.execute(delete(Outbox).where(Outbox.to_mark.in_(marks)))
    ctx.session.execute(delete(SignInLink).where(SignInLink.address_mark.in_(marks)))
