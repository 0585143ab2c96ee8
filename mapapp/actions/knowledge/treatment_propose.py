"""Proposing a treatment that the list does not have; a moderator reads it before anyone else."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge.treatment_use import names_of, require_place
from mapapp.actions.safety.case_open import About, open_case
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import fold
from mapapp.domain.knowledge.question_set import ASKED
from mapapp.domain.knowledge.treatment_list import checked_name
from mapapp.domain.safety.case_rules import HELD_CATEGORY, TREATMENT
from mapapp.errors import N_, BadInputError
from mapapp.store.conditions import Condition
from mapapp.store.members import new_public_id
from mapapp.store.treatments import Treatment

NEW_TREATMENT = "proposed"
"""Why it is held."""


def propose_treatment(ctx: Context, condition_id: int, text: str) -> None:
    """Propose a treatment for the list of a condition.

    One that another member has already proposed is answered like a new one: a proposal is seen by
    nobody but its writer and moderators.

    Raises:
        BadInputError: for a text that cannot be a name, and a treatment that is in the list.
        NotAllowedError: for who must be silent, or has no place on the condition's map.
        LimitError: for more than three in a day.
    """
    name = checked_name(text)
    lock_members(ctx.session, ctx.member_id)
    refuse_silenced(ctx.session, ctx.member_id, this_day())
    require_place(ctx.session, ctx.member_id, condition_id)
    if fold(name) in {fold(known) for known in names_of(ctx.session, condition_id)}:
        raise BadInputError(N_("This treatment is already in the list. Choose it there."))
    quotas.use(ctx, quotas.PROPOSAL_LIMIT, ctx.member_id)
    if fold(name) in {fold(known) for known in _waiting(ctx.session, condition_id)}:
        return
    public_id = new_public_id()
    made = Treatment(
        public_id=public_id,
        condition_id=condition_id,
        name=name,
        state=ASKED,
        proposed_by=ctx.member_id,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
    except IntegrityError:
        return  # another member proposed it at the same moment
    condition = ctx.session.scalars(
        select(Condition.name).where(Condition.id == condition_id)
    ).one()
    evidence = {"condition": condition, "text": name, "held": [NEW_TREATMENT]}
    about = About(TREATMENT, public_id, ctx.member_id, condition_id)
    open_case(ctx.session, about, HELD_CATEGORY, evidence)


def _waiting(session: Session, condition_id: int) -> list[str]:
    here = (Treatment.condition_id == condition_id, Treatment.state == ASKED)
    return list(session.scalars(select(Treatment.name).where(*here)))
