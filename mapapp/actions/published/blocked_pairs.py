"""Which members are hidden from each other: terms that every query about people includes.

A block holds in both directions and is silent: each looks to the other as if they had left.
Numbers do not follow it; a number that did would tell of it.
"""

from sqlalchemy import ColumnElement, select

from mapapp.store.contact import Block
from mapapp.store.members import Member


def not_blocked(reader_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms on ``Member`` that exclude those who block the reader or are blocked by them."""
    mine = select(Block.blocked_id).where(Block.member_id == reader_id)
    theirs = select(Block.member_id).where(Block.blocked_id == reader_id)
    return Member.id.not_in(mine), Member.id.not_in(theirs)
