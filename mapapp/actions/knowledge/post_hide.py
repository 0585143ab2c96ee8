"""Hiding what members wrote, for one of the reasons to hide; each can end without the others."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge.post_display import lock_posts_of, lock_questions, recount
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.store.base import add_flag, has_flag, remove_flag
from mapapp.store.posts import Post


def hide_posts(
    session: Session, member_id: int, reason: HiddenReason, condition_id: int | None = None
) -> int:
    """Hide a member's posts for ``reason``; return how many were not hidden for it already.

    With ``condition_id``, only those about it. Called before the numbers of maps change, see
    ``lock_posts_of``.
    """
    _take_all(session, member_id)
    mine = Post.member_id == member_id
    if condition_id is not None:
        mine &= Post.condition_id == condition_id
    return _add(session, reason, mine)


def show_posts(
    session: Session, member_id: int, reason: HiddenReason, still: Collection[int] = ()
) -> int:
    """End ``reason`` for a member's posts but those about the conditions of ``still``.

    Return how many. Called before numbers change too.
    """
    _take_all(session, member_id)
    mine = (Post.member_id == member_id, has_flag(Post.hidden_reasons, reason))
    terms = (*mine, Post.condition_id.not_in(still))
    return _change(session, remove_flag(Post.hidden_reasons, reason), *terms)


def hide_post(session: Session, public_id: str, reason: HiddenReason) -> None:
    """Hide one post for ``reason``."""
    _add(session, reason, Post.public_id == public_id)


def has_hidden_posts(session: Session, member_id: int, reason: HiddenReason) -> bool:
    """Whether a post of the member is hidden for ``reason``."""
    mine = (Post.member_id == member_id, has_flag(Post.hidden_reasons, reason))
    return session.scalar(select(Post.id).where(*mine).limit(1)) is not None


def _take_all(session: Session, member_id: int) -> None:
    lock_members(session, member_id)
    lock_posts_of(session, member_id)


def _add(session: Session, reason: HiddenReason, these: ColumnElement[bool]) -> int:
    shown = ~has_flag(Post.hidden_reasons, reason)
    return _change(session, add_flag(Post.hidden_reasons, reason), these, shown)


def _change(
    session: Session, reasons: ColumnElement[HiddenReason], *terms: ColumnElement[bool]
) -> int:
    questions = set(session.scalars(select(Post.question_id).where(*terms)))
    lock_questions(session, questions)
    change = update(Post).where(*terms).values(hidden_reasons=reasons)
    done = session.execute(change.execution_options(synchronize_session=False))
    recount(session, questions)
    return int(done.rowcount)  # type: ignore[attr-defined]
