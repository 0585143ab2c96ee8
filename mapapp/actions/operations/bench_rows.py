"""The rows of invented people, in the order of the keys of their tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapapp.actions.operations.bench_people import (
    BENCH_CONDITIONS,
    WORDS_SEEN,
    Column,
    Crowd,
    month_words,
    role_words,
    tongues,
)
from mapapp.actions.published.card_rows import OF_LANGUAGE, OF_ROLE
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN
from mapapp.domain.core.visibilities import COUNTED, is_listed
from mapapp.domain.published.packed import AUDIENCES, Placed, together
from mapapp.store.members import DEMO

MAPS = BENCH_CONDITIONS
ROWS_A_PART = 50_000

Rows = tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]
"""Names of columns, and a value for each of them."""


@dataclass(frozen=True)
class Map:
    """The people of one map: their condition, the publication they came with, and their ids."""

    condition_id: int
    publication: int
    ids: Column
    people: Crowd


def _seen_words() -> Column:
    return np.array(WORDS_SEEN, object)


def members(ids: Column, accounts: Column, token: str) -> Rows:
    """Return members; what is unique rises with the id, so that indexes grow at their end."""
    columns = ("id", "account_id", "session_handle", "active", "source")
    return columns, (
        (i, f"{i:08x}{account[8:]}", f"{i:010x}{token}", True, DEMO)
        for i, account in zip(ids.tolist(), accounts, strict=True)
    )


def languages_of_members(of: Map, seed: int) -> Rows:
    """Return the languages that each member speaks."""
    lists = tongues(seed).lists
    return ("member_id", "language"), (
        (i, tag)
        for i, tags in zip(of.ids.tolist(), lists[of.people.spoken], strict=True)
        for tag in tags.split()
    )


def memberships(of: Map) -> Rows:
    """Return memberships, as their members chose them."""
    columns = (
        "condition_id area_version hidden_reasons chosen_visibility "
        "member_id public_id pseudonym area_id visibility role month listing_order"
    )
    shared = (of.condition_id, load_areas().version, int(NOT_HIDDEN), "")
    who = of.people
    part = (
        of.ids,
        who.public_ids,
        who.pseudonyms,
        who.areas,
        _seen_words()[who.audiences],
        role_words()[who.roles],
        month_words()[who.months],
        who.orders,
    )
    return tuple(columns.split()), ((*shared, *row) for row in _in_parts(part))


def cards(of: Map, seed: int, until: int) -> Rows:
    """Return the cards of those who are listed, as others read them."""
    columns = (
        "condition_id since until reasons not_now carers_only same_language "
        "visibility area_id listing_order public_id member_id pseudonym role languages month"
    )
    who, at = of.people, _listed(of.people)
    at = at[np.lexsort((who.orders[at], who.areas[at], who.audiences[at]))]
    shared = (of.condition_id, of.publication, until, "", False, False, False)
    part = (
        _seen_words()[who.audiences[at]],
        who.areas[at],
        who.orders[at],
        who.public_ids[at],
        of.ids[at],
        who.pseudonyms[at],
        role_words()[who.roles[at]],
        tongues(seed).lists[who.spoken[at]],
        month_words()[who.months[at]],
    )
    return tuple(columns.split()), ((*shared, *row) for row in _in_parts(part))


def languages_of_cards(of: Map, seed: int, until: int) -> Rows:
    """Return the languages on the cards."""
    columns = "condition_id since until language visibility listing_order public_id"
    who = of.people
    at, tags = _speaking(who, seed)
    order = np.lexsort((who.orders[at], who.audiences[at], tags))
    at, tags = at[order], tags[order]
    part = (
        np.array(tongues(seed).tags, object)[tags],
        _seen_words()[who.audiences[at]],
        who.orders[at],
        who.public_ids[at],
    )
    shared = (of.condition_id, of.publication, until)
    return tuple(columns.split()), ((*shared, *row) for row in _in_parts(part))


def placed(people: Crowd) -> Placed:
    """Return how many are listed at exactly each area."""
    at = _listed(people)
    columns = np.array([AUDIENCES.index(word) for word in WORDS_SEEN if is_listed(word)])
    numbers = np.zeros((len(at), len(AUDIENCES)), np.int64)
    numbers[np.arange(len(at)), columns[people.audiences[at]]] = 1
    return together([Placed(people.areas[at].astype(np.int64), numbers)])


def numbers_of_map(people: Crowd, seed: int) -> Counter[tuple[str, str]]:
    """Return the numbers of the whole map, by (key, visibility)."""
    listed, (speakers, tags) = _listed(people), _speaking(people, seed)
    names = np.array(tongues(seed).tags, object)
    counted: Counter[tuple[str, str]] = Counter()
    for prefix, words, at, values in (
        (OF_ROLE, role_words(), listed, people.roles[listed]),
        (OF_LANGUAGE, names, speakers, tags),
    ):
        pairs = people.audiences[at] * len(words) + values
        for pair, n in zip(*np.unique(pairs, return_counts=True), strict=True):
            audience, value = divmod(int(pair), len(words))
            counted[f"{prefix}{words[value]}", WORDS_SEEN[audience]] = int(n)
    return counted


def _listed(people: Crowd) -> Column:
    return np.flatnonzero(people.audiences != WORDS_SEEN.index(COUNTED))


def _speaking(people: Crowd, seed: int) -> tuple[Column, Column]:
    """Return who among the listed speaks what: positions of people, and of tags."""
    listed = _listed(people)
    tags = tongues(seed).members[people.spoken[listed]]
    row, column = np.nonzero(tags >= 0)
    return listed[row], tags[row, column]


def _in_parts(columns: tuple[Column, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield rows of columns, without a second copy of all of them in memory."""
    for start in range(0, len(columns[0]), ROWS_A_PART):
        part = (column[start : start + ROWS_A_PART].tolist() for column in columns)
        yield from zip(*part, strict=True)
