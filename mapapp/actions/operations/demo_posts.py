"""Invented answers and stories of the demo, each marked as such on its page."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import recount
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import words_to_search
from mapapp.domain.core.free_text import SENT, clean_text
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.core.visibilities import MEMBERS, PUBLIC
from mapapp.domain.knowledge.post_rules import wilson_lower
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import DEMO, Member, Membership
from mapapp.store.posts import Post, PostVote

DEMO_FILE = CONTENT / "demo.toml"


def make_demo_posts(session: Session) -> None:
    """Let invented people write and vote: those of the condition who are listed on its map."""
    rows = read_shipped(DEMO_FILE, lambda found: [*found["answer"], *found["story"]])
    by_condition: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_condition.setdefault(row["condition"], []).append(row)
    for slug, texts in by_condition.items():
        _of_one(session, slug, texts)


def _of_one(session: Session, slug: str, texts: list[dict[str, Any]]) -> None:
    condition_id = session.scalars(select(Condition.id).where(Condition.slug == slug)).one()
    people = _people(session, condition_id)
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


def _people(session: Session, condition_id: int) -> list[int]:
    """Return the demo's people who show themselves to everyone, always in the same order."""
    query = (
        select(Member.id)
        .join(Membership, Membership.member_id == Member.id)
        .where(Member.source == DEMO, Membership.pseudonym != "")
        .where(Membership.condition_id == condition_id, Membership.visibility == PUBLIC)
        .order_by(Member.account_id)
    )
    return list(session.scalars(query.limit(80)))
