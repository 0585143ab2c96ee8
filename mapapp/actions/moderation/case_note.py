"""Notes on a case, by which moderators share the work; nobody else ever reads them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.safety.case_open import locked_case
from mapapp.domain.safety.case_rules import CASE_CHANGED, RESOLVED, checked_note
from mapapp.errors import NotFoundError
from mapapp.store.members import Member
from mapapp.store.moderation import Case, CaseNote


@dataclass(frozen=True)
class Note:
    """A note; ``by`` is what the staff calls its writer, '' for nothing."""

    text: str
    day: date
    by: str
    by_me: bool


def add_note(ctx: Context, case_id: str, text: str) -> None:
    """Write a note on a case that is not decided; the same words once more change nothing.

    Raises:
        NotFoundError: when there is no such case, or it is decided.
        NotAllowedError: for a case that the moderator reported, or whose subject they talk with.
        BadInputError: for a note that is empty or too long.
    """
    words = checked_note(text)
    case = locked_case(ctx.session, ctx.member_id, case_id)
    if case.state == RESOLVED:
        raise NotFoundError(CASE_CHANGED)
    write_note(ctx, case, words)


def write_note(ctx: Context, case: Case, words: str) -> None:
    """Write a note on a case that is locked, in words that were checked."""
    who = audit.actor(ctx.session, ctx.member_id)
    said = select(CaseNote.id).where(
        CaseNote.case_id == case.id, CaseNote.by == who, CaseNote.text == words
    )
    if ctx.session.scalar(said.limit(1)) is not None:
        return
    audit.record(ctx.session, who, "case-note", case=case.public_id)
    ctx.session.add(CaseNote(case_id=case.id, by=who, day=ctx.today, text=words))
    ctx.session.flush()


def notes_of(session: Session, reader_id: int, case_id: int) -> tuple[Note, ...]:
    """Return the notes on a case, oldest first."""
    rows = session.execute(
        select(CaseNote.text, CaseNote.day, Member.staff_name, Member.id)
        .outerjoin(Member, Member.account_id == CaseNote.by)
        .where(CaseNote.case_id == case_id)
        .order_by(CaseNote.id)
    )
    return tuple(Note(text, day, by or "", who == reader_id) for text, day, by, who in rows)


def forget_notes(session: Session, *which: object) -> None:
    """Delete the notes on the cases that ``which`` lets through."""
    cases = select(Case.id).where(*which)  # type: ignore[arg-type]
    session.execute(
        delete(CaseNote)
        .where(CaseNote.case_id.in_(cases))
        .execution_options(synchronize_session=False)
    )
