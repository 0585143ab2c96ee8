"""A member offers to help newcomers on a map, reads the answer, and takes the offer back."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.published.card_rows import unmark
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.published.adviser_rules import STANDING_OFFERS, WAITS_FOR_STAFF, checked_offer
from mapapp.errors import N_, NotAllowedError
from mapapp.store.members import AdviserOffer

NOT_LISTED_HERE = N_(
    "Only people who are shown on this map can offer this. Choose first who sees you."
)


@dataclass(frozen=True)
class MyOffer:
    """An offer as its member reads it; ``reason`` is what the team wrote with its answer."""

    words: str
    state: str
    reason: str


def my_offer(session: Session, member_id: int, condition_id: int) -> MyOffer | None:
    """Return what a member offers on a map, or did until staff answered; None for nothing."""
    row = session.get(AdviserOffer, (condition_id, member_id), populate_existing=True)
    return MyOffer(row.words, row.state, row.reason) if row else None


def make_offer(ctx: Context, condition_id: int, text: str) -> None:
    """Offer to help newcomers; where an offer stands already, nothing happens.

    Raises:
        BadInputError: for words that are too few or too many.
        NotFoundError: when the member has no place there.
        NotAllowedError: for a member whom nobody sees there by name.
        LimitError: for more than three in 30 days.
    """
    words = checked_offer(text)
    # Locked, so that the same button pressed twice at once makes one row.
    membership = my_membership(ctx.session, ctx.member_id, condition_id)
    if not is_listed(membership.visibility):
        raise NotAllowedError(NOT_LISTED_HERE)
    before = my_offer(ctx.session, ctx.member_id, condition_id)
    if before and before.state in STANDING_OFFERS:
        return
    quotas.use(ctx, quotas.ADVISER_OFFERS, ctx.member_id)
    _delete(ctx, condition_id)
    ctx.session.add(
        AdviserOffer(
            condition_id=condition_id, member_id=ctx.member_id, words=words, state=WAITS_FOR_STAFF
        )
    )
    ctx.session.flush()


def take_offer_back(ctx: Context, condition_id: int) -> None:
    """Delete the offer with its answer; nobody reads the mark on the card from now on.

    Raises:
        NotFoundError: when the member has no place there.
    """
    my_membership(ctx.session, ctx.member_id, condition_id)
    _delete(ctx, condition_id)
    unmark(ctx.session, condition_id, ctx.member_id)


def _delete(ctx: Context, condition_id: int) -> None:
    mine = (AdviserOffer.condition_id == condition_id, AdviserOffer.member_id == ctx.member_id)
    ctx.session.execute(delete(AdviserOffer).where(*mine))
