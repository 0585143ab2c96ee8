"""Cases for moderators: opening one, and what is kept as evidence.

Evidence is a copy, so that it stays when its author deletes the piece or leaves the site.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from mapapp.actions.core.locking import locked
from mapapp.domain.core.free_text import UNDELIVERED
from mapapp.domain.safety.case_rules import CATEGORIES, CONTEXT, OPEN, OUR_CATEGORIES, UNDECIDED
from mapapp.errors import N_, NotAllowedError, NotFoundError
from mapapp.store.contact import Conversation, ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Report

ALL_CATEGORIES = {**CATEGORIES, **OUR_CATEGORIES}
NO_CASE = N_("There is no such case.")
TALKS_WITH_YOU = N_(
    "You are in a conversation with this person. Another moderator must decide this case."
)
REPORTED_BY_YOU = N_("You reported this yourself. Another moderator must decide this case.")


@dataclass(frozen=True)
class About:
    """What a case is about.

    Attributes:
        kind: one of ``case_rules.KINDS``.
        piece: the public id of what was reported or held.
        subject_id: the member who wrote or did it; None for a visitor, who is unknown.
        condition_id: on whose map; None for what was done on no single one.
    """

    kind: str
    piece: str
    subject_id: int | None
    condition_id: int | None


def open_case(session: Session, about: About, category: str, evidence: dict[str, Any]) -> Case:
    """Return the undecided case about a piece; open one if there is none.

    A second report can make it more urgent; its evidence stays what it was at first.
    """
    urgency = ALL_CATEGORIES[category].urgency
    case = session.scalar(
        select(Case)
        .where(Case.kind == about.kind, Case.piece == about.piece, Case.state.in_(UNDECIDED))
        .with_for_update()
        .limit(1)
    )
    if case is None:
        case = Case(
            kind=about.kind,
            piece=about.piece,
            subject_id=about.subject_id,
            condition_id=about.condition_id,
            category=category,
            urgency=urgency,
            state=OPEN,
            evidence=json.dumps(evidence, ensure_ascii=False),
            opened=datetime.now(UTC).replace(second=0, microsecond=0),
        )
        session.add(case)
    elif urgency < case.urgency:
        case.category, case.urgency = category, urgency
    session.flush()
    return case


def was_case(session: Session, kind: str, piece: str) -> bool:
    """Whether there is a case about a piece, decided or not."""
    found = select(Case.id).where(Case.kind == kind, Case.piece == piece)
    return session.scalar(found.limit(1)) is not None


def locked_case(session: Session, reader_id: int, case_id: str) -> Case:
    """Return a case, locked until the transaction ends, for a moderator who may act on it.

    Its subject is locked first, as in every act about a member.

    Raises:
        NotFoundError: when there is none, and for a case about the reader.
        NotAllowedError: for a case that the reader reported, or whose subject they talk with.
    """
    subject = select(Case.subject_id).where(Case.public_id == case_id).scalar_subquery()
    session.execute(select(Member.id).where(Member.id == subject).with_for_update())
    case = session.scalar(locked(select(Case).where(Case.public_id == case_id)))
    if case is None or case.subject_id == reader_id:
        raise NotFoundError(NO_CASE)
    if has_reported(session, reader_id, case.id):
        raise NotAllowedError(REPORTED_BY_YOU)
    if talks_with_subject(session, reader_id, case):
        raise NotAllowedError(TALKS_WITH_YOU)
    return case


def has_reported(session: Session, member_id: int, case_id: int) -> bool:
    """Whether a member is one of those who reported a case."""
    mine = select(Report.id).where(Report.case_id == case_id, Report.reporter_id == member_id)
    return session.scalar(mine.limit(1)) is not None


def talks_with_subject(session: Session, member_id: int, case: Case) -> bool:
    """Whether a member is in a conversation with the subject of a case."""
    found = select(Member.id).where(Member.id == member_id, Member.id.in_(talking_with(case)))
    return session.scalar(found) is not None


def talking_with(case: Case) -> Select[int | None]:
    """Return the query for everyone who is in a conversation with the subject of a case.

    Only on the map of the case: a moderator who talks with them on another one does not know that
    it is them, and must not be told.
    """
    nobody = 0  # where the subject has left: an empty side of a conversation may be anyone's
    mine, theirs = aliased(ConversationSide), aliased(ConversationSide)
    return (
        select(mine.member_id)
        .join(theirs, theirs.conversation_id == mine.conversation_id)
        .join(Conversation, Conversation.id == mine.conversation_id)
        .where(
            Conversation.condition_id == (case.condition_id or nobody),
            theirs.member_id == (case.subject_id or nobody),
            mine.member_id.is_not(None),
        )
    )


def message_evidence(session: Session, message: Message) -> dict[str, Any]:
    """Return a message and at most three delivered ones before and after it, as plain values."""
    here = (Message.conversation_id == message.conversation_id, Message.state.not_in(UNDELIVERED))
    before = session.scalars(
        select(Message)
        .where(*here, Message.id < message.id)
        .order_by(Message.id.desc())
        .limit(CONTEXT)
    ).all()
    after = session.scalars(
        select(Message).where(*here, Message.id > message.id).order_by(Message.id).limit(CONTEXT)
    ).all()
    return {
        "text": message.text,
        "day": message.day.isoformat(),
        "context": [
            {
                "by_subject": other.sender_id == message.sender_id,
                "text": other.text,
                "day": other.day.isoformat(),
                "is_piece": other.id == message.id,
            }
            for other in (*reversed(before), message, *after)
        ],
    }
