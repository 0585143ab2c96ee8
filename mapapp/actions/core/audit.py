"""Who did what, when and why: written before the act, never changed, without personal data."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.store.members import Member
from mapapp.store.records import AuditEntry

SHELL = "shell"
"""The actor for the command line, whose user could do anything anyway."""
LONGEST_REASON = 300
ACCOUNT_ID_LENGTH = 36


@dataclass(frozen=True)
class Entry:
    """One act of staff, as it is shown to staff."""

    at: datetime
    actor: str
    name: str  # '' for the shell, and for staff who have left or have none
    action: str
    reason: str
    detail: dict[str, Any]

    @property
    def is_member(self) -> bool:
        """Whether a member did it, and not a command or the program itself."""
        return len(self.actor) == ACCOUNT_ID_LENGTH


@dataclass(frozen=True)
class By:
    """A member of staff who acts, and the reason they give."""

    actor: str
    """The id of a member's account, or ``SHELL``."""
    reason: str = ""


def record(session: Session, actor: str, action: str, reason: str = "", **detail: Any) -> None:
    """Write an entry. ``actor`` is the id of a member's account or ``SHELL``."""
    session.add(
        AuditEntry(
            at=datetime.now(UTC).replace(microsecond=0),
            actor=actor,
            action=action,
            reason=reason[:LONGEST_REASON],
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        )
    )
    session.flush()


def actor(session: Session, member_id: int) -> str:
    """Return how the log names a member of staff: by the id of the account, not by name."""
    return session.scalars(select(Member.account_id).where(Member.id == member_id)).one()


def recent(session: Session, limit: int = 50) -> list[Entry]:
    """Return the newest entries, newest first."""
    rows = session.execute(
        select(AuditEntry, Member.staff_name)
        .outerjoin(Member, Member.account_id == AuditEntry.actor)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        Entry(r.at, r.actor, name or "", r.action, r.reason, json.loads(r.detail))
        for r, name in rows
    ]
