"""Searching the questions and answers of all conditions."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mapapp.actions.knowledge.post_display import seen_by
from mapapp.actions.knowledge.question_list import HAS_EDITORIAL, TOP_FIRST
from mapapp.domain.core.folding import folded_query, query_words
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.store.conditions import Condition
from mapapp.store.posts import Post
from mapapp.store.questions import Question

MOST_QUESTIONS_FOUND = 50
MOST_TERMS = 8


@dataclass(frozen=True)
class FoundElsewhere:
    """A question that a search found, of whichever condition."""

    slug: str
    title: str
    answers: int
    has_editorial: bool
    condition: str
    condition_slug: str


def search_questions(session: Session, reader_id: int | None, query: str) -> list[FoundElsewhere]:
    """Return the questions with every word in their title and the editors' answer, or in an answer.

    Case and accents make no difference; beginnings of words count. The best known come first.

    Raises:
        BadInputError: if the query is too long.
    """
    terms = query_words(folded_query(query), MOST_TERMS)
    if not terms:
        return []
    answered = exists().where(
        Post.question_id == Question.id, *seen_by(reader_id), _holds(Post.words, terms)
    )
    found = session.execute(
        select(
            Question.slug,
            Question.title,
            Question.answers,
            HAS_EDITORIAL,
            Condition.name,
            Condition.slug.label("condition_slug"),
        )
        .join(Condition, Condition.id == Question.condition_id)
        .where(Question.state == OPEN, Condition.shown)
        .where(or_(_holds(Question.words, terms), answered.correlate(Question)))
        .order_by(*TOP_FIRST)
        .limit(MOST_QUESTIONS_FOUND)
    )
    return [FoundElsewhere(*row) for row in found]


def _holds(words: InstrumentedAttribute[str], terms: list[str]) -> ColumnElement[bool]:
    return and_(*(words.contains(f" {term}", autoescape=True) for term in terms))
