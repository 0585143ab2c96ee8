"""Which members are hidden from each other: terms that every query about people includes.

A block holds in both directions and is silent: each looks to the other as if they had left the map
on which it was made. Cards on other maps stay, or they would tell that they are the same person's.
Numbers do not follow it; a number that did would tell of it.
"""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mapapp.store.contact import Block
from mapapp.store.members import Member


def not_blocked(
    reader_id: int, condition_id: int | InstrumentedAttribute[int]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms on ``Member`` that exclude those who block the reader or are blocked by them.

    Args:
        reader_id: who reads.
        condition_id: of the map on which they would be read; a number, or a column of the query.
    """
    here = Block.condition_id == condition_id
    mine = select(Block.blocked_id).where(Block.member_id == reader_id, here)
    theirs = select(Block.member_id).where(Block.blocked_id == reader_id, here)
    return Member.id.not_in(mine), Member.id.not_in(theirs)


def is_blocked(session: Session, one_id: int, other_id: int) -> bool:
    """Whether one of two members blocks the other, on whatever map."""
    found = select(Block.member_id).where(
        or_(
            (Block.member_id == one_id) & (Block.blocked_id == other_id),
            (Block.member_id == other_id) & (Block.blocked_id == one_id),
        )
    )
    return session.scalar(found.limit(1)) is not None


def blocked_ids(session: Session, reader_id: int, condition_id: int) -> frozenset[int]:
    """Return the members who block the reader on a map or are blocked by them there."""
    rows = session.execute(
        select(Block.member_id, Block.blocked_id).where(
            Block.condition_id == condition_id,
            or_(Block.member_id == reader_id, Block.blocked_id == reader_id),
        )
    )
    return frozenset(one for row in rows for one in row) - {reader_id}
