"""Invented answers and stories of the demo, each marked as such on its page."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.posts import recount
from mapapp.actions.questions import take_from_set
from mapapp.domain.folding import words_to_search
from mapapp.domain.messages import SENT, clean_text
from mapapp.domain.months import this_day
from mapapp.domain.permissions import MEMBERS, PUBLIC
from mapapp.domain.posts import wilson_lower
from mapapp.domain.questions import CONTENT
from mapapp.domain.shipped import read_shipped
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post, PostVote

FILE = CONTENT / "demo.toml"


def make_demo_posts(session: Session, source: str) -> None:
    """Let invented people write and vote: those of the condition who are listed on its map.

    Args:
        session: the transaction.
        source: of the demo's members.
    """
    rows = read_shipped(FILE, lambda found: [*found["answer"], *found["story"]])
    by_condition: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_condition.setdefault(row["condition"], []).append(row)
    for slug, texts in by_condition.items():
        _of_one(session, source, slug, texts)


def _of_one(session: Session, source: str, slug: str, texts: list[dict[str, Any]]) -> None:
    condition_id = session.scalars(select(Condition.id).where(Condition.slug == slug)).one()
    people = _people(session, source, condition_id)
    for number, row in enumerate(texts):
        writer_id, *others = people[number:] + people[:number]
        question = row.get("question")
        question_id = take_from_set(session, condition_id, question) if question else None
        post = Post(
            condition_id=condition_id,
            question_id=question_id,
            member_id=writer_id,
            title=row.get("title", ""),
            text=clean_text(row["text"]),
            role=row["role"],
            years=row["years"],
            named_to=PUBLIC if number % 3 == 0 else MEMBERS,
            indexed=True,  # of nobody, so that visitors of a trial see some
            state=SENT,
            day=this_day(),
            helpful=row["helpful"],
            votes=row["votes"],
            rank=wilson_lower(row["helpful"], row["votes"]),
            words=words_to_search(row.get("title", ""), row["text"]),
        )
        session.add(post)
        session.flush()
        votes = [
            {"post_id": post.id, "member_id": member_id, "helpful": place < row["helpful"]}
            for place, member_id in enumerate(others[: row["votes"]])
        ]
        insert_rows(session, PostVote, votes)
        recount(session, [question_id])


def _people(session: Session, source: str, condition_id: int) -> list[int]:
    """Return the demo's people who show themselves to everyone, always in the same order."""
    query = (
        select(Member.id)
        .join(Membership, Membership.member_id == Member.id)
        .where(Member.source == source, Member.pseudonym != "")
        .where(Membership.condition_id == condition_id, Membership.visibility == PUBLIC)
        .order_by(Member.public_id)
    )
    return list(session.scalars(query.limit(80)))
