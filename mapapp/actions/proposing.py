"""Proposing a treatment that the list does not have; a moderator reads it before anybody else."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions import quotas
from mapapp.actions.cases import open_case
from mapapp.actions.silence import refuse_silenced
from mapapp.actions.together import lock_members
from mapapp.actions.treatments import names_of, require_place
from mapapp.domain.cases import HELD, TREATMENT
from mapapp.domain.folding import fold
from mapapp.domain.months import this_day
from mapapp.domain.questions import ASKED
from mapapp.domain.treatments import checked_name
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import new_public_id
from mapapp.store.treatments import Treatment

NEW_TREATMENT = "proposed"
"""Why it is held."""


def propose(
    session: Session, settings: Settings, member_id: int, condition_id: int, text: str
) -> None:
    """Propose a treatment for the list of a condition.

    What somebody else proposed already is answered like what nobody did: a proposal is seen by
    nobody but its writer and moderators.

    Raises:
        BadInputError: for a text that cannot be a name, and a treatment that is in the list.
        NotAllowedError: for who must be silent, or has no place on the condition's map.
        LimitError: for more than three in a day.
    """
    name = checked_name(text)
    lock_members(session, member_id)
    refuse_silenced(session, member_id, this_day())
    require_place(session, member_id, condition_id)
    if fold(name) in {fold(known) for known in names_of(session, condition_id)}:
        raise BadInputError("This treatment is in the list already. Choose it there.")
    quotas.use(session, settings.secret, quotas.TREATMENTS, member_id)
    if fold(name) in {fold(known) for known in _waiting(session, condition_id)}:
        return
    public_id = new_public_id()
    made = Treatment(
        public_id=public_id,
        condition_id=condition_id,
        name=name,
        state=ASKED,
        asked_by=member_id,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return  # somebody else proposed it at the same moment
    condition = session.scalars(select(Condition.name).where(Condition.id == condition_id)).one()
    evidence = {"condition": condition, "text": name, "held": [NEW_TREATMENT]}
    open_case(session, TREATMENT, public_id, member_id, HELD, evidence)


def _waiting(session: Session, condition_id: int) -> list[str]:
    here = (Treatment.condition_id == condition_id, Treatment.state == ASKED)
    return list(session.scalars(select(Treatment.name).where(*here)))
