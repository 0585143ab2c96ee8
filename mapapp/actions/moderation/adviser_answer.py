"""Staff answer offers to help newcomers: they confirm or refuse, and take back what they confirmed.

They read what the member's card says on that map and the words of the offer, and nothing else. Who
has no published card there is in no list of theirs.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.paging import AnySelect, Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.members.visibility_change import my_membership
from mapapp.actions.published.card_changes import card_says_otherwise
from mapapp.actions.published.card_rows import unmark
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.published.adviser_rules import CONFIRMED, ENDED, REFUSED, WAITS_FOR_STAFF
from mapapp.domain.safety.case_rules import checked_words
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import AdviserOffer
from mapapp.store.published import ListingRow, of_membership, stands

OFFERS_A_PAGE = 20
OFFER_CHANGED = N_("Someone was faster: this offer has changed since you opened it.")
CONFIRM, REFUSE, END = "confirm", "refuse", "end"
OFFER_ACTS = {
    CONFIRM: (WAITS_FOR_STAFF, CONFIRMED),
    REFUSE: (WAITS_FOR_STAFF, REFUSED),
    END: (CONFIRMED, ENDED),
}
"""What staff can do, and the states of an offer before and after."""


@dataclass(frozen=True)
class Offer:
    """An offer as staff read it, with who makes it on that map."""

    public_id: str
    words: str
    state: str
    condition: str
    slug: str
    person: str  # their public id on that map
    pseudonym: str
    role: str
    month: str


def offers(session: Session, reader_id: int, state: str, spot: Spot | None = None) -> Page[Offer]:
    """Return a page of the offers in a state, in no order of time; none of the reader's own.

    Raises:
        BadInputError: for a spot of another list.
    """
    query = _offers(reader_id).where(AdviserOffer.state == state)
    order = Order((Key(AdviserOffer.public_id),), OFFERS_A_PAGE)
    return mapped(read_page(session, query, order, spot), _as_offer)


def offer_at(session: Session, reader_id: int, offer_id: str) -> Offer:
    """Return an offer.

    Raises:
        NotFoundError: when there is none that this member of staff may answer.
    """
    found = session.execute(_offers(reader_id).where(AdviserOffer.public_id == offer_id)).first()
    if found is None or found.state not in (WAITS_FOR_STAFF, CONFIRMED):
        raise NotFoundError(OFFER_CHANGED)
    return _as_offer(found)


def answer_offer(ctx: Context, offer_id: str, act: str, reason: str) -> None:
    """Confirm or refuse an offer, or take back what was confirmed; the member reads the reason.

    A mark comes with a publication, and goes at once.

    Raises:
        BadInputError: without a reason.
        NotFoundError: when the offer is not there any more, or in another state.
    """
    words = checked_words(reason)
    before, after = OFFER_ACTS[act]
    whose = _offers(ctx.member_id).add_columns(AdviserOffer.condition_id, AdviserOffer.member_id)
    found = ctx.session.execute(whose.where(AdviserOffer.public_id == offer_id)).first()
    if found is None:
        raise NotFoundError(OFFER_CHANGED)
    # Locked first, as members and the publisher do.
    membership = my_membership(ctx.session, found.member_id, found.condition_id)
    offer = ctx.session.get(
        AdviserOffer, (found.condition_id, found.member_id), populate_existing=True
    )
    is_there = offer is not None and offer.public_id == offer_id and offer.state == before
    if offer is None or not is_there or membership.visibility not in LISTED:
        raise NotFoundError(OFFER_CHANGED)
    who = audit.actor(ctx.session, ctx.member_id)
    audit.record(ctx.session, who, f"adviser-{act}", words, offer=offer_id)
    offer.state, offer.reason = after, words
    ctx.session.flush()
    if act == CONFIRM:
        card_says_otherwise(ctx, membership, takes_away=False)
    elif act == END:
        unmark(ctx.session, found.condition_id, found.member_id)


def _offers(reader_id: int) -> AnySelect:
    card = of_membership(AdviserOffer.condition_id, AdviserOffer.member_id)
    return (
        select(
            AdviserOffer.public_id,
            AdviserOffer.words,
            AdviserOffer.state,
            Condition.name.label("condition"),
            Condition.slug,
            ListingRow.public_id.label("person"),
            ListingRow.pseudonym,
            ListingRow.role,
            ListingRow.month,
        )
        .select_from(AdviserOffer)
        .join(ListingRow, card & stands())
        .join(Condition, Condition.id == AdviserOffer.condition_id)
        .where(AdviserOffer.member_id != reader_id)
    )


def _as_offer(row: Any) -> Offer:
    return Offer(*tuple(row)[:9])
