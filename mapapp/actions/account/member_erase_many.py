"""Many members leave at once, such as those of an import that is taken out again."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, delete, select
from sqlalchemy.orm import Session

from mapapp.actions.account import erasure_list
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.published.card_rows import cards_held, withdraw_cards
from mapapp.actions.published.publishing import publish_live
from mapapp.store import facts
from mapapp.store.members import ImportedRow, Member, MemberLanguage, Membership
from mapapp.store.published import ListingRow
from mapapp.store.tables import Base

MEMBERS_A_PART = 2_000
PLAIN = (Membership, MemberLanguage, ImportedRow, ListingRow)
"""What everyone of an import has; it goes with the member, and nobody else is told."""


def erase_members(
    ctx: Context, member_ids: Sequence[int], advance: Callable[[int], None] = lambda done: None
) -> None:
    """Erase members, each as ``erase_member`` does.

    Those of whom the site knows no more than their cards are erased together, with as many
    statements for thousands as for one.

    Args:
        ctx: with one transaction for all.
        member_ids: ascending, none of them twice.
        advance: called with how many are erased.
    """
    for at in range(0, len(member_ids), MEMBERS_A_PART):
        part = member_ids[at : at + MEMBERS_A_PART]
        lock_members(ctx.session, *part)
        known = _with_more(ctx.session, part)
        _erase_plain(ctx, [member_id for member_id in part if member_id not in known])
        for member_id in sorted(known):
            erase_member(ctx, member_id)
        advance(len(part))


def _with_more(session: Session, member_ids: Sequence[int]) -> set[int]:
    """Return those who have an address, or of whom any table knows that is not ``PLAIN``."""
    reached = select(Member.id).where(Member.id.in_(member_ids), Member.address_mark.is_not(None))
    found = set(session.scalars(reached))
    for column in _names_of_members():
        query = select(column).where(column.in_(member_ids)).distinct()
        found.update(session.scalars(query))
    return found


@cache
def _names_of_members() -> tuple[Column[Any], ...]:
    """Return the columns that name a member, or what hangs on a membership."""
    return tuple(_columns_naming({"member.id", "membership.member_id"}))


def _columns_naming(names: set[str]) -> Iterator[Column[Any]]:
    plain = {table.__tablename__ for table in PLAIN}
    for table in Base.metadata.sorted_tables:
        if table.name not in plain:
            yield from (key.parent for key in table.foreign_keys if key.target_fullname in names)


def _erase_plain(ctx: Context, member_ids: Sequence[int]) -> None:
    mine = Membership.member_id.in_(member_ids)
    withdraw_cards(ctx.session, cards_held(ctx.session, mine))
    ctx.session.execute(delete(Membership).where(mine))
    accounts = ctx.session.scalars(select(Member.account_id).where(Member.id.in_(member_ids)))
    erasure_list.note_many(ctx, accounts.all())
    gone = ctx.session.execute(delete(Member).where(Member.id.in_(member_ids)))
    if gone.rowcount:  # type: ignore[attr-defined]
        if ctx.settings.schedule.is_live:
            publish_live(ctx)
        facts.state(ctx.session, facts.ERASED, "1")
