"""Browsing the site's conditions: by letter and by group."""

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from mapapp.actions.conditions.condition_cache import KeptByVersion
from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.published.listings import CONDITION_COLUMNS, FoundCondition
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.errors import N_, BadInputError
from mapapp.store.conditions import Condition

INITIALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER_INITIAL = "0-9"
"""What stands for every beginning that is not a letter, such as in "3-methyl…"."""
CONDITIONS_A_PAGE = 100

BY_NAME = Order((Key(func.lower(Condition.name)), Key(Condition.code)), CONDITIONS_A_PAGE)

first_letter = func.upper(func.substr(Condition.name, 1, 1))


@KeptByVersion
def letters(session: Session) -> list[tuple[str, int]]:
    """Return each first letter with how many conditions begin with it."""
    query = select(first_letter, func.count()).where(Condition.shown).group_by(first_letter)
    counts = dict.fromkeys((*INITIALS, OTHER_INITIAL), 0)
    for letter, n in session.execute(query):
        counts[letter if letter in INITIALS else OTHER_INITIAL] += n
    return list(counts.items())


def by_letter(session: Session, letter: str, spot: Spot | None = None) -> Page[FoundCondition]:
    """Return a page of the conditions that begin with ``letter`` (or ``0-9`` for all others).

    Raises:
        BadInputError: for something that is no letter, and for a spot of another list.
    """
    total = dict(letters(session)).get(letter)
    if total is None:
        raise BadInputError(N_("Choose a letter from A to Z, or 0-9."))
    if letter == OTHER_INITIAL:
        return _page(session, first_letter.not_in(list(INITIALS)), spot, total)
    return _page(session, _begins_with(letter), spot, total)


def _begins_with(letter: str) -> ColumnElement[bool]:
    """Return the term for a first letter, behind ranges that the index of names can answer."""
    ranges = []
    for first in (letter, letter.lower()):
        # What sorts behind Z differs between databases.
        end = Condition.name < chr(ord(first) + 1) if letter != "Z" else true()
        ranges.append(and_(Condition.name >= first, end))
    return and_(or_(*ranges), first_letter == letter)


@KeptByVersion
def groups(session: Session) -> list[tuple[str, int]]:
    """Return the key of each group of the catalogue with how many conditions it has here."""
    query = (
        select(Condition.group, func.count())
        .where(Condition.shown, Condition.group.in_(load_catalogue().groups))
        .group_by(Condition.group)
    )
    return [(key, n) for key, n in session.execute(query)]


def by_group(session: Session, group: str, spot: Spot | None = None) -> Page[FoundCondition]:
    """Return a page of the conditions of a group.

    Raises:
        BadInputError: for a spot of another list.
    """
    return _page(session, Condition.group == group, spot, dict(groups(session)).get(group, 0))


def all_conditions(session: Session, size: int, spot: Spot | None = None) -> Page[FoundCondition]:
    """Return a page of ``size`` of all conditions, by their short names.

    Raises:
        BadInputError: for a spot of another list.
    """
    query = select(*CONDITION_COLUMNS).where(Condition.shown)
    found = read_page(session, query, Order((Key(Condition.slug),), size), spot)
    return mapped(found, lambda row: FoundCondition(*row[: len(CONDITION_COLUMNS)]))


def _page(
    session: Session, term: ColumnElement[bool], spot: Spot | None, total: int
) -> Page[FoundCondition]:
    query = select(*CONDITION_COLUMNS).where(Condition.shown, term)
    found = read_page(session, query, BY_NAME, spot, total)
    return mapped(found, lambda row: FoundCondition(*row[: len(CONDITION_COLUMNS)]))
