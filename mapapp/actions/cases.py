"""Cases for moderators: opening one, and what is kept as evidence.

Evidence is a copy, so that it stays when its author deletes the piece or leaves the site.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.cases import CATEGORIES, CONTEXT, OPEN, OUR_CATEGORIES, RESOLVED
from mapapp.domain.messages import HELD
from mapapp.store.conversations import Message
from mapapp.store.moderation import Case

ALL_CATEGORIES = {**CATEGORIES, **OUR_CATEGORIES}


def open_case(
    session: Session,
    kind: str,
    piece: str,
    subject_id: int | None,
    category: str,
    evidence: dict[str, Any],
) -> Case:
    """Return the undecided case about a piece, opened where there is none.

    A second report can make it more urgent; its evidence stays what it was at first. ``subject_id``
    is None for a visitor, of whom nothing is known.
    """
    urgency = ALL_CATEGORIES[category].urgency
    case = session.scalar(
        select(Case)
        .where(Case.kind == kind, Case.piece == piece, Case.state != RESOLVED)
        .with_for_update()
        .limit(1)
    )
    if case is None:
        case = Case(
            kind=kind,
            piece=piece,
            subject_id=subject_id,
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


def message_evidence(session: Session, message: Message) -> dict[str, Any]:
    """Return a message and at most three delivered ones before and after it, as plain values."""
    here = (Message.conversation_id == message.conversation_id, Message.state != HELD)
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
