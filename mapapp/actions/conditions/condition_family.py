"""The family of a condition, and who is on the maps of those near it.

All numbers are those of the last publication, map by map: that two maps share a person shows
nowhere, so somebody who is on two of them counts twice (privacy rule 2).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mapapp.actions.published.listings import CONDITION_COLUMNS, FoundCondition
from mapapp.domain.conditions.families import load_families
from mapapp.store.conditions import Condition

MOST_PARENTS = 3
FORMS_SHOWN = 12
MOST_NEAR = 6


@dataclass(frozen=True)
class FamilyNumbers:
    """A family: the condition it is named for, and its people on how many maps."""

    condition: FoundCondition
    people: int
    maps: int


@dataclass(frozen=True)
class ConditionFamily:
    """What the page of a condition shows of those near it.

    Attributes:
        parents: families it is a form of, the narrowest first.
        own: its own family, if there are forms of it.
        forms: some of what is directly a form of it, those with most people first.
        forms_in_all: how many there are.
        near: the nearest others with people on their maps.
    """

    parents: tuple[FamilyNumbers, ...] = ()
    own: FamilyNumbers | None = None
    forms: tuple[FoundCondition, ...] = ()
    forms_in_all: int = 0
    near: tuple[FoundCondition, ...] = ()


def condition_family(session: Session, condition: FoundCondition) -> ConditionFamily:
    """Return those near a condition, by one statement over the few hundred that could be."""
    families = load_families()
    relatives = families.relatives(condition.code)
    parents = {code: families.family(code) for code in relatives.parents[:MOST_PARENTS]}
    own = families.family(condition.code)
    named = (*parents, *relatives.forms)
    found = _with_people(session, named, {*relatives.steps, *own, *sum(parents.values(), ())})
    forms = _most_first([found[code] for code in relatives.forms if code in found])
    shown = {*parents, condition.code, *(form.code for form in forms[:FORMS_SHOWN])}
    near = [
        found[code]
        for code in relatives.steps
        if code in found and found[code].listed and code not in shown
    ]
    near.sort(key=lambda one: (relatives.steps[one.code], -one.listed, one.name))
    return ConditionFamily(
        tuple(
            _numbers(found[code], found, family)
            for code, family in parents.items()
            if code in found
        ),
        _numbers(condition, {**found, condition.code: condition}, own) if own else None,
        tuple(forms[:FORMS_SHOWN]),
        len(forms),
        tuple(near[:MOST_NEAR]),
    )


def _with_people(
    session: Session, named: Collection[str], codes: Collection[str]
) -> dict[str, FoundCondition]:
    """Return the conditions that are ``named``, and those of ``codes`` that have people."""
    if not named and not codes:
        return {}
    wanted = Condition.code.in_(sorted({*named, *codes}))
    query = select(*CONDITION_COLUMNS).where(
        wanted, Condition.shown, or_(Condition.listed > 0, Condition.code.in_(named))
    )
    return {row.code: FoundCondition(*row) for row in session.execute(query)}


def _most_first(conditions: Sequence[FoundCondition]) -> list[FoundCondition]:
    return sorted(conditions, key=lambda one: (-one.listed, one.name))


def _numbers(
    condition: FoundCondition, found: dict[str, FoundCondition], family: Sequence[str]
) -> FamilyNumbers:
    joined = [found[code].listed for code in family if code in found and found[code].listed]
    return FamilyNumbers(condition, sum(joined), len(joined))


def people_of_family(session: Session, code: str) -> int:
    """Return how many people the maps of a family have; 0 for what is no family."""
    family = load_families().family(code)
    return sum(one.listed for one in _with_people(session, (), family).values())


def most_joined_of_group(session: Session, condition: FoundCondition) -> list[FoundCondition]:
    """Return the conditions of the same group with most people, for one that has nobody nearer."""
    query = (
        select(*CONDITION_COLUMNS)
        .where(
            Condition.group == condition.group,
            Condition.listed > 0,
            Condition.shown,
            Condition.id != condition.id,
        )
        .order_by(Condition.listed.desc(), Condition.name)
        .limit(MOST_NEAR)
    )
    return [FoundCondition(*row) for row in session.execute(query)]
