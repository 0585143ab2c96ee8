"""What members propose, questions and treatments: nobody sees it before a moderator has decided."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core.locking import locked
from mapapp.domain.knowledge.question_set import ASKED, OPEN
from mapapp.domain.safety.case_rules import QUESTION, TREATMENT
from mapapp.store.questions import Question
from mapapp.store.treatments import Treatment

PROPOSED: dict[str, type[Any]] = {QUESTION: Question, TREATMENT: Treatment}
"""The table of each kind of case."""


def settle_proposal(session: Session, kind: str, piece: str, *, is_accepted: bool) -> None:
    """Open what was proposed, or delete it; its writer may have left already."""
    table = PROPOSED[kind]
    waiting = select(table).where(table.public_id == piece, table.state == ASKED)
    found = session.scalar(locked(waiting))
    if found is None:
        return
    if is_accepted:
        found.state, found.proposed_by = OPEN, None
    else:
        session.delete(found)
    session.flush()


def erase_proposals(session: Session, member_id: int) -> None:
    """Delete what a member who leaves proposed and no moderator has accepted."""
    for table in PROPOSED.values():
        mine = (table.proposed_by == member_id, table.state == ASKED)
        session.execute(delete(table).where(*mine))
