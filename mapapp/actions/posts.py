"""What holds for every post: when it is shown, whom it names, and the numbers that follow."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.blocked import not_blocked
from mapapp.domain.messages import SENT
from mapapp.domain.posts import NOBODY, WITHOUT_NAME
from mapapp.errors import NotFoundError
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.store.questions import Question

NO_POST = "This is gone: its writer or a moderator took it away."


def is_shown() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms that let through posts which readers see."""
    return Post.state == SENT, Post.aside.in_(("", WITHOUT_NAME))


def seen_by(reader_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Return the same terms for one reader; they join the table of members.

    Of people who block each other, what bears no name is left: what was missing would tell whose
    it is.
    """
    terms: tuple[ColumnElement[bool], ...] = (*is_shown(), Member.id == Post.member_id)
    if reader_id is None:
        return terms
    mine, theirs = not_blocked(reader_id)
    return (*terms, or_(Post.named_to == NOBODY, mine & theirs))


def lock_post(session: Session, *terms: ColumnElement[bool]) -> Post:
    """Return a post, after its question, locked until the transaction ends.

    Raises:
        NotFoundError: when there is none.
    """
    question_id = session.scalar(select(Post.question_id).where(*terms))
    lock_questions(session, [question_id])
    return lock_post_alone(session, *terms)


def lock_post_alone(session: Session, *terms: ColumnElement[bool]) -> Post:
    """Return a post, locked, for what changes no number of its question.

    Raises:
        NotFoundError: when there is none.
    """
    query = select(Post).where(*terms).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(NO_POST)
    return found


def lock_questions(session: Session, question_ids: Iterable[int | None]) -> None:
    """Take questions in one order, before anything that changes how many answers they have."""
    wanted = [question_id for question_id in question_ids if question_id is not None]
    if wanted:
        query = select(Question.id).where(Question.id.in_(wanted)).order_by(Question.id)
        session.execute(query.with_for_update())


def lock_posts_of(session: Session, member_id: int) -> None:
    """Take all that a member wrote, before an act that changes more than one of them.

    All acts take members first, then cases, questions, posts, and the numbers of maps last, each
    kind by its number: so no two of them ever wait for each other.
    """
    mine = Post.member_id == member_id
    lock_questions(session, session.scalars(select(Post.question_id).where(mine)).all())
    session.execute(select(Post.id).where(mine).order_by(Post.id).with_for_update())


def recount(session: Session, question_ids: Iterable[int | None]) -> None:
    """Count the shown answers of questions that this transaction has taken."""
    session.flush()
    wanted = [question_id for question_id in question_ids if question_id is not None]
    shown = (
        select(func.count())
        .select_from(Post)
        .where(Post.question_id == Question.id, *is_shown())
        .scalar_subquery()
    )
    values: dict[Any, Any] = {"answers": shown}
    if wanted:
        session.execute(
            update(Question)
            .where(Question.id.in_(wanted))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
