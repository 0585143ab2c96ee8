"""Whether members find a post helpful: one vote each, and none for their own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members, locked
from mapapp.actions.knowledge.post_display import (
    NO_POST,
    lock_post_alone,
    lock_questions,
    recount,
    seen_by,
)
from mapapp.domain.knowledge.post_rules import wilson_lower
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.posts import Post, PostVote


def cast_vote(ctx: Context, public_id: str, helpful: bool | None) -> None:
    """Say whether a post is helpful; None withdraws the vote. Saying it twice counts once.

    Raises:
        NotFoundError: when it is not there for this member.
        BadInputError: for the voter's own post.
        LimitError: for more than 200 in a day.
    """
    lock_members(ctx.session, ctx.member_id)
    visible = select(Post.id).where(Post.public_id == public_id, *seen_by(ctx.member_id))
    post_id = ctx.session.scalar(visible)
    if post_id is None:
        raise NotFoundError(NO_POST)
    post = lock_post_alone(ctx.session, Post.id == post_id)
    if post.member_id == ctx.member_id:
        raise BadInputError(N_("This is your own. Others say whether it is helpful."))
    known = ctx.session.get(PostVote, (post.id, ctx.member_id), populate_existing=True)
    if (known.helpful if known else None) == helpful:
        return
    if known is None:
        quotas.use(ctx, quotas.VOTE_LIMIT, ctx.member_id)
    else:
        _count(post, known.helpful, -1)
    if helpful is not None:
        _count(post, helpful, 1)
    _keep(ctx.session, known, post.id, ctx.member_id, helpful)
    ctx.session.flush()


def leave_posts(session: Session, member_id: int) -> None:
    """Take away what a member who leaves wrote, and their votes; all numbers follow."""
    mine, voted = Post.member_id == member_id, PostVote.member_id == member_id
    questions = set(session.scalars(select(Post.question_id).where(mine)))
    lock_questions(session, questions)
    concerned = mine | Post.id.in_(select(PostVote.post_id).where(voted))
    posts = session.scalars(locked(select(Post).where(concerned).order_by(Post.id))).all()
    votes = {v.post_id: v for v in session.scalars(select(PostVote).where(voted))}
    for post in posts:
        if post.member_id == member_id:
            session.delete(post)
        elif post.id in votes:
            _count(post, votes[post.id].helpful, -1)
            session.delete(votes[post.id])
    recount(session, questions)


def _count(post: Post, helpful: bool, n: int) -> None:
    post.votes += n
    post.helpful += n if helpful else 0
    post.rank = wilson_lower(post.helpful, post.votes)


def _keep(
    session: Session, known: PostVote | None, post_id: int, member_id: int, helpful: bool | None
) -> None:
    if helpful is None:
        if known is not None:
            session.delete(known)
    elif known is not None:
        known.helpful = helpful
    else:
        session.add(PostVote(post_id=post_id, member_id=member_id, helpful=helpful))
