"""The questions of a condition: which there are, and opening one from the set that ships."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.domain.core.folding import words_to_search
from mapapp.domain.knowledge.editorial_rules import PUBLISHED
from mapapp.domain.knowledge.question_set import OPEN, load_set
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.questions import Editorial, Question

NO_QUESTION = N_("There is no question at this address. The condition’s page lists its questions.")


@dataclass(frozen=True)
class FoundQuestion:
    """A question as pages show it.

    Attributes:
        title: '' for one from the set, whose key is the slug.
        answers: how many answers of members are shown.
        has_editorial: whether the editors answered it.
        is_open: whether readers find it; only what a member wrote there leads to others.
    """

    id: int
    condition_id: int
    slug: str
    title: str
    answers: int
    has_editorial: bool
    is_open: bool


HAS_EDITORIAL = exists().where(Editorial.question_id == Question.id, Editorial.state == PUBLISHED)
QUESTION_COLUMNS = (
    Question.id,
    Question.condition_id,
    Question.slug,
    Question.title,
    Question.answers,
    HAS_EDITORIAL.label("has_editorial"),
    (Question.state == OPEN).label("is_open"),
)
TOP_FIRST = (Question.answers.desc(), Question.reads.desc(), Question.slug)


def questions_of(
    session: Session, condition_id: int, most: int | None = None
) -> list[FoundQuestion]:
    """Return the open questions of a condition, those with most answers and reads first."""
    return _found(session, Question.condition_id == condition_id, most=most)


def question_by_slug(session: Session, condition_id: int, slug: str) -> FoundQuestion:
    """Return one open question.

    Raises:
        NotFoundError: when there is none.
    """
    found = _found(session, Question.condition_id == condition_id, Question.slug == slug)
    if not found:
        raise NotFoundError(NO_QUESTION)
    return found[0]


def questions_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, FoundQuestion]:
    """Return questions in any state, for what a member wrote there."""
    wanted = {question_id for question_id in ids if question_id is not None}
    rows = session.execute(select(*QUESTION_COLUMNS).where(Question.id.in_(wanted)))
    return {row.id: FoundQuestion(*row) for row in rows}


def not_taken(session: Session, condition_id: int) -> list[str]:
    """Return the keys of the set that this condition has not, and that are not hidden in it."""
    taken = set(session.scalars(select(Question.slug).where(Question.condition_id == condition_id)))
    return [key for key in load_set() if key not in taken]


def take_from_set(session: Session, condition_id: int, key: str) -> int:
    """Open a question of the set for a condition; return its id, also when it is open already.

    Raises:
        NotFoundError: when the set has none with this key.
        BadInputError: when it does not apply to this condition.
    """
    if key not in load_set():
        raise NotFoundError(NO_QUESTION)
    known = _state(session, condition_id, key)
    if known is None:
        try:
            with session.begin_nested():
                session.add(_from_set(session, condition_id, key))
        except IntegrityError:
            pass  # another member opened it at the same moment
        known = _state(session, condition_id, key)
    if known is None or known[1] != OPEN:
        raise BadInputError(N_("This question does not apply to this condition."))
    return known[0]


def add_reads(session: Session, reads: Mapping[int, int]) -> None:
    """Add how often questions were read, by id."""
    for question_id in sorted(reads):
        session.execute(
            update(Question)
            .where(Question.id == question_id)
            .values(reads=Question.reads + reads[question_id])
        )


def set_title(key: str, condition: str) -> str:
    """Return the English words of a question of the set for a condition."""
    return load_set()[key].words % {"condition": condition}


def _found(
    session: Session, *terms: ColumnElement[bool], most: int | None = None
) -> list[FoundQuestion]:
    query = select(*QUESTION_COLUMNS).where(Question.state == OPEN, *terms).order_by(*TOP_FIRST)
    return [FoundQuestion(*row) for row in session.execute(query.limit(most))]


def _state(session: Session, condition_id: int, slug: str) -> tuple[int, str] | None:
    row = session.execute(
        select(Question.id, Question.state).where(
            Question.condition_id == condition_id, Question.slug == slug
        )
    ).one_or_none()
    return (row.id, row.state) if row else None


def _from_set(session: Session, condition_id: int, key: str) -> Question:
    name = session.scalars(select(Condition.name).where(Condition.id == condition_id)).one()
    words = words_to_search(set_title(key, name))
    return Question(condition_id=condition_id, slug=key, state=OPEN, words=words)
