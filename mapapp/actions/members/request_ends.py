"""What is left between two members when one hides, leaves a map or the site, or blocks."""

from sqlalchemy import ColumnElement, case, delete, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.domain.core.visibilities import NOBODY
from mapapp.domain.members.request_states import (
    ASKED_LEAVES,
    ASKER_BLOCKS,
    ASKER_LEAVES,
    BARRED,
    END,
    GONE,
    before,
)
from mapapp.store.contact import ContactRequest, Conversation, ConversationSide
from mapapp.store.members import Membership
from mapapp.store.posts import Post


def end_requests(ctx: Context, member_id: int, condition_id: int) -> None:
    """Withdraw the unanswered requests from and to a member who is no longer listed.

    Those to them are over today: whoever asks again once they are back calls on them anew.
    """
    moves, request = before(END), ContactRequest
    to_them = request.to_member_id == member_id
    mine = or_(request.from_member_id == member_id, to_them)
    ended = update(request).where(request.condition_id == condition_id, mine)
    ctx.session.execute(
        ended.where(request.state.in_(moves)).values(
            state=case(moves, value=request.state),
            expires=case((to_them, ctx.today), else_=request.expires),
        )
    )


def keep_name_in_conversations(session: Session, membership: Membership) -> None:
    """Let those who talk with a member who leaves the map still read who that is."""
    here = select(Conversation.id).where(Conversation.condition_id == membership.condition_id)
    mine = ConversationSide.member_id == membership.member_id
    session.execute(
        update(ConversationSide)
        .where(mine, ConversationSide.conversation_id.in_(here))
        .values(left_as=membership.pseudonym)
    )


def leave_requests(
    session: Session, member_id: int, other_id: int | None = None, condition_id: int | None = None
) -> None:
    """End every request of a member as if they had left the site.

    With ``other_id``, only those of the two on the map of ``condition_id``. A sender who was
    silently declined reads the same as one who had no answer yet, and the same as of somebody who
    hides.
    """
    asker, asked = ContactRequest.from_member_id, ContactRequest.to_member_id
    # All of them in one order first, so that two who leave at once do not wait for each other.
    every = select(ContactRequest.id).where(or_(asker == member_id, asked == member_id))
    session.execute(every.order_by(ContactRequest.id).with_for_update())
    goes = ASKER_LEAVES if other_id is None else ASKER_BLOCKS
    for mine, theirs, act in ((asker, asked, goes), (asked, asker, ASKED_LEAVES)):
        ours: ColumnElement[bool] = mine == member_id
        if other_id is not None:
            ours &= (theirs == other_id) & (ContactRequest.condition_id == condition_id)
        _leave(session, ours, mine.key, before(act))


def _leave(session: Session, ours: ColumnElement[bool], side: str, moves: dict[str, str]) -> None:
    rows = session.execute(
        select(ContactRequest.id, ContactRequest.state).where(ours).with_for_update()
    ).all()
    told = [row.id for row in rows if moves.get(row.state, GONE) != GONE]
    gone = [row.id for row in rows if row.id not in told]
    session.execute(delete(ContactRequest).where(ContactRequest.id.in_(gone)))
    for after in {moves[row.state] for row in rows if row.id in told}:
        named = [row.id for row in rows if row.id in told and moves[row.state] == after]
        values = {"state": after} if after == BARRED else {"state": after, side: None}
        session.execute(update(ContactRequest).where(ContactRequest.id.in_(named)).values(values))


def take_names_off_posts(session: Session, membership: Membership) -> None:
    """Let nobody read any more who wrote the texts of a member who leaves the map.

    For good: whoever comes back is somebody else to others, and a text that changed its name would
    tell who they were before.
    """
    mine = (Post.member_id == membership.member_id, Post.condition_id == membership.condition_id)
    session.execute(update(Post).where(*mine, Post.named_to != NOBODY).values(named_to=NOBODY))
