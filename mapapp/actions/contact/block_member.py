"""Blocking a member: mutual, silent, and on the map where it was done.

On other maps nothing can be seen of it, or it would tell that two listings are one person's. There
requests and messages between the two get the silent no (privacy rule 2).
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import leave_conversations
from mapapp.actions.core.locking import lock_members
from mapapp.actions.members.request_ends import leave_requests
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block, Conversation, ConversationSide
from mapapp.store.members import Membership


@dataclass(frozen=True)
class Blocked:
    """A person the member blocks.

    Attributes:
        public_id: of the block, not of the person.
        pseudonym: theirs on that map, as it was then.
        condition: the name of the map.
    """

    public_id: str
    pseudonym: str
    condition: str


def block(session: Session, reader_id: int, other_id: int, condition_id: int) -> None:
    """Block another member on a map; to them, it looks as if the member had left it.

    Raises:
        BadInputError: for the reader.
    """
    if reader_id == other_id:
        raise BadInputError(N_("This is you."))
    lock_members(session, reader_id, other_id)
    made = Block(
        member_id=reader_id,
        blocked_id=other_id,
        condition_id=condition_id,
        pseudonym=_name(session, other_id, condition_id),
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        return  # already blocked, or the other member has left the site
    leave_requests(session, reader_id, other_id, condition_id)
    leave_conversations(session, reader_id, other_id, condition_id)


def unblock(session: Session, reader_id: int, public_id: str) -> None:
    """Remove a block by its public id; requests and conversations that it ended stay ended.

    Raises:
        NotFoundError: when there is no such block.
    """
    mine = (Block.member_id == reader_id, Block.public_id == public_id)
    gone = session.execute(delete(Block).where(*mine))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError(N_("You are no longer blocking anyone by that name."))


def my_blocks(session: Session, reader_id: int) -> list[Blocked]:
    """Return the people the member blocks, by the pseudonym they had then, and by map."""
    rows = session.execute(
        select(Block.public_id, Block.pseudonym, Condition.name)
        .join(Condition, Condition.id == Block.condition_id)
        .where(Block.member_id == reader_id)
        .order_by(Block.pseudonym, Condition.name, Block.public_id)
    )
    return [Blocked(*row) for row in rows]


def _name(session: Session, member_id: int, condition_id: int) -> str:
    """Return what a member is called on a map, or was when they left it; '' for nothing."""
    on_it = session.get(Membership, (condition_id, member_id), populate_existing=True)
    if on_it is not None:
        return on_it.pseudonym
    left_as = (
        select(func.max(ConversationSide.left_as))
        .join(Conversation, Conversation.id == ConversationSide.conversation_id)
        .where(Conversation.condition_id == condition_id, ConversationSide.member_id == member_id)
    )
    return session.scalar(left_as) or ""
