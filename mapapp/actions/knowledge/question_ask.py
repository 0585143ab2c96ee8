"""Opening a question of the set, and asking another, which a moderator reads first."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.knowledge.question_list import not_taken, take_from_set
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.visibility_change import refuse_paused
from mapapp.actions.safety.case_open import About, open_case
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.folding import words_to_search
from mapapp.domain.knowledge.question_set import ASKED, checked_title, title_to_slug
from mapapp.domain.safety.case_rules import HELD_CATEGORY, QUESTION
from mapapp.errors import N_, BadInputError
from mapapp.store.conditions import Condition
from mapapp.store.members import new_public_id
from mapapp.store.questions import Question

NEW_QUESTION = "asked"
"""Why it is held."""


def open_question(ctx: Context, condition_id: int, key: str) -> None:
    """Open a question of the set for a condition; one that is open already stays so.

    Raises:
        NotFoundError: when the set has none with this key.
        BadInputError: when it does not apply to this condition.
        LimitError: for more than ten in a day.
    """
    lock_members(ctx.session, ctx.member_id)
    if key in not_taken(ctx.session, condition_id):
        quotas.use(ctx, quotas.QUESTIONS_TAKEN, ctx.member_id)
    take_from_set(ctx.session, condition_id, key)


def ask_question(ctx: Context, condition_id: int, text: str) -> None:
    """Ask a question about a condition.

    Raises:
        BadInputError: for a text that is no question, for one that was asked already, during a
            pause, and for a member who has not said that they are an adult.
        NotAllowedError: for who must be silent.
        LimitError: for more than three in a day.
    """
    title = checked_title(text)
    lock_members(ctx.session, ctx.member_id)
    refuse_silenced(ctx.session, ctx.member_id, this_day())
    consent_receipts.require_adult(ctx.session, ctx.member_id)
    refuse_paused(ctx.session, ctx.member_id)
    public_id = new_public_id()
    slug = title_to_slug(title) or public_id
    quotas.use(ctx, quotas.QUESTIONS, ctx.member_id)
    name = ctx.session.scalars(select(Condition.name).where(Condition.id == condition_id)).one()
    made = Question(
        public_id=public_id,
        condition_id=condition_id,
        slug=slug,
        title=title,
        state=ASKED,
        proposed_by=ctx.member_id,
        words=words_to_search(title),
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
    except IntegrityError:
        raise BadInputError(
            N_("This question has already been asked, or is waiting for a moderator.")
        ) from None
    evidence = {"condition": name, "text": title, "held": [NEW_QUESTION]}
    about = About(QUESTION, public_id, ctx.member_id, condition_id)
    open_case(ctx.session, about, HELD_CATEGORY, evidence)
