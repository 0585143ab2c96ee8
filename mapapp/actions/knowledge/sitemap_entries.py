"""Which conditions and questions search engines are told of.

What is listed follows from listed people, published answers and answers whose writers allowed it;
counted-only members are in none of the three (privacy rule 4).
"""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import seen_by
from mapapp.actions.knowledge.question_list import HAS_EDITORIAL
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.store.conditions import Condition
from mapapp.store.posts import Post
from mapapp.store.questions import Question

HAS_INDEXED_ANSWER = exists().where(
    Post.question_id == Question.id, Post.indexed.is_(True), *seen_by(None)
)


def conditions_with_people(session: Session) -> list[str]:
    """Return the slugs of the conditions whose maps show anyone."""
    return list(
        session.scalars(select(Condition.slug).where(Condition.shown, Condition.listed > 0))
    )


def answered_questions(session: Session) -> list[tuple[str, str]]:
    """Return the slugs of each condition and question with an answer that anyone may find."""
    query = (
        select(Condition.slug, Question.slug)
        .join(Question, Question.condition_id == Condition.id)
        .where(Condition.shown, Question.state == OPEN, or_(HAS_EDITORIAL, HAS_INDEXED_ANSWER))
    )
    return [(condition, question) for condition, question in session.execute(query)]
