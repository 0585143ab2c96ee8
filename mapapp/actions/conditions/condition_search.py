"""Searching conditions: the catalogue's names, and over them what this site's staff changed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.conditions.condition_cache import KeptByVersion
from mapapp.actions.published.listings import CONDITION_COLUMNS, FoundCondition
from mapapp.domain.conditions.catalogue import (
    CatalogueEntry,
    Overlay,
    build_overlay,
    load_catalogue,
    search_catalogue,
)
from mapapp.domain.conditions.codes import Code, codes_of
from mapapp.domain.conditions.condition_about import load_about
from mapapp.domain.conditions.hurtful_names import is_hurtful
from mapapp.domain.core.folding import fold_medical
from mapapp.errors import N_, NotFoundError, Words
from mapapp.store.conditions import Condition, ConditionName


@dataclass(frozen=True)
class FoundHit:
    """A condition, and by which other name it was found ('' for its own, and for a hurtful one).

    ``by_code`` is the code by which it was found, in words; '' if it was found by a name.
    """

    condition: FoundCondition
    also: str
    by_code: str = ""


@dataclass(frozen=True)
class FoundConditions:
    """What a search found, best first; corrected when nothing is spelt like the query."""

    hits: tuple[FoundHit, ...]
    is_corrected: bool


@dataclass(frozen=True)
class Group:
    """A group of conditions."""

    key: str
    name: Words


@dataclass(frozen=True)
class Description:
    """What is known of a condition beside its row: names to show, its group, its codes elsewhere.

    ``in_short`` says what it is in the program's own words; '' where staff wrote theirs, or for
    most conditions, which nobody has described yet.
    """

    names: tuple[str, ...]
    group: Group | None
    codes: tuple[Code, ...]
    in_short: str = ""


def search_conditions(session: Session, query: str, limit: int) -> FoundConditions:
    """Return at most ``limit`` conditions that are shown, best first.

    Raises:
        BadInputError: if the query is too long to be a name.
    """
    overlay, hidden = _changes(session)
    hits = search_catalogue(query, limit, overlay, hidden)
    wanted = Condition.code.in_([hit.condition.code for hit in hits])
    rows = session.execute(select(*CONDITION_COLUMNS).where(wanted, Condition.shown))
    known = {row.code: FoundCondition(*row) for row in rows}
    shown = [hit for hit in hits if hit.condition.code in known]
    found = tuple(
        FoundHit(
            known[hit.condition.code], "" if is_hurtful(hit.matched) else hit.matched, hit.by_code
        )
        for hit in shown
    )
    is_meant = not shown or bool(shown[0].by_code)
    called = "" if is_meant else shown[0].matched or found[0].condition.name
    return FoundConditions(found, is_corrected=not is_meant and not _is_spelt_so(query, called))


def _is_spelt_so(query: str, called: str) -> bool:
    """Whether each word of the query begins a word of the name."""
    name = fold_medical(called).split()
    words = fold_medical(query).split()
    return all(any(part.startswith(word) for part in name) for word in words)


@KeptByVersion
def _changes(session: Session) -> tuple[Overlay, frozenset[str]]:
    """Return what staff changed over the catalogue, and the codes of what they hid."""
    rows = session.execute(
        select(Condition.code, Condition.slug, Condition.name, Condition.group, Condition.shown)
        .where(Condition.edited)
        .order_by(Condition.code)
    ).all()
    more: dict[str, tuple[str, ...]] = {}
    for code, name in session.execute(
        select(Condition.code, ConditionName.name)
        .join(ConditionName, ConditionName.condition_id == Condition.id)
        .order_by(ConditionName.name)
    ):
        more[code] = (*more.get(code, ()), name)
    shown = [
        CatalogueEntry(row.code, row.slug, row.name, _all_names(row.code, more), group=row.group)
        for row in rows
        if row.shown
    ]
    return build_overlay(shown), frozenset(row.code for row in rows if not row.shown)


def _all_names(code: str, more: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return staff's further names of a condition, then the catalogue's, which stay findable."""
    entry = load_catalogue().by_code.get(code)
    return (*more.get(code, ()), *(entry.names if entry else ()))


def describe(session: Session, condition: FoundCondition) -> Description:
    """Return what is known of ``condition`` beside its row."""
    further = session.scalars(
        select(ConditionName.name)
        .where(ConditionName.condition_id == condition.id)
        .order_by(ConditionName.name)
    )
    entry = load_catalogue().by_code.get(condition.code)
    names = dict.fromkeys((*further, *(entry.names if entry else ())))
    for foreign in (entry.translations if entry else {}).values():
        names.pop(foreign, None)
    names.pop(condition.name, None)
    groups = load_catalogue().groups
    group = Group(condition.group, groups[condition.group]) if condition.group in groups else None
    kind = tuple(name for name in names if not is_hurtful(name))
    in_short = "" if condition.about else load_about().get(condition.code, "")
    return Description(kind, group, codes_of(condition.code), in_short)


def group_by_key(key: str) -> Group:
    """Return a group.

    Raises:
        NotFoundError: when there is none of that key.
    """
    groups = load_catalogue().groups
    if key not in groups:
        raise NotFoundError(N_("There is no such group of conditions."))
    return Group(key, groups[key])
