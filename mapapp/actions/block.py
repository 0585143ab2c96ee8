"""Blocking somebody: mutual, silent, everywhere."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.conversations import leave_conversations
from mapapp.actions.ended_requests import leave_requests
from mapapp.actions.together import lock_members
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.connections import Block
from mapapp.store.members import Member


@dataclass(frozen=True)
class Blocked:
    """Somebody whom a member blocks, under the pseudonym from then."""

    public_id: str
    pseudonym: str


def block(session: Session, reader_id: int, other_id: int) -> None:
    """Have nothing to do with somebody any more; for them it looks like leaving.

    Raises:
        BadInputError: for oneself.
    """
    if reader_id == other_id:
        raise BadInputError("This is you.")
    lock_members(session, reader_id, other_id)
    name = session.scalar(select(Member.pseudonym).where(Member.id == other_id)) or ""
    try:
        with session.begin_nested():
            session.add(Block(member_id=reader_id, blocked_id=other_id, pseudonym=name))
            session.flush()
    except IntegrityError:
        return  # blocked already, or the other one has left the site
    leave_requests(session, reader_id, other_id)
    leave_conversations(session, reader_id, other_id)


def unblock(session: Session, reader_id: int, public_id: str) -> None:
    """Take a block back; requests and conversations that it ended stay ended.

    Raises:
        NotFoundError: when there is no such block.
    """
    other = select(Member.id).where(Member.public_id == public_id).scalar_subquery()
    gone = session.execute(
        delete(Block).where(Block.member_id == reader_id, Block.blocked_id == other)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError("You do not block anybody of that name any more.")


def my_blocks(session: Session, reader_id: int) -> list[Blocked]:
    """Return whom the member blocks, by the pseudonym that they had then."""
    rows = session.execute(
        select(Member.public_id, Block.pseudonym)
        .join(Block, Block.blocked_id == Member.id)
        .where(Block.member_id == reader_id)
        .order_by(Block.pseudonym, Member.public_id)
    )
    return [Blocked(*row) for row in rows]
