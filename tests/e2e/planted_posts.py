"""Questions, answers and stories in words that would run if they could."""

import unicodedata
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import recount
from mapapp.domain.core.free_text import clean_text
from mapapp.domain.core.visible_text import has_heaped_marks
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.posts import Post, PostVersion
from mapapp.store.questions import Question
from tests.injections import EVERYTHING, PAYLOADS

WORD = "together"
"""Occurs in every message and every text, for the searches."""

Say = Callable[[str], str]


def plant_posts(
    session: Session, condition: Condition, who: Member, say: Say
) -> tuple[str, dict[str, list[str]]]:
    """Ask and answer in these words, and tell them as stories, the last one changed often.

    Returns:
        The public id of that one, and what was kept of each text.
    """
    day = date(2026, 11, 2)
    texts = [clean_text(say(f"{payload}\n\n{WORD}")) for payload in PAYLOADS]
    titles = [" ".join(clean_text(say(payload)).split())[:100] or "w" for payload in PAYLOADS]
    for number, title in enumerate(titles):
        slug = f"planted-{number}"
        given = {"condition_id": condition.id, "slug": slug, "title": title, "state": "open"}
        session.add(Question(**given, words=f" {WORD} "))
    session.flush()
    first = select(Question.id).where(Question.slug == "planted-0")
    question_id = session.scalars(first).one()
    for text, title in zip(texts, titles, strict=True):
        given = {"condition_id": condition.id, "member_id": who.id, "text": text, "day": day}
        given |= {"role": "self", "named_to": "public", "indexed": True, "state": "sent"}
        answer = Post(question_id=question_id, **given)
        story = Post(title=title, edited=day, **given)
        session.add_all((answer, story))
    long = Post(title=titles[0], **{**given, "text": clean_text(say(EVERYTHING))})
    session.add(long)
    session.flush()
    session.add_all(
        PostVersion(post_id=long.id, number=number, title=title, text=text, day=day)
        for number, (title, text) in enumerate(zip(titles, texts, strict=True), 1)
    )
    recount(session, [question_id])
    kept = {"answers": texts, "titles": titles, "story": [titles[0], long.text]}
    return long.public_id, kept


def unheaped(text: str) -> str:
    """Return ``text`` without marks where they are heaped: no form takes such a name any more."""
    heaped = has_heaped_marks(text)
    return "".join(c for c in text if not (heaped and unicodedata.category(c) in {"Mn", "Me"}))
