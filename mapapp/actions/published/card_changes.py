"""What members do to their cards: what adds waits for a publication, what takes away is at once.

The numbers follow with a publication in both cases (privacy rule 4). A membership that is counted
only has no card, changes no number and tells nobody.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.published.card_rows import OF_AREA, cards_held, withdraw_cards
from mapapp.actions.published.numbers_kept import placed_at
from mapapp.actions.published.publishing import WITH_THE_NEXT, publish_live
from mapapp.domain.areas.area_facts import is_coarser
from mapapp.domain.core.visibilities import LISTED, is_listed
from mapapp.domain.published.packed import AUDIENCES
from mapapp.domain.published.publication_lots import due
from mapapp.store.bulk import insert_rows
from mapapp.store.members import Membership
from mapapp.store.published import THE_SITE, NumberChange


@dataclass(frozen=True)
class Seen:
    """What others may see of a membership, before or after an act."""

    area_id: int
    visibility: str
    pseudonym: str
    role: str


def seen(membership: Membership) -> Seen:
    """Return what others may see of a membership as it is now."""
    return Seen(membership.area_id, membership.visibility, membership.pseudonym, membership.role)


def card_changed(
    ctx: Context,
    membership: Membership,
    before: Seen | None,
    *,
    soon: bool = False,
) -> None:
    """Bring the card of a membership from ``before`` to what it is now.

    Args:
        ctx: the act.
        membership: as it is now.
        before: None where there was none.
        soon: whether it comes with the very next publication.
    """
    ctx.session.flush()
    if before == seen(membership):
        if soon and membership.due is not None:  # what waits is to come earlier
            announce(ctx, membership, soon=True)
        return
    if takes_away(ctx, before, seen(membership)):
        withdraw(ctx.session, membership.condition_id, membership.member_id)
    if is_listed(membership.visibility):
        announce(ctx, membership, soon=soon)
    else:
        membership.due = None
        ctx.session.flush()
        if ctx.settings.schedule.is_live:
            publish_live(ctx)


def takes_away(ctx: Context, before: Seen | None, now: Seen) -> bool:
    """Whether something that others see must go at once."""
    if before is None or not is_listed(before.visibility):
        return False
    if not is_listed(now.visibility) or now.pseudonym != before.pseudonym:
        return True
    if LISTED.index(now.visibility) > LISTED.index(before.visibility):
        return True
    return now.area_id != before.area_id and is_coarser(ctx.areas, now.area_id, before.area_id)


def announce(ctx: Context, membership: Membership, *, soon: bool = False) -> None:
    """Let a card come, or come anew, with one of the next publications.

    Args:
        ctx: the act.
        membership: a listed one.
        soon: with the very next one, as its member may wish.
    """
    moment = comes_at(ctx, membership.public_id, soon=soon)
    # What waits already comes no later because of a further change.
    membership.due = moment if membership.due is None else min(membership.due, moment)
    ctx.session.flush()
    if ctx.settings.schedule.is_live:
        publish_live(ctx)


def comes_at(ctx: Context, public_id: str, *, soon: bool) -> int:
    """Return with the publication of which moment a card comes that changes now."""
    when = ctx.settings.schedule
    if when.is_live:
        return WITH_THE_NEXT
    return when.next(ctx.now) if soon else due(when, ctx.settings.secret, public_id, ctx.now)


def announce_all(ctx: Context, member_id: int) -> None:
    """Let all cards of a member come anew, such as with other languages."""
    mine = select(Membership).where(
        Membership.member_id == member_id, Membership.visibility.in_(LISTED)
    )
    for membership in ctx.session.scalars(mine.order_by(Membership.condition_id)).all():
        announce(ctx, membership)


def card_says_otherwise(ctx: Context, membership: Membership, *, takes_away: bool) -> None:
    """Let a card come anew whose words changed, not its place or its audience.

    Args:
        ctx: the act.
        membership: whose card.
        takes_away: whether what the card said until now must go at once.
    """
    if not is_listed(membership.visibility):
        return
    if takes_away:
        withdraw(ctx.session, membership.condition_id, membership.member_id)
    announce(ctx, membership)


def withdraw(session: Session, condition_id: int, member_id: int) -> None:
    """Delete the card of a member on one map, whatever publication it belongs to."""
    mine = (Membership.condition_id == condition_id, Membership.member_id == member_id)
    withdraw_cards(session, cards_held(session, *mine))


def note_map_of_site(session: Session, condition_id: int, by: int) -> None:
    """Note that a map joins (1) the numbers of the whole site or leaves them (-1)."""
    placed = placed_at(session, condition_id)
    rows = [
        {
            "condition_id": THE_SITE,
            "key": OF_AREA,
            "area_id": area_id,
            "visibility": visibility,
            "n": by * n,
        }
        for area_id, numbers in zip(placed.ids.tolist(), placed.numbers.tolist(), strict=True)
        for visibility, n in zip(AUDIENCES, numbers, strict=True)
        if n
    ]
    insert_rows(session, NumberChange, rows)
