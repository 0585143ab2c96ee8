"""What is deleted from cases: evidence after a year, and their subject when the member leaves."""

import json
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import locked
from mapapp.actions.moderation.case_note import forget_notes
from mapapp.domain.safety.case_rules import APPEALED, CLOSE, MESSAGE, PERSON, RESOLVED, next_state
from mapapp.store.moderation import Case, Report, Ruling

NO_EVIDENCE = "{}"


def forget_evidence(session: Session, before: date) -> int:
    """Delete what was reported in cases that were decided before a day; return how many.

    Where nobody was told anything, the day on which the case was first taken stands for that of
    the decision.
    """
    later = select(Ruling.case_id).where(Ruling.day >= before)
    began = func.coalesce(Case.first_act, Case.opened)
    old = (
        Case.state == RESOLVED,
        Case.evidence != NO_EVIDENCE,
        began < datetime(before.year, before.month, before.day, tzinfo=UTC),
        Case.id.not_in(later),
    )
    forget_notes(session, *old)
    _forget_words(session, Report.case_id.in_(select(Case.id).where(*old)))
    done = session.execute(
        update(Case)
        .where(*old)
        .values(evidence=NO_EVIDENCE)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def leave_cases(session: Session, member_id: int) -> None:
    """Remove from cases about a member who leaves what leads to them, and what they wrote.

    The copy of what was reported and the decision stay for the moderators; the database itself
    takes the member's number out of them.
    """
    mine = Case.subject_id == member_id
    for case in session.scalars(locked(select(Case).where(mine).order_by(Case.id))):
        case.hides = False
        if case.kind == PERSON:
            case.piece = ""
        if case.state == APPEALED:
            case.state = next_state(case.state, CLOSE)
    _forget_own_words(session, member_id)
    session.flush()
    forget_notes(session, mine)
    _forget_words(session, Report.reporter_id == member_id)
    session.execute(
        update(Ruling)
        .where(Ruling.member_id == member_id)
        .values(appeal="")
        .execution_options(synchronize_session=False)
    )


def _forget_own_words(session: Session, member_id: int) -> None:
    """Empty what a member who leaves wrote around the messages that they reported."""
    reported = (
        select(Case)
        .join(Report, Report.case_id == Case.id)
        .where(Report.reporter_id == member_id, Case.kind == MESSAGE)
        .order_by(Case.id)
    )
    for case in session.scalars(locked(reported, of=Case)):
        evidence = json.loads(case.evidence)
        for words in evidence.get("context", ()):
            if not words["by_subject"]:
                words["text"] = ""
        case.evidence = json.dumps(evidence, ensure_ascii=False)


def _forget_words(session: Session, which: ColumnElement[bool]) -> None:
    """Empty what reporters added in their own words."""
    session.execute(
        update(Report).where(which).values(words="").execution_options(synchronize_session=False)
    )
