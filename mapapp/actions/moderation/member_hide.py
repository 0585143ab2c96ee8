"""Hiding everywhere at once, pausing, and every other reason to hide; each ends by itself.

Hiding keeps members in the numbers that hold those who are only counted. A pause takes them out of
every number and stops mail until they come back. Moderators hide members in the same way. A
membership holds the reasons for which it is hidden, and what was chosen for it: a reason can end
without touching the others.
"""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members, locked
from mapapp.actions.knowledge.post_hide import has_hidden_posts, hide_posts, show_posts
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.my_places import cared_for_ids
from mapapp.actions.members.request_ends import end_requests
from mapapp.actions.members.visibility_change import (
    hidden_by_reports,
    is_paused,
    is_suspended,
    show_as,
)
from mapapp.domain.core.hidden_reasons import HiddenReason, visible_as
from mapapp.domain.core.visibilities import COUNTED, LISTED
from mapapp.errors import N_, BadInputError
from mapapp.store.base import has_flag
from mapapp.store.members import Member, Membership


def hide_everywhere(ctx: Context, member_id: int) -> int:
    """Hide all of a member's listings and texts; return the number of listings.

    What was hidden by an earlier call stays so: only the last one can be undone.
    """
    mine = _memberships(ctx.session, member_id)
    shown = [
        m for m in mine if _chosen(m) in LISTED and HiddenReason.BY_MEMBER not in m.hidden_reasons
    ]
    hide_posts(ctx.session, member_id, HiddenReason.BY_MEMBER)
    if not shown:
        return 0
    for membership in mine:
        if HiddenReason.BY_MEMBER in membership.hidden_reasons:
            _choose_nobody(ctx, membership)
    for membership in shown:
        _hide(ctx, membership, HiddenReason.BY_MEMBER)
    return len(shown)


def show_again(ctx: Context, member_id: int) -> int:
    """Undo ``hide_everywhere``; return the number of listings and posts shown again.

    Raises:
        BadInputError: during a pause, which must be ended first.
    """
    if is_paused(ctx.session, member_id):
        raise BadInputError(N_("Your account is paused. End the pause first."))
    posts = show_posts(ctx.session, member_id, HiddenReason.BY_MEMBER)
    return _end(ctx, member_id, HiddenReason.BY_MEMBER) + posts


def hide_unanswered(ctx: Context, member_id: int) -> None:
    """Hide a member who did not answer the yearly check; what they hid stays theirs to undo."""
    hide_posts(ctx.session, member_id, HiddenReason.NO_ANSWER)
    for membership in _memberships(ctx.session, member_id):
        if _chosen(membership) in LISTED:
            _hide(ctx, membership, HiddenReason.NO_ANSWER)


def show_answered(ctx: Context, member_id: int) -> None:
    """Undo ``hide_unanswered``."""
    show_posts(ctx.session, member_id, HiddenReason.NO_ANSWER)
    _end(ctx, member_id, HiddenReason.NO_ANSWER)


def pause(ctx: Context, member_id: int) -> None:
    """Take a member out of all lists and numbers, and send no mail, until ``end_pause``.

    What was hidden stays hidden after the pause. The people they care for rest too: they have no
    account of their own that could be paused.
    """
    hide_posts(ctx.session, member_id, HiddenReason.PAUSED)
    for subject_id in (member_id, *cared_for_ids(ctx.session, member_id)):
        for membership in _memberships(ctx.session, subject_id):
            _hide(ctx, membership, HiddenReason.PAUSED)
    ctx.session.execute(update(Member).where(Member.id == member_id).values(paused=True))


def end_pause(ctx: Context, member_id: int) -> None:
    """Restore everything as it was before the pause."""
    show_posts(ctx.session, member_id, HiddenReason.PAUSED)
    ctx.session.execute(update(Member).where(Member.id == member_id).values(paused=False))
    for subject_id in (member_id, *cared_for_ids(ctx.session, member_id)):
        _end(ctx, subject_id, HiddenReason.PAUSED)


def hide_by_moderators(ctx: Context, member_id: int, condition_id: int | None = None) -> None:
    """Take a member out of all lists and numbers until ``show_by_moderators``; requests end.

    With ``condition_id``, on its map alone: what is reported there tells nothing of others.
    """
    reason = HiddenReason.BY_MODERATORS
    hide_posts(ctx.session, member_id, reason, condition_id)
    for membership in _memberships(ctx.session, member_id):
        if condition_id in {None, membership.condition_id}:
            _hide(ctx, membership, reason)
            end_requests(ctx, member_id, membership.condition_id)


def show_by_moderators(ctx: Context, member_id: int) -> None:
    """Undo ``hide_by_moderators`` on each map where no other act of theirs hides the member."""
    if is_suspended(ctx.session, member_id):
        return
    still = hidden_by_reports(ctx.session, member_id)
    show_posts(ctx.session, member_id, HiddenReason.BY_MODERATORS, still)
    _end(ctx, member_id, HiddenReason.BY_MODERATORS, still)


def is_hidden(session: Session, member_id: int) -> bool:
    """Whether ``show_again`` would bring anything back."""
    reason = HiddenReason.BY_MEMBER
    return _has(session, member_id, reason) or has_hidden_posts(session, member_id, reason)


def is_unanswered(session: Session, member_id: int) -> bool:
    """Whether the yearly check without an answer hides something, whatever else does."""
    return _has(session, member_id, HiddenReason.NO_ANSWER)


def _has(session: Session, member_id: int, reason: HiddenReason) -> bool:
    found = select(Membership.member_id).where(
        Membership.member_id == member_id, has_flag(Membership.hidden_reasons, reason)
    )
    return session.scalar(found.limit(1)) is not None


def _chosen(membership: Membership) -> str:
    return membership.chosen_visibility or membership.visibility


def _end(ctx: Context, member_id: int, reason: HiddenReason, still: Collection[int] = ()) -> int:
    """End a reason on all maps but those of ``still``; return on how many."""
    mine = _memberships(ctx.session, member_id)
    waiting = [m for m in mine if reason in m.hidden_reasons and m.condition_id not in still]
    for membership in waiting:
        _show_with(ctx, membership, membership.hidden_reasons & ~reason)
    return len(waiting)


def _hide(ctx: Context, membership: Membership, reason: HiddenReason) -> None:
    if reason not in membership.hidden_reasons:
        _show_with(ctx, membership, membership.hidden_reasons | reason)


def _show_with(ctx: Context, membership: Membership, reasons: HiddenReason) -> None:
    """Show a membership as these reasons leave it."""
    chosen = _chosen(membership)
    membership.hidden_reasons = reasons
    membership.chosen_visibility = chosen if reasons else ""
    show_as(ctx, membership, visible_as(chosen, reasons))


def _choose_nobody(ctx: Context, membership: Membership) -> None:
    """Keep what was hidden hidden, as if the member had chosen so."""
    consent_receipts.take_back_beyond(
        ctx.session, membership.member_id, membership.condition_id, COUNTED
    )
    membership.chosen_visibility = COUNTED
    _show_with(ctx, membership, membership.hidden_reasons & ~HiddenReason.BY_MEMBER)


def _memberships(session: Session, member_id: int) -> list[Membership]:
    """The member's own memberships, locked, in the order in which all acts take them."""
    lock_members(session, member_id)
    mine = select(Membership).where(Membership.member_id == member_id)
    return list(session.scalars(locked(mine.order_by(Membership.condition_id))))
