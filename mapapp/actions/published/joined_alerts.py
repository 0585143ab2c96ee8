"""Telling members, once, that somebody was published near an area they asked about.

The publisher finds them, and not the act of who joins: nobody's placement waits for it, and no mail
tells of somebody before the map does.
"""

from collections.abc import Collection, Sequence
from itertools import groupby

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    bindparam,
    exists,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import ASKED_FOR_ONCE, notify
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.core.visibilities import is_listed
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block
from mapapp.store.members import MAILED, WAITING, Member, Membership, NearbyAlert

NEAR_BAND = 3  # under 250 km
NEWS_A_PART = 500
IS_NEWS: ColumnElement[bool] = literal_column("membership.is_news")
"""As the index says it: SQLite takes no index for ``is_news = 1``, but reads all memberships."""
MEMBERSHIP_ROWS: Table = Membership.__table__  # type: ignore[assignment]

Wish = tuple[int, int]
"""Who waits, and where: a member and an area."""


def tell_of_joined(ctx: Context) -> int:
    """Queue a mail to everyone who waits for one of those newly published; return how many these
    were, at most ``NEWS_A_PART``.

    Each is told once: their wishes that came true wait no longer. The mail leaves at midnight.
    """
    new = (
        select(
            Membership.condition_id,
            Membership.member_id,
            Membership.area_id,
            Membership.visibility,
        )
        .where(IS_NEWS, Membership.due.is_(None))
        .limit(NEWS_A_PART)
        .with_for_update(skip_locked=True)
    )
    rows = sorted(ctx.session.execute(new).all(), key=lambda row: row[:2])
    if not rows:
        return 0
    asked_about = _asked_about(ctx.session, {row.condition_id for row in rows})
    for condition_id, group in groupby(rows, key=lambda row: int(row.condition_id)):
        if condition_id in asked_about:
            _tell(ctx, condition_id, [row for row in group if is_listed(row.visibility)])
    table = MEMBERSHIP_ROWS
    told = update(table).where(
        table.c.condition_id == bindparam("of_map"), table.c.member_id == bindparam("of_member")
    )
    keys = [{"of_map": row.condition_id, "of_member": row.member_id} for row in rows]
    ctx.session.connection().execute(told.values(is_news=False), keys)
    return len(rows)


def _asked_about(session: Session, condition_ids: Collection[int]) -> set[int]:
    """Return on which of these maps anybody waits."""
    asked = exists().where(NearbyAlert.condition_id == Condition.id, NearbyAlert.news == WAITING)
    return set(session.scalars(select(Condition.id).where(Condition.id.in_(condition_ids), asked)))


def _tell(ctx: Context, condition_id: int, joined: Sequence[Row[int, int, int, str]]) -> None:
    wishes = _wishes(ctx.session, condition_id, len(ctx.areas))
    if not wishes:
        return
    asked = np.array([area_id for _member_id, area_id in wishes])
    apart = _blocks(ctx.session, condition_id)
    told: set[Wish] = set()
    for one in joined:
        near = np.flatnonzero(bands_from(ctx.areas, one.area_id)[asked] <= NEAR_BAND)
        for i in near.tolist():
            member_id, _area_id = wishes[i]
            if member_id != one.member_id and (member_id, one.member_id) not in apart:
                told.add(wishes[i])
    for member_id in sorted({member_id for member_id, _area_id in told}):
        notify(ctx, member_id, "joined", "/places#news", ASKED_FOR_ONCE)
    for member_id, area_id in sorted(told):
        mine = (NearbyAlert.condition_id == condition_id, NearbyAlert.member_id == member_id)
        ctx.session.execute(
            update(NearbyAlert).where(*mine, NearbyAlert.area_id == area_id).values(news=MAILED)
        )


def _wishes(session: Session, condition_id: int, areas: int) -> Sequence[Wish]:
    # The alerts of a member who pauses wait for the end of the pause, and for the next to join;
    # so do those for a map that staff hid.
    query = (
        select(NearbyAlert.member_id, NearbyAlert.area_id)
        .join(Member, Member.id == NearbyAlert.member_id)
        .join(Condition, Condition.id == NearbyAlert.condition_id)
        .where(
            NearbyAlert.condition_id == condition_id,
            NearbyAlert.news == WAITING,
            NearbyAlert.area_id < areas,
            Condition.shown,
            Member.paused.is_(False),
            Member.suspended.is_(False),
        )
    )
    return [(row.member_id, row.area_id) for row in session.execute(query)]


def _blocks(session: Session, condition_id: int) -> set[tuple[int, int]]:
    """Return the pairs who block each other on this map, both ways round."""
    query = select(Block.member_id, Block.blocked_id).where(Block.condition_id == condition_id)
    pairs = [(row.member_id, row.blocked_id) for row in session.execute(query)]
    return {*pairs, *((other, one) for one, other in pairs)}
