"""Browsing the site's conditions: by letter and by group."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mapapp.actions.find import CONDITION_COLUMNS, FoundCondition
from mapapp.actions.paging import Page, page_start
from mapapp.domain.conditions import load_catalogue
from mapapp.errors import BadInputError
from mapapp.store.conditions import Condition

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "0-9"
"""What stands for every beginning that is not a letter, such as in "3-methyl…"."""
CONDITIONS_A_PAGE = 100

first_letter = func.upper(func.substr(Condition.name, 1, 1))


def letters(session: Session) -> list[tuple[str, int]]:
    """Return each first letter with how many conditions begin with it."""
    query = select(first_letter, func.count()).where(Condition.shown).group_by(first_letter)
    counts = dict.fromkeys((*LETTERS, OTHER), 0)
    for letter, n in session.execute(query):
        counts[letter if letter in LETTERS else OTHER] += n
    return list(counts.items())


def by_letter(session: Session, letter: str, number: int) -> Page[FoundCondition]:
    """Return a page of the conditions that begin with ``letter`` (or ``0-9`` for all others).

    Raises:
        BadInputError: for something that is no letter.
        NotFoundError: past the last page.
    """
    if letter == OTHER:
        return _page(session, first_letter.not_in(list(LETTERS)), number)
    if letter not in LETTERS:
        raise BadInputError("Choose a letter from A to Z, or 0-9.")
    return _page(session, first_letter == letter, number)


def groups(session: Session) -> list[tuple[str, int]]:
    """Return the key of each group of the catalogue with how many conditions it has here."""
    query = (
        select(Condition.group, func.count())
        .where(Condition.shown, Condition.group.in_(load_catalogue().groups))
        .group_by(Condition.group)
    )
    return [(key, n) for key, n in session.execute(query)]


def by_group(session: Session, group: str, number: int) -> Page[FoundCondition]:
    """Return a page of the conditions of a group.

    Raises:
        NotFoundError: past the last page.
    """
    return _page(session, Condition.group == group, number)


def _page(session: Session, term: ColumnElement[bool], number: int) -> Page[FoundCondition]:
    start = page_start(number, CONDITIONS_A_PAGE)
    total = session.scalar(select(func.count()).where(Condition.shown, term)) or 0
    query = (
        select(*CONDITION_COLUMNS)
        .where(Condition.shown, term)
        .order_by(func.lower(Condition.name), Condition.code)
        .offset(start)
        .limit(CONDITIONS_A_PAGE)
    )
    items = tuple(FoundCondition(*row) for row in session.execute(query))
    return Page(items, number, CONDITIONS_A_PAGE, total).existing()
