"""Who sees a membership: choosing it, and the checks for every change.

What others see of it follows as ``actions.published.card_changes`` says: less at once, more with a
publication.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.consent_standing import Agreeing, agree_as_told
from mapapp.actions.members.my_places import NO_PLACE
from mapapp.actions.members.placing_member import (
    ACCOUNT_GONE,
    ACCOUNT_PAUSED,
    placing_member,
    refuse_listing_as,
)
from mapapp.actions.members.request_ends import end_requests
from mapapp.actions.published.card_changes import card_changed, seen
from mapapp.domain.core.hidden_reasons import HiddenReason, visible_as
from mapapp.domain.core.visibilities import VISIBILITIES, is_listed
from mapapp.domain.safety.case_rules import PERSON
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case


def set_visibility(ctx: Context, member_id: int, condition_id: int, visibility: str) -> None:
    """Change who sees a membership, and agree to it.

    Raises:
        BadInputError: for a visibility that does not exist, and during a pause.
        NotFoundError: when the member has no place there.
    """
    check_visibility(visibility)
    who = placing_member(ctx.session, member_id, condition_id)
    old = my_membership(ctx.session, member_id, condition_id)
    agree_as_told(ctx.session, Agreeing(member_id, condition_id, who.standing), visibility)
    wanted = choose(old, visibility)
    who.refuse_listing(wanted)
    _show(ctx, old, wanted)


def check_visibility(visibility: str) -> None:
    """Refuse what nobody can choose.

    Raises:
        BadInputError: for a visibility that does not exist.
    """
    if visibility not in VISIBILITIES:
        raise BadInputError(N_("Choose who sees you."))


def choose(old: Membership, chosen: str) -> str:
    """Store the member's choice; return the visibility that follows.

    It was said for this map alone, so every reason to hide it ends; but no member undoes what
    moderators did.
    """
    old.hidden_reasons &= HiddenReason.BY_MODERATORS
    old.chosen_visibility = chosen if old.hidden_reasons else ""
    return visible_as(chosen, old.hidden_reasons)


def is_hidden_by_moderators(session: Session, member_id: int, condition_id: int) -> bool:
    """Whether moderators keep a member off a map, or reports do until they decide."""
    if is_suspended(session, member_id):
        return True
    return condition_id in hidden_by_reports(session, member_id)


def is_suspended(session: Session, member_id: int) -> bool:
    """Whether moderators keep a member off all maps."""
    return bool(session.scalar(select(Member.suspended).where(Member.id == member_id)))


def hidden_by_reports(session: Session, member_id: int) -> frozenset[int]:
    """Return the conditions on whose maps reports hide a member until moderators decide."""
    undecided = (Case.subject_id == member_id, Case.hides, Case.kind == PERSON)
    found = session.scalars(select(Case.condition_id).where(*undecided))
    return frozenset(one for one in found if one is not None)


def choose_less(ctx: Context, member_id: int, condition_id: int, visibility: str) -> None:
    """Choose to be seen by fewer people; a membership that is hidden stays so.

    Raises:
        NotFoundError: when the member has no place there.
    """
    old = my_membership(ctx.session, member_id, condition_id)
    consent_receipts.take_back_beyond(ctx.session, member_id, condition_id, visibility)
    if old.hidden_reasons:
        old.chosen_visibility = visibility
        ctx.session.flush()
    else:
        show_as(ctx, old, visibility)


def show_as(ctx: Context, old: Membership, visibility: str) -> None:
    """Show a membership to a different audience; nobody is asked again.

    Args:
        old: the membership.
        visibility: the new one.

    Raises:
        BadInputError: when a person who is cared for is to be listed.
    """
    refuse_listing(ctx.session, old.member_id, visibility)
    _show(ctx, old, visibility)


def _show(ctx: Context, old: Membership, visibility: str) -> None:
    before = seen(old)
    old.visibility = visibility
    card_changed(ctx, old, before)
    if is_listed(before.visibility) and not is_listed(visibility):
        end_requests(ctx, old.member_id, old.condition_id)


def refuse_listing(session: Session, member_id: int, visibility: str) -> None:
    """Refuse to list people who are cared for, as ``PlacingMember.refuse_listing`` does.

    Raises:
        BadInputError: for one of them who would be listed.
    """
    if is_listed(visibility):
        source = session.scalar(select(Member.source).where(Member.id == member_id))
        refuse_listing_as(source, visibility)


def refuse_paused(session: Session, member_id: int) -> None:
    """Refuse to change who sees a member during a pause.

    Raises:
        BadInputError: then.
    """
    # Locked, so that two acts of one member, such as leaving and placing, run one by one.
    paused = session.scalar(select(Member.paused).where(Member.id == member_id).with_for_update())
    if paused is None:
        raise NotFoundError(ACCOUNT_GONE)
    if paused:
        raise BadInputError(ACCOUNT_PAUSED)


def membership_of(session: Session, member_id: int, condition_id: int) -> Membership | None:
    """Return a membership, locked until the transaction ends, or None."""
    return session.get(
        Membership, (condition_id, member_id), populate_existing=True, with_for_update=True
    )


def my_membership(session: Session, member_id: int, condition_id: int) -> Membership:
    """Return a membership, locked.

    Raises:
        NotFoundError: when the member has no place there.
    """
    found = membership_of(session, member_id, condition_id)
    if found is None:
        raise NotFoundError(NO_PLACE)
    return found


def is_paused(session: Session, member_id: int) -> bool:
    """Whether the member has paused their account."""
    return bool(session.scalar(select(Member.paused).where(Member.id == member_id)))
