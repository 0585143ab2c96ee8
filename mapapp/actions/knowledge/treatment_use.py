"""What members tried against a condition and how it went, and the numbers that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.my_places import my_place
from mapapp.actions.published.released import Released, released
from mapapp.domain.knowledge.question_set import ASKED, OPEN
from mapapp.domain.knowledge.treatment_list import OUTCOMES, checked_name
from mapapp.domain.mail.consent_wordings import TREATMENTS
from mapapp.domain.published.release_rules import Attribute, query_of
from mapapp.errors import N_, BadInputError, NotAllowedError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.treatments import Treatment, TreatmentUse

NO_TREATMENT = N_("This treatment is not in this condition’s list. Choose one that is.")
NOT_ON_MAP = N_("Put yourself on this condition’s map first. Then you can say what you tried.")


@dataclass(frozen=True)
class Known:
    """A treatment that can be chosen."""

    public_id: str
    name: str


@dataclass(frozen=True)
class MyUse:
    """What its reader recorded; nobody else sees it by itself."""

    public_id: str  # of the treatment
    name: str
    outcome: str
    side_effects: bool


@dataclass(frozen=True)
class Tried:
    """A treatment in released numbers; None for what is too small to be shown."""

    name: str
    went: dict[str, int | None]  # by outcome
    side_effects: int | None

    @property
    def in_all(self) -> int:
        """The sum of what is shown of how it went."""
        return sum(n or 0 for n in self.went.values())


@dataclass(frozen=True)
class TriedNumbers:
    """The treatments of a condition of which a release shows something, most tried first.

    ``went`` and ``effects`` tell how exact the numbers are, and from where on they are shown.
    """

    treatments: list[Tried]
    went: Released
    effects: Released

    @property
    def longest(self) -> int:
        """The largest number shown, 1 where there is none."""
        parts = (n or 0 for t in self.treatments for n in (*t.went.values(), t.side_effects))
        return max(parts, default=0) or 1


def treatments_of(session: Session, condition_id: int) -> list[Known]:
    """Return the treatments of a condition that can be chosen, by name."""
    query = select(Treatment.public_id, Treatment.name).where(*_in_the_list(condition_id))
    found = [Known(*row) for row in session.execute(query)]
    return sorted(found, key=lambda known: (known.name.casefold(), known.name))


def names_of(session: Session, condition_id: int) -> list[str]:
    """Return the same treatments by their names alone."""
    return [known.name for known in treatments_of(session, condition_id)]


def import_names(session: Session, condition_id: int, names: Iterable[str]) -> int:
    """Add the treatments that a condition has not yet; return how many. None is ever deleted.

    One that a member proposed and no moderator has read is left to the moderator.

    Raises:
        BadInputError: for a name that none can have; then nothing is added.
    """
    wanted = list(dict.fromkeys(checked_name(name) for name in names))
    known = set(
        session.scalars(select(Treatment.name).where(Treatment.condition_id == condition_id))
    )
    missing = [name for name in wanted if name not in known]
    session.add_all(Treatment(condition_id=condition_id, name=n, state=OPEN) for n in missing)
    session.flush()
    return len(missing)


def numbers(session: Session, condition_id: int) -> TriedNumbers | None:
    """Return what everyone may see of a condition's treatments; None before the first release.

    The order is made of what is shown, so that it tells no more than the numbers do.
    """
    went = released(session, condition_id, query_of(Attribute.OUTCOME))
    effects = released(session, condition_id, query_of(Attribute.EFFECTS))
    if went is None or effects is None:
        return None
    found = [
        Tried(
            known.name,
            {key: went.number(value=f"{known.public_id}:{key}") for key in OUTCOMES},
            effects.number(value=known.public_id),
        )
        for known in treatments_of(session, condition_id)
    ]
    told = [tried for tried in found if tried.in_all]
    return TriedNumbers(sorted(told, key=lambda t: -t.in_all), went, effects)


def my_uses(session: Session, member_id: int, condition_id: int) -> list[MyUse]:
    """Return what a member recorded for a condition, by name."""
    query = (
        select(Treatment.public_id, Treatment.name, TreatmentUse.outcome, TreatmentUse.side_effects)
        .join(TreatmentUse, TreatmentUse.treatment_id == Treatment.id)
        .where(Treatment.condition_id == condition_id, TreatmentUse.member_id == member_id)
    )
    found = [MyUse(*row) for row in session.execute(query)]
    return sorted(found, key=lambda use: (use.name.casefold(), use.name))


def record(
    ctx: Context, condition_id: int, treatment: str, outcome: str, side_effects: bool
) -> None:
    """Keep how a treatment went for a member, instead of what they said before.

    Raises:
        NotAllowedError: for a member who has no place on the condition's map.
        NotFoundError: for a treatment that is not in its list.
        BadInputError: for an outcome that there is not.
        LimitError: for more than 60 changes in a day.
    """
    lock_members(ctx.session, ctx.member_id)
    require_place(ctx.session, ctx.member_id, condition_id)
    if outcome not in OUTCOMES:
        raise BadInputError(N_("Choose how it went."))
    treatment_id = _treatment_id(ctx.session, condition_id, treatment)
    known = ctx.session.get(TreatmentUse, (treatment_id, ctx.member_id), populate_existing=True)
    if known is not None and (known.outcome, known.side_effects) == (outcome, side_effects):
        return
    quotas.use(ctx, quotas.TREATMENT_LIMIT, ctx.member_id)
    if known is None:
        known = TreatmentUse(treatment_id=treatment_id, member_id=ctx.member_id)
        ctx.session.add(known)
    known.outcome, known.side_effects = outcome, side_effects
    consent_receipts.agree(ctx.session, ctx.member_id, TREATMENTS, condition_id)


def remove(session: Session, member_id: int, condition_id: int, treatment: str) -> None:
    """Delete what a member recorded of a treatment.

    Raises:
        NotFoundError: where there is nothing.
    """
    lock_members(session, member_id)
    which = select(Treatment.id).where(
        Treatment.public_id == treatment, Treatment.condition_id == condition_id
    )
    mine = TreatmentUse.member_id == member_id
    gone = session.execute(delete(TreatmentUse).where(mine, TreatmentUse.treatment_id.in_(which)))
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise NotFoundError(N_("This has already been deleted."))
    if not my_uses(session, member_id, condition_id):
        consent_receipts.take_back(session, member_id, TREATMENTS, condition_id)


def my_tried(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return every treatment that a member said they tried, as plain values for "my data"."""
    rows = session.execute(
        select(Condition.name, Treatment.name, TreatmentUse.outcome, TreatmentUse.side_effects)
        .join(Treatment, Treatment.condition_id == Condition.id)
        .join(TreatmentUse, TreatmentUse.treatment_id == Treatment.id)
        .where(TreatmentUse.member_id == member_id)
        .order_by(Condition.name, Condition.id, Treatment.name)
    )
    return [
        {"condition": condition, "treatment": name, "outcome": outcome, "side_effects": effects}
        for condition, name, outcome, effects in rows
    ]


def my_proposals(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return what a member proposed and no moderator has decided about, for "my data" too."""
    rows = session.execute(
        select(Condition.name, Treatment.name)
        .join(Treatment, Treatment.condition_id == Condition.id)
        .where(Treatment.proposed_by == member_id, Treatment.state == ASKED)
        .order_by(Condition.name, Condition.id, Treatment.name)
    )
    return [{"condition": condition, "treatment": name} for condition, name in rows]


def require_place(session: Session, member_id: int, condition_id: int) -> None:
    """Refuse a member who is not on the map of a condition.

    Raises:
        NotAllowedError: then.
    """
    if my_place(session, member_id, condition_id) is None:
        raise NotAllowedError(NOT_ON_MAP)


def _treatment_id(session: Session, condition_id: int, public_id: str) -> int:
    query = select(Treatment.id).where(
        Treatment.public_id == public_id, *_in_the_list(condition_id)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(NO_TREATMENT)
    return found


def _in_the_list(condition_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Treatment.condition_id == condition_id, Treatment.state == OPEN
