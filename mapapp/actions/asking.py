"""Asking a question that the set does not have; a moderator reads it before anybody else."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions import consents, quotas
from mapapp.actions.cases import open_case
from mapapp.actions.silence import refuse_silenced
from mapapp.actions.together import lock_members
from mapapp.actions.visibility import refuse_paused
from mapapp.domain.cases import HELD, QUESTION
from mapapp.domain.folding import words_to_search
from mapapp.domain.months import this_day
from mapapp.domain.questions import ASKED, checked_title, title_to_slug
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import new_public_id
from mapapp.store.questions import Question

NEW_QUESTION = "asked"
"""Why it is held."""


def ask(session: Session, settings: Settings, member_id: int, condition_id: int, text: str) -> None:
    """Ask a question about a condition.

    Raises:
        BadInputError: for a text that is no question, for one that was asked already, during a
            pause, and for who has not said that they are an adult.
        NotAllowedError: for who must be silent.
        LimitError: for more than three in a day.
    """
    title = checked_title(text)
    lock_members(session, member_id)
    refuse_silenced(session, member_id, this_day())
    consents.require_adult(session, member_id)
    refuse_paused(session, member_id)
    public_id = new_public_id()
    slug = title_to_slug(title) or public_id
    quotas.use(session, settings.secret, quotas.QUESTIONS, member_id)
    name = session.scalars(select(Condition.name).where(Condition.id == condition_id)).one()
    made = Question(
        public_id=public_id,
        condition_id=condition_id,
        slug=slug,
        title=title,
        state=ASKED,
        asked_by=member_id,
        words=words_to_search(title),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise BadInputError("This question is there already, or waits for a moderator.") from None
    evidence = {"condition": name, "text": title, "held": [NEW_QUESTION]}
    open_case(session, QUESTION, public_id, member_id, HELD, evidence)
