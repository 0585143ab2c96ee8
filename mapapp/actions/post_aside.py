"""Posts of somebody who hides, pauses, falls silent or is set aside; each can be undone."""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.posts import lock_posts_of, lock_questions, recount
from mapapp.actions.together import lock_members
from mapapp.store.posts import Post


def set_posts_aside(session: Session, member_id: int, reason: str) -> int:
    """Set the posts of a member aside for a reason of ``domain.aside``; return how many.

    Called before the numbers of maps change, see ``lock_posts_of``.
    """
    _take_all(session, member_id)
    return _change(
        session,
        Post.aside + reason,
        Post.member_id == member_id,
        Post.aside.not_like(f"%{reason}%"),
    )


def bring_posts_back(session: Session, member_id: int, reason: str) -> int:
    """Undo it; what rests on another reason stays. Called before the numbers of maps change."""
    _take_all(session, member_id)
    return _change(
        session,
        func.replace(Post.aside, reason, ""),
        Post.member_id == member_id,
        Post.aside.like(f"%{reason}%"),
    )


def set_post_aside(session: Session, piece: str, reason: str) -> None:
    """Set one post aside."""
    here = (Post.public_id == piece, Post.aside.not_like(f"%{reason}%"))
    _change(session, Post.aside + reason, *here)


def bring_post_back(session: Session, piece: str, reason: str) -> None:
    """Undo it."""
    _change(session, func.replace(Post.aside, reason, ""), Post.public_id == piece)


def has_posts_aside(session: Session, member_id: int, reason: str) -> bool:
    """Whether a post of the member is set aside for a reason."""
    found = select(Post.id).where(Post.member_id == member_id, Post.aside.like(f"%{reason}%"))
    return session.scalar(found.limit(1)) is not None


def _take_all(session: Session, member_id: int) -> None:
    lock_members(session, member_id)
    lock_posts_of(session, member_id)


def _change(session: Session, aside: ColumnElement[str], *terms: ColumnElement[bool]) -> int:
    questions = set(session.scalars(select(Post.question_id).where(*terms)))
    lock_questions(session, questions)
    done = session.execute(
        update(Post).where(*terms).values(aside=aside).execution_options(synchronize_session=False)
    )
    recount(session, questions)
    return int(done.rowcount)  # type: ignore[attr-defined]
