"""Blocking a member: mutual, silent, everywhere."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import leave_conversations
from mapapp.actions.core.locking import lock_members
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.contact import Block
from mapapp.store.members import Member
from mapapp.store.request_ends import leave_requests


@dataclass(frozen=True)
class Blocked:
    """A person the member blocks, under their pseudonym at that time."""

    public_id: str
    pseudonym: str


def block(session: Session, reader_id: int, other_id: int) -> None:
    """Block another member; to them, it looks as if the member had left.

    Raises:
        BadInputError: for the reader.
    """
    if reader_id == other_id:
        raise BadInputError(N_("This is you."))
    lock_members(session, reader_id, other_id)
    name = session.scalar(select(Member.pseudonym).where(Member.id == other_id)) or ""
    try:
        with session.begin_nested():
            session.add(Block(member_id=reader_id, blocked_id=other_id, pseudonym=name))
            session.flush()
    except IntegrityError:
        return  # already blocked, or the other member has left the site
    leave_requests(session, reader_id, other_id)
    leave_conversations(session, reader_id, other_id)


def unblock(session: Session, reader_id: int, public_id: str) -> None:
    """Remove a block; requests and conversations that it ended stay ended.

    Raises:
        NotFoundError: when there is no such block.
    """
    other = select(Member.id).where(Member.public_id == public_id).scalar_subquery()
    gone = session.execute(
        delete(Block).where(Block.member_id == reader_id, Block.blocked_id == other)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError(N_("You are no longer blocking anyone by that name."))


def my_blocks(session: Session, reader_id: int) -> list[Blocked]:
    """Return the people the member blocks, by the pseudonym they had at that time."""
    rows = session.execute(
        select(Member.public_id, Block.pseudonym)
        .join(Block, Block.blocked_id == Member.id)
        .where(Block.member_id == reader_id)
        .order_by(Block.pseudonym, Member.public_id)
    )
    return [Blocked(*row) for row in rows]
