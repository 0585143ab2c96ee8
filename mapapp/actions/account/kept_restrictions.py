"""What protects others outlasts an erasure (privacy rule 8), under a keyed hash of the address.

An account that is erased leaves three kinds of rows, each until it would have ended, a year at
most: the number under which its limits are counted, a suspension, a silence. A new account with
the same address takes them up. A lasting no stands among the limits, under the numbers of the two:
so it holds whichever of them erased the account, and returns.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from mapapp.actions.account import erasure_list
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import locked
from mapapp.actions.core.quotas import DAY
from mapapp.actions.mail.member_addresses import held_address
from mapapp.actions.moderation.member_hide import show_by_moderators
from mapapp.actions.safety.reading_count import Reader, last_reading
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.domain.members.request_states import BARRED, DECLINED, REFUSED
from mapapp.domain.safety.case_rules import LIFTED, SUSPEND
from mapapp.settings import Settings
from mapapp.store.contact import Block, ContactRequest
from mapapp.store.limits import KeptRestriction
from mapapp.store.mail import Consent
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Ruling

LIMITS_NUMBER, SUSPENDED, SILENCED = "number", "suspended", "silenced"
LONGEST_KEPT = timedelta(days=365)


def keep(ctx: Context, member_id: int) -> None:
    """Keep what protects others from a member who is being erased; call it before rows go.

    Of a member whom a backup brought back, it is what was left on the day of the first erasure.
    """
    then = _as_erased(ctx, member_id)
    _keep_noes(then, member_id)
    address = held_address(ctx, member_id)
    if address is None:
        return
    member = ctx.session.scalars(
        locked(select(Member).where(Member.id == member_id))
    ).one()  # only read here: the row goes with the member
    most = then.today + LONGEST_KEPT
    found = {
        LIMITS_NUMBER: _last_limit(then, member_id),
        SUSPENDED: (member.suspended_until or most) if member.suspended else None,
        SILENCED: member.silenced_until,
    }
    mark, number = _mark(ctx.settings, address), member.counted_as or member_id
    before = _rows(ctx.session, mark)
    if LIMITS_NUMBER in before:  # limits of an account before this one can run still
        found[LIMITS_NUMBER] = max(found[LIMITS_NUMBER] or ctx.today, before[LIMITS_NUMBER].until)
    ctx.session.execute(delete(KeptRestriction).where(KeptRestriction.mark == mark))
    for kind, until in found.items():
        if until is not None and until > ctx.today:
            kept = {"until": min(until, most), "number": number if kind == LIMITS_NUMBER else None}
            ctx.session.add(KeptRestriction(mark=mark, kind=kind, **kept))
    ctx.session.flush()


def take_up(ctx: Context, member_id: int, address: str, *, is_new: bool = True) -> None:
    """Let an account go on with what outlasted the erasure of one with the same address.

    One that is not new, and has only come to this address, keeps the number of its own limits.
    """
    kept = _rows(ctx.session, _mark(ctx.settings, address))
    until = {kind: row.until for kind, row in kept.items() if row.until > ctx.today}
    values: dict[str, Any] = {}
    if LIMITS_NUMBER in until and is_new:
        values["counted_as"] = kept[LIMITS_NUMBER].number
    if SUSPENDED in until:
        values |= {"suspended": True, "suspended_until": until[SUSPENDED]}
    if SILENCED in until:
        mine = ctx.session.get_one(Member, member_id).silenced_until
        values["silenced_until"] = max(until[SILENCED], mine or ctx.today)
    if values:
        ctx.session.execute(update(Member).where(Member.id == member_id).values(**values))


def end_kept(ctx: Context) -> int:
    """Forget what has ended, and end the suspensions that outlasted an erasure; return how many."""
    over = KeptRestriction.until <= ctx.today
    ctx.session.execute(delete(KeptRestriction).where(over))
    ended = select(Member.id).where(Member.suspended_until <= ctx.today).order_by(Member.id)
    members = ctx.session.scalars(ended).all()
    for member_id in members:
        mine = Ruling.member_id == member_id
        stands = select(Ruling.id).where(mine, Ruling.act == SUSPEND, Ruling.outcome != LIFTED)
        suspended = ctx.session.scalar(stands.limit(1)) is not None
        values = {"suspended": suspended, "suspended_until": None}
        ctx.session.execute(update(Member).where(Member.id == member_id).values(**values))
        show_by_moderators(ctx, member_id)
    return len(members)


def _mark(settings: Settings, address: str) -> str:
    """Return what an address is kept under.

    The key is the site's own: the one of addresses can be changed, and nobody could then find
    under the new one what an address that is forgotten left under the old.
    """
    return AddressKeys((settings.secret,)).mark(address)


def _rows(session: Session, mark: str) -> dict[str, KeptRestriction]:
    query = select(KeptRestriction).where(KeptRestriction.mark == mark)
    return {row.kind: row for row in session.scalars(locked(query))}


def _as_erased(ctx: Context, member_id: int) -> Context:
    """Return the moment of the erasure: an earlier one, where a backup brought the member back."""
    public_id = ctx.session.scalar(select(Member.account_id).where(Member.id == member_id))
    month = erasure_list.erased_in(ctx, public_id or "")
    if not month:
        return ctx
    year, number = map(int, month.split("-"))
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return replace(ctx, now=min(ctx.now, int(after.timestamp())))


def _last_limit(ctx: Context, member_id: int) -> date | None:
    """Return the first day without any limit of the member; None where none runs."""
    maps = select(Membership.condition_id).where(Membership.member_id == member_id)
    agreed = select(Consent.condition_id).where(
        Consent.member_id == member_id, Consent.condition_id.is_not(None)
    )
    conditions = {*ctx.session.scalars(maps), *filter(None, ctx.session.scalars(agreed))}
    ends = max(quotas.last_end(ctx, member_id, conditions), last_reading(ctx, Reader(member_id)))
    return datetime.fromtimestamp(-(-ends // DAY) * DAY, UTC).date() if ends else None


def _keep_noes(ctx: Context, member_id: int) -> None:
    """Let each no and each block between this member and others stand, among the limits."""
    asker, asked = aliased(Member), aliased(Member)
    one = func.coalesce(asker.counted_as, asker.id)
    other = func.coalesce(asked.counted_as, asked.id)
    pairs = select(one, other).where(or_(asker.id == member_id, asked.id == member_id))
    no = ContactRequest.state.in_((DECLINED, REFUSED, BARRED))
    asks = (ContactRequest.from_member_id == asker.id, ContactRequest.to_member_id == asked.id)
    blocks = (Block.blocked_id == asker.id, Block.member_id == asked.id)
    queries = (pairs.where(no, *asks), pairs.where(*blocks))
    found = {(row[0], row[1]) for query in queries for row in ctx.session.execute(query)}
    # In one order, so that two who leave at once do not wait for each other.
    for number in sorted({number for pair in found for number in pair}):
        quotas.use_up(ctx, quotas.NAMED_IN_NO, number)
    for pair in sorted(found):
        quotas.use_up(ctx, quotas.LASTING_NO, *pair)
