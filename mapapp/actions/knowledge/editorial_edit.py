"""What staff do with questions and the editors' answers: draft, publish, take, hide, show."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.locking import locked
from mapapp.actions.knowledge.editorial_read import FROM_FILES, newest, working_copy
from mapapp.actions.knowledge.post_display import lock_questions
from mapapp.actions.knowledge.question_list import set_title, take_from_set
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import words_to_search
from mapapp.domain.knowledge.editorial_check import checked_draft, checked_editorial
from mapapp.domain.knowledge.editorial_rules import DRAFT, PUBLISHED, EditorialText, sources_to_json
from mapapp.domain.knowledge.markdown import plain_text
from mapapp.domain.knowledge.question_set import OPEN, QUESTION_HIDDEN, load_set
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.questions import Editorial, Question


class OvertakenError(BadInputError):
    """Another editor saved an answer while this one was written."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Someone has saved another version since you opened this page. Yours is "
                "below and not saved yet: compare it with theirs under “versions”, then "
                "save it again."
            )
        )


def save_draft(
    session: Session, editor_id: int, question_id: int, text: EditorialText, mark: str
) -> None:
    """Keep an answer that need not be complete; readers see what was published before.

    Raises:
        BadInputError: for what cannot be kept.
        OvertakenError: when another editor has saved in the meantime.
    """
    found = checked_draft(text, this_day())
    who = _begin(session, editor_id, question_id, mark, "editorial-draft")
    draft = newest(session, question_id, DRAFT)
    _put(session, question_id, draft, found, _Stamp(DRAFT, who, this_day()))


def publish(
    session: Session, editor_id: int, question_id: int, text: EditorialText, mark: str
) -> None:
    """Show an answer to everyone, as a new version.

    Raises:
        BadInputError: for what is not complete.
        OvertakenError: when another editor has saved in the meantime.
    """
    found = checked_editorial(text, this_day())
    who = _begin(session, editor_id, question_id, mark, "editorial-publish")
    put_published(session, question_id, found, who, this_day())


def put_published(
    session: Session, question_id: int, text: EditorialText, who: str, day: date
) -> None:
    """Make a checked answer the published one; the search finds its words from now on."""
    lock_questions(session, [question_id])
    # An import leaves alone what an editor is in the middle of.
    draft = None if who in FROM_FILES else newest(session, question_id, DRAFT)
    _put(session, question_id, draft, text, _Stamp(PUBLISHED, who, day))
    question = session.get_one(Question, question_id, populate_existing=True)
    title = question.title or set_title(question.slug, _condition(session, question))
    question.words = words_to_search(title, plain_text(text.body))
    session.flush()


def take(session: Session, editor_id: int, condition_id: int, key: str) -> None:
    """Open a question of the set for a condition.

    Raises:
        NotFoundError: when the set has none with this key.
        BadInputError: when it does not apply to this condition.
    """
    _record(session, editor_id, "question-take", condition_id, key)
    take_from_set(session, condition_id, key)


def hide(session: Session, editor_id: int, condition_id: int, slug: str) -> None:
    """Say that a question does not apply to a condition; its answers stay, and nobody reads them.

    Raises:
        NotFoundError: when there is none, and the set has none with this key.
    """
    _record(session, editor_id, "question-hide", condition_id, slug)
    if slug in load_set():
        question = _question(session, condition_id, slug)
        if question is None:
            take_from_set(session, condition_id, slug)
    _set_state(session, condition_id, slug, OPEN, QUESTION_HIDDEN)


def show(session: Session, editor_id: int, condition_id: int, slug: str) -> None:
    """Undo ``hide``.

    Raises:
        NotFoundError: when it is not hidden.
    """
    _record(session, editor_id, "question-show", condition_id, slug)
    _set_state(session, condition_id, slug, QUESTION_HIDDEN, OPEN)


def hidden_questions(session: Session, condition_id: int) -> list[tuple[str, str]]:
    """Return slug and title ('' for those of the set) of what does not apply to a condition."""
    query = select(Question.slug, Question.title).where(
        Question.condition_id == condition_id, Question.state == QUESTION_HIDDEN
    )
    return [(row.slug, row.title) for row in session.execute(query.order_by(Question.slug))]


def _begin(session: Session, editor_id: int, question_id: int, mark: str, act: str) -> str:
    """Take the question, refuse an editor who was overtaken, and record the act first."""
    lock_questions(session, [question_id])
    if working_copy(session, question_id)[1] != mark:
        raise OvertakenError
    question = session.get_one(Question, question_id)
    return _record(session, editor_id, act, question.condition_id, question.slug)


@dataclass(frozen=True)
class _Stamp:
    """What a version is marked with: its state, who wrote it, and when."""

    state: str
    who: str
    day: date


def _put(
    session: Session, question_id: int, row: Editorial | None, text: EditorialText, stamp: _Stamp
) -> None:
    numbers = select(func.max(Editorial.number)).where(Editorial.question_id == question_id)
    highest = session.scalar(numbers) or 0
    if row is None:
        row = Editorial(question_id=question_id, number=highest + 1)
        session.add(row)
    elif row.number < highest:
        row.number = highest + 1  # something was published beside the draft
    row.state, row.by, row.day = stamp.state, stamp.who, stamp.day
    row.author_role, row.body = text.author_role, text.body
    row.sources = sources_to_json(text.sources)
    row.reviewer, row.reviewed, row.review_due = text.reviewer, text.reviewed, text.review_due
    session.flush()


def _set_state(session: Session, condition_id: int, slug: str, before: str, after: str) -> None:
    question = _question(session, condition_id, slug)
    if question is None or question.state != before:
        raise NotFoundError(N_("There is no such question in this list."))
    question.state = after
    session.flush()


def _question(session: Session, condition_id: int, slug: str) -> Question | None:
    query = select(Question).where(Question.condition_id == condition_id, Question.slug == slug)
    return session.scalar(locked(query))


def _condition(session: Session, question: Question) -> str:
    return session.scalars(
        select(Condition.name).where(Condition.id == question.condition_id)
    ).one()


def _record(session: Session, editor_id: int, act: str, condition_id: int, slug: str) -> str:
    who = audit.actor(session, editor_id)
    condition = session.scalars(select(Condition.slug).where(Condition.id == condition_id)).one()
    audit.record(session, who, act, condition=condition, question=slug)
    return who
