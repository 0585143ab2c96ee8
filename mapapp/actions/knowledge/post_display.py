"""What holds for every post: when it is shown, who it names, and the numbers that follow."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import locked
from mapapp.actions.published.blocked_pairs import not_blocked
from mapapp.domain.core.free_text import SENT
from mapapp.domain.core.visibilities import NOBODY
from mapapp.domain.knowledge.post_rules import SHOWN_DESPITE
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.store.questions import Question

NO_POST = N_("This is gone: its writer or a moderator removed it.")


def is_shown() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms that let through posts which readers see, where these see what they are about.

    The number of answers that a question keeps is made by them: it holds while it is hidden, too.
    """
    return Post.state == SENT, Post.hidden_reasons.in_(SHOWN_DESPITE)


def is_found() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return terms that let through posts whose condition and question the site shows."""
    condition = exists().where(Condition.id == Post.condition_id, Condition.shown)
    question = exists().where(Question.id == Post.question_id, Question.state == OPEN)
    is_story = Post.question_id.is_(None)
    return condition.correlate(Post), or_(is_story, question.correlate(Post))


def seen_by(reader_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Return all terms for one reader; they join the table of members.

    Of people who block each other, what bears no name is left: what was missing would tell whose
    it is.
    """
    terms: tuple[ColumnElement[bool], ...] = (
        *is_shown(),
        *is_found(),
        Member.id == Post.member_id,
    )
    if reader_id is None:
        return terms
    mine, theirs = not_blocked(reader_id, Post.condition_id)
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
    found = session.scalar(locked(select(Post).where(*terms)))
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
