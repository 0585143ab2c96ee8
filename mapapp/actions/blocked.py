"""Who has nothing to do with whom: the terms with which every query about people is asked.

A block holds in both directions and is silent: each looks to the other like somebody who has left.
Numbers do not follow it; a number that did would tell of it.
"""

from sqlalchemy import ColumnElement, select

from mapapp.store.connections import Block
from mapapp.store.members import Member


def not_blocked(reader_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms on ``Member`` that let through nobody whom the reader blocks, or who does."""
    mine = select(Block.blocked_id).where(Block.member_id == reader_id)
    theirs = select(Block.member_id).where(Block.blocked_id == reader_id)
    return Member.id.not_in(mine), Member.id.not_in(theirs)
