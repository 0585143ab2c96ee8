"""A case as a moderator sees it: its facts, and the evidence that they may read.

What was reported is read by the moderator who has taken the case or decides its appeal. Nobody
else needs it. Each reading is in the audit log.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.moderation.appeal import DECIDED_BY_YOU, has_another
from mapapp.actions.moderation.case_note import Note, notes_of
from mapapp.actions.moderation.case_queue import CaseLine, as_line, lines_query
from mapapp.actions.safety.case_open import (
    NO_CASE,
    REPORTED_BY_YOU,
    TALKS_WITH_YOU,
    has_reported,
    talks_with_subject,
)
from mapapp.domain.core.free_text import HELD
from mapapp.domain.safety.case_rules import (
    APPEALED,
    LIFTED,
    MESSAGE,
    POSTS,
    RESOLVED,
    TAKEN,
    acts_for,
)
from mapapp.errors import NO_WORDS, NotFoundError, Words
from mapapp.store.contact import ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Report, Ruling
from mapapp.store.posts import Post


@dataclass(frozen=True)
class Decided:
    """A decision as moderators see it; ``by_me`` is the reader's own."""

    act: str
    reason: str
    day: str
    until: str
    appeal: str
    outcome: str
    outcome_reason: str
    by: str
    by_me: bool


@dataclass(frozen=True)
class CasePage:
    """A case with everything but what was reported.

    Attributes:
        line: as in the queue.
        said: how often each category was reported.
        acts: what can be done.
        before: earlier decisions about the same member on the same map: how often which act.
        ruling: what was decided in this case, None where nobody was told anything.
        refusal: why the reader does not act on it, '' when they may.
        may_read: whether the reader may read what was reported.
        still_waits: whether somebody would read the piece if a moderator let it through.
        notes: of moderators, while it is not decided, for those who may act on it.
        held: why the site held the piece, as keys of ``case_words.HELD_WORDS``.
    """

    line: CaseLine
    said: dict[str, int]
    acts: tuple[str, ...]
    before: dict[str, int]
    ruling: Decided | None
    refusal: Words
    may_read: bool
    still_waits: bool
    notes: tuple[Note, ...]
    held: tuple[str, ...]


def case_page(session: Session, reader_id: int, case_id: str) -> CasePage:
    """Return a case.

    Raises:
        NotFoundError: when there is none, and for a case about the reader.
    """
    row = session.execute(
        lines_query(reader_id)
        .where(Case.public_id == case_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFoundError(NO_CASE)
    case, line = row[0], as_line(row)
    said = session.scalars(select(Report.category).where(Report.case_id == case.id))
    ruling = _decided(session, reader_id, case)
    refusal = _refusal(session, reader_id, case, ruling)
    handles = (case.state == TAKEN and line.is_mine) or case.state == APPEALED
    return CasePage(
        line=line,
        said=dict(Counter(said)),
        acts=acts_for(case.kind, has_left=case.subject_id is None),
        before=_before(session, case),
        ruling=ruling,
        refusal=refusal,
        may_read=handles and not refusal,
        still_waits=_still_waits(session, case),
        notes=() if refusal or case.state == RESOLVED else notes_of(session, reader_id, case.id),
        held=tuple(json.loads(case.evidence).get("held", ())),
    )


def _still_waits(session: Session, case: Case) -> bool:
    """Whether a held piece is still there, and for a message also its reader.

    Who leaves a conversation or the site, or is blocked, takes along what they wrote.
    """
    if case.kind == MESSAGE:
        there = (
            select(Message.id)
            .join(ConversationSide, ConversationSide.conversation_id == Message.conversation_id)
            .where(
                Message.public_id == case.piece,
                Message.state == HELD,
                ConversationSide.member_id.is_not(None),
                ConversationSide.member_id != Message.sender_id,
            )
        )
        return session.scalar(there.limit(1)) is not None
    if case.kind in POSTS:
        held = select(Post.id).where(Post.public_id == case.piece, Post.state == HELD)
        return session.scalar(held.limit(1)) is not None
    return True


def read_evidence(session: Session, reader_id: int, case_id: str) -> dict[str, Any]:
    """Return what was reported, after recording who reads it; empty if it was deleted.

    With it comes what the reporters added in their own words, never who they are.

    Raises:
        NotFoundError: for a moderator who may not read it.
    """
    if not case_page(session, reader_id, case_id).may_read:
        raise NotFoundError(NO_CASE)
    audit.record(session, audit.actor(session, reader_id), "case-read", case=case_id)
    row_id, found = session.execute(
        select(Case.id, Case.evidence).where(Case.public_id == case_id)
    ).one()
    said = select(Report.words).where(Report.case_id == row_id, Report.words != "")
    words = list(session.scalars(said.order_by(Report.id)))
    return {**json.loads(found), **({"said": words} if words else {})}


def _refusal(session: Session, reader_id: int, case: Case, ruling: Decided | None) -> Words:
    if has_reported(session, reader_id, case.id):
        return REPORTED_BY_YOU
    if talks_with_subject(session, reader_id, case):
        return TALKS_WITH_YOU
    decides_again = case.state == APPEALED and ruling is not None and ruling.by_me
    if decides_again and has_another(session, reader_id, case):
        return DECIDED_BY_YOU
    return NO_WORDS


def _decided(session: Session, reader_id: int, case: Case) -> Decided | None:
    row = session.execute(
        select(Ruling, Member.staff_name, Member.id)
        .outerjoin(Member, Member.account_id == Ruling.by)
        .where(Ruling.case_id == case.id)
    ).one_or_none()
    if row is None:
        return None
    ruling, name, by_id = row
    return Decided(
        act=ruling.act,
        reason=ruling.reason,
        day=ruling.day.isoformat(),
        until=ruling.until.isoformat() if ruling.until else "",
        appeal=ruling.appeal,
        outcome=ruling.outcome,
        outcome_reason=ruling.outcome_reason,
        by=name or "",
        by_me=by_id == reader_id,
    )


def _before(session: Session, case: Case) -> dict[str, int]:
    """Count earlier decisions; those of other maps would tell whose listing is whose."""
    if case.subject_id is None:
        return {}
    acts = session.scalars(
        select(Ruling.act)
        .join(Case, Case.id == Ruling.case_id)
        .where(
            Ruling.member_id == case.subject_id,
            Ruling.case_id != case.id,
            Ruling.outcome != LIFTED,
            Case.condition_id.is_not_distinct_from(case.condition_id),
        )
    )
    return dict(Counter(acts))
