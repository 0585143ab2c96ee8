"""Questions, answers and stories as rows, for tests of what search engines and feeds are told."""

import json
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from sqlalchemy.orm import Session

from mapapp.actions.knowledge.post_display import recount
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.domain.core.free_text import SENT
from mapapp.domain.knowledge.editorial_rules import PUBLISHED
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post
from mapapp.store.questions import Editorial
from tests import factories

DAY = date(2026, 11, 24)
KEY = "heredity"
PAGE = f"/conditions/dystonia/questions/{KEY}"
TEXT = "Zebra stripes helped me to plan my days."


def make_question(session: Session, condition: Condition, key: str = KEY) -> int:
    """Open a question of the set and return its number."""
    return take_from_set(session, condition.id, key)


def make_post(
    session: Session,
    condition: Condition,
    question_id: int | None = None,
    *,
    member: Member | None = None,
    **values: Any,
) -> Post:
    """Return an answer, or a story where there is no question, that anybody may find."""
    writer = member or factories.make_member(session)
    if values.get("named_to", "nobody") != "nobody":  # to be named one is on the map
        on_it = session.get(Membership, (condition.id, writer.id))
        if on_it is None:
            factories.make_membership(session, condition, 1, member=writer, visibility="counted")
    given = {"text": TEXT, "role": "self", "named_to": "nobody", "indexed": True, "state": SENT}
    post = Post(
        condition_id=condition.id,
        question_id=question_id,
        member_id=writer.id,
        **{**given, "day": DAY, **values},
    )
    session.add(post)
    recount(session, [question_id])
    return post


def make_editorial(
    session: Session, question_id: int, number: int = 1, state: str = PUBLISHED, day: date = DAY
) -> None:
    """Make a version of the editors' answer."""
    given = {"author_role": "editor", "body": "Some forms are.", "sources": "[]"}
    session.add(Editorial(question_id=question_id, number=number, state=state, day=day, **given))
    session.flush()


def marked_up(page: str) -> list[dict[str, Any]]:
    """Return what a page says as JSON-LD; [] where it says nothing."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return [node for text in found for node in json.loads(text)["@graph"]]


def node_of(page: str, kind: str) -> dict[str, Any]:
    """Return the one node of a kind."""
    (node,) = [node for node in marked_up(page) if node["@type"] == kind]
    return node


def xml_of(body: bytes) -> ET.Element:
    """Return the root of an XML document."""
    return ET.fromstring(body)  # noqa: S314 - the site's own
