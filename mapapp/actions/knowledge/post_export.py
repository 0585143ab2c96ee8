"""What a member wrote for everyone, voted on and asked, as plain values, for "my data"."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_list import earlier_versions
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.store.conditions import Condition
from mapapp.store.posts import Post, PostVote
from mapapp.store.questions import Question


def my_posts(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return every answer and story of a member, oldest first."""
    rows = session.execute(
        select(Post, Condition.name, Question.slug, Question.title)
        .join(Condition, Condition.id == Post.condition_id)
        .outerjoin(Question, Question.id == Post.question_id)
        .where(Post.member_id == member_id)
        .order_by(Post.id)
    )
    return [
        {
            "condition": condition,
            "question": asked or slug or "",
            "title": post.title,
            "text": post.text,
            "speaks_as": post.role,
            "years": post.years,
            "named_to": post.named_to,
            "search_engines": post.indexed,
            "day": post.day.isoformat(),
            "changed": post.edited.isoformat() if post.edited else "",
            "state": post.state,
            "set_aside": bool(post.hidden_reasons),
            "speaks_of_cure": post.speaks_of_cure,
            "helpful": post.helpful,
            "votes": post.votes,
            "versions": [
                {"day": v.day.isoformat(), "title": v.title, "text": v.text}
                for v in earlier_versions(session, post.id)
            ],
        }
        for post, condition, slug, asked in rows
    ]


def my_votes(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return what a member said of others' texts; whose they are is not theirs to be told.

    Nor is a question that was hidden since: others may have written it.
    """
    asked = (Post.question_id == Question.id) & (Question.state == OPEN)
    rows = session.execute(
        select(Condition.name, Question.slug, Question.title, PostVote.helpful)
        .join(Post, Post.id == PostVote.post_id)
        .join(Condition, Condition.id == Post.condition_id)
        .outerjoin(Question, asked)
        .where(PostVote.member_id == member_id)
        .order_by(Condition.name, PostVote.post_id)
    )
    return [
        {"condition": condition, "question": title or slug or "", "helpful": helpful}
        for condition, slug, title, helpful in rows
    ]


def my_questions(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return the questions of a member that wait for a moderator."""
    rows = session.execute(
        select(Condition.name, Question.title)
        .join(Condition, Condition.id == Question.condition_id)
        .where(Question.proposed_by == member_id)
        .order_by(Question.id)
    )
    return [{"condition": condition, "question": title} for condition, title in rows]
