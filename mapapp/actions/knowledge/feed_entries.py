"""What is new about a condition, for readers of feeds: names nobody, the same for everyone."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_list import newest_answers
from mapapp.actions.knowledge.question_list import FoundQuestion, questions_of
from mapapp.domain.knowledge.editorial_rules import PUBLISHED
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.store.questions import Editorial, Question

MOST_ENTRIES = 30


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
    return sorted(found, key=lambda news: (news.changed, news.public_id), reverse=True)[
        :MOST_ENTRIES
    ]


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
        .limit(MOST_ENTRIES)
    )
    return [
        News(
            public_id=public_id,
            question=asked[question_id],
            by_editors=True,
            title="",
            text="",
            first=first,
            changed=last,
        )
        for question_id, public_id, first, last in rows
    ]


def _by_members(session: Session, condition_id: int, asked: dict[int, FoundQuestion]) -> list[News]:
    posts = [
        post
        for are_stories in (False, True)
        for post, _slug in newest_answers(session, condition_id, MOST_ENTRIES, stories=are_stories)
    ]
    return [
        News(
            public_id=post.public_id,
            question=asked.get(post.question_id or 0),
            by_editors=False,
            title=post.title,
            text=post.text,
            first=post.day,
            changed=post.edited or post.day,
        )
        for post in posts
        # The answers to a question that was hidden have no page any more.
        if post.question_id is None or post.question_id in asked
    ]
