"""Members who offer to help newcomers, and staff who confirm it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members.adviser_offer import make_offer
from mapapp.actions.moderation.adviser_answer import CONFIRM, answer_offer
from mapapp.domain.published.adviser_rules import WAITS_FOR_STAFF
from mapapp.store.conditions import Condition
from mapapp.store.members import AdviserOffer, Member
from tests import factories

OFFER = "I have lived with it for twelve years."
REASON = "You have helped many people here."


def offer_of(session: Session, member_id: int) -> AdviserOffer:
    """Return the one offer of a member."""
    session.expire_all()
    return session.scalars(select(AdviserOffer).where(AdviserOffer.member_id == member_id)).one()


def confirm(ctx: Context, condition_id: int) -> None:
    """Let a member offer to help, and a new member of staff confirm it."""
    make_offer(ctx, condition_id, OFFER)
    staff = factories.make_member(ctx.session, staff="moderator")
    by = Context(ctx.session, ctx.settings, reader_id=staff.id, now=ctx.now)
    answer_offer(by, offer_of(ctx.session, ctx.member_id).public_id, CONFIRM, REASON)


def plant_offer(session: Session, who: Member, condition: Condition, words: str) -> str:
    """Keep an offer that waits, whatever its words are; return its address."""
    key = {"condition_id": condition.id, "member_id": who.id}
    offer = AdviserOffer(words=words, reason=words, state=WAITS_FOR_STAFF, **key)
    session.add(offer)
    session.flush()
    return offer.public_id
