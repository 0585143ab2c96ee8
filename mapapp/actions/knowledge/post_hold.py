"""Answers and stories that wait for a moderator before others read them."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.safety.case_open import About, open_case
from mapapp.domain.core.free_text import HELD
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.safety.case_rules import ANSWER, HELD_CATEGORY, OPEN, POSTS, STORY
from mapapp.domain.safety.hold_rules import reasons_to_hold
from mapapp.errors import N_, BadInputError
from mapapp.store.conditions import Condition
from mapapp.store.moderation import Case, Report
from mapapp.store.posts import Post
from mapapp.store.questions import Question

CURE = "cure"
EVERY_STORY = "story"
"""Why a story is held: all of them are."""


def refuse_while_read(session: Session, post: Post) -> None:
    """Keep the words of a post, whose writer is locked, as a moderator reads them.

    What a moderator reads must be what is shown afterwards. What only waits, and nobody has
    taken yet, may still be replaced: nobody has read it.

    Raises:
        BadInputError: while a moderator reads it, and after reports.
    """
    is_reported = HiddenReason.REPORTED in post.hidden_reasons
    if not is_reported and (post.state != HELD or _nobody_reads(session, post.public_id)):
        return
    raise BadInputError(N_("A moderator is reading this. You can change it afterwards."))


def hold_where_needed(session: Session, post: Post) -> None:
    """Let a moderator read it first, where its words or its length ask for that.

    A post that waits keeps waiting, with the words that it has now.
    """
    found = reasons_to_hold(f"{post.title}\n\n{post.text}")
    post.speaks_of_cure = CURE in found
    why = (*found, EVERY_STORY) if post.question_id is None else found
    if not why and post.state != HELD:
        return
    post.state = HELD
    session.flush()
    kind = STORY if post.question_id is None else ANSWER
    evidence = {**post_evidence(session, post), "held": list(why)}
    about = About(kind, post.public_id, post.member_id, post.condition_id)
    case = open_case(session, about, HELD_CATEGORY, evidence)
    known = json.loads(case.evidence)
    if known == evidence:
        return
    if not why:  # the words that asked for it are gone, but not what a moderator is asked
        evidence["held"] = known.get("held", [])
    if _is_reported(session, case):  # before it was changed: moderators read both
        words = "\n\n".join(filter(None, (post.title, post.text)))
        evidence = {**known, "held": evidence["held"], "changed_to": words}
    case.evidence = json.dumps(evidence, ensure_ascii=False)
    # A moderator who has already read it has not read this, and would let it through.
    case.state, case.taken_by = OPEN, ""
    session.flush()


def post_evidence(session: Session, post: Post) -> dict[str, str]:
    """Return what moderators read of a post."""
    condition = session.scalars(
        select(Condition.name).where(Condition.id == post.condition_id)
    ).one()
    question = ""
    if post.question_id is not None:
        slug = select(Question.slug).where(Question.id == post.question_id)
        question = session.scalar(slug) or ""
    return {
        "condition": condition,
        "question": question,
        "title": post.title,
        "role": post.role,
        "text": post.text,
        "day": (post.edited or post.day).isoformat(),
    }


def _nobody_reads(session: Session, piece: str) -> bool:
    """Whether the case about a post that waits is open; it is locked until the act ends."""
    of_it = (Case.piece == piece, Case.kind.in_(POSTS))
    waiting = select(Case.state).where(*of_it, Case.category == HELD_CATEGORY)
    newest = waiting.order_by(Case.id.desc()).limit(1).with_for_update()
    return session.scalar(newest) == OPEN


def _is_reported(session: Session, case: Case) -> bool:
    mine = select(Report.id).where(Report.case_id == case.id)
    return session.scalar(mine.limit(1)) is not None
