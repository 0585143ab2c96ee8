"""What is new about a condition, for readers of feeds: names nobody, the same for everybody."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.post_lists import newest_answers
from mapapp.actions.questions import FoundQuestion, questions_of
from mapapp.domain.editorial import PUBLISHED
from mapapp.domain.questions import OPEN
from mapapp.store.questions import Editorial, Question

NEWEST = 30


@dataclass(frozen=True)
class News:
    """Something new.

    Attributes:
        public_id: of the post, or of the question that the editors answered.
        question: what was answered, None for a story.
        by_editors: whether the editors wrote it; ``text`` is then ''.
        title: of a story.
        first: on which day it was first there.
        changed: on which day it last changed.
    """

    public_id: str
    question: FoundQuestion | None
    by_editors: bool
    title: str
    text: str
    first: date
    changed: date


def news_of(session: Session, condition_id: int) -> list[News]:
    """Return what the editors published and what members allowed to be found, newest first."""
    asked = {question.id: question for question in questions_of(session, condition_id)}
    found = [*_by_editors(session, condition_id, asked), *_by_members(session, condition_id, asked)]
    return sorted(found, key=lambda news: (news.changed, news.public_id), reverse=True)[:NEWEST]


def _by_editors(session: Session, condition_id: int, asked: dict[int, FoundQuestion]) -> list[News]:
    changed = func.max(Editorial.day)
    rows = session.execute(
        select(Question.id, Question.public_id, func.min(Editorial.day), changed)
        .join(Editorial, Editorial.question_id == Question.id)
        .where(
            Question.condition_id == condition_id,
            Question.state == OPEN,
            Editorial.state == PUBLISHED,
        )
        .group_by(Question.id, Question.public_id)
        .order_by(changed.desc(), Question.public_id.desc())
        .limit(NEWEST)
    )
    return [
        News(public_id, asked[question_id], True, "", "", first, last)
        for question_id, public_id, first, last in rows
    ]


def _by_members(session: Session, condition_id: int, asked: dict[int, FoundQuestion]) -> list[News]:
    posts = [
        post
        for are_stories in (False, True)
        for post, _slug in newest_answers(session, condition_id, NEWEST, stories=are_stories)
    ]
    return [
        News(
            post.public_id,
            asked.get(post.question_id or 0),
            False,
            post.title,
            post.text,
            post.day,
            post.edited or post.day,
        )
        for post in posts
        # The answers to a question that was hidden have no page any more.
        if post.question_id is None or post.question_id in asked
    ]
