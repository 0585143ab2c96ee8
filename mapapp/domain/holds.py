"""Which first messages wait for a moderator: ``data/holds.toml`` has the words.

To hold wrongly costs a person some hours; to let through costs another their savings.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain import contacts
from mapapp.domain.folding import fold
from mapapp.domain.hidden_names import HiddenNames
from mapapp.domain.phrases import Phrases, in_all_languages
from mapapp.domain.shipped import read_shipped
from mapapp.domain.unmasking import plain, readings
from mapapp.paths import DATA

FILE = DATA / "holds.toml"

REASONS = ("money", "crypto", "cure", "contact")
"""In the order in which they are given."""

ASKED_WITHIN = 8
"""Words between a sum and the word that asks for it."""

_FIGURE_THEN_LETTER = re.compile(r"(?<=\d)(?=[^\W\d])")


@dataclass(frozen=True)
class Words:
    """The lists of ``holds.toml``, ready to be looked for."""

    phrases: Phrases
    names: HiddenNames
    cures: Phrases
    harmless_cures: Phrases
    sums: Phrases
    signs: dict[int, str]
    iban_lengths: dict[str, int]
    tops: dict[str, bool]


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Return the lists that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_words(FILE)


def read_words(path: Path) -> Words:
    """Return the lists in a file.

    Raises:
        DataError: if it is missing or damaged.
    """
    return read_shipped(path, _words)


def _words(lists: dict[str, Any]) -> Words:
    money, cure, contact = lists["money"], lists["cure"], lists["contact"]
    return Words(
        phrases=Phrases({r: in_all_languages(lists[r]["phrases"]) for r in REASONS if r != "cure"}),
        names=HiddenNames({name: r for r in REASONS for name in lists[r]["names"]}),
        cures=Phrases({"cure": in_all_languages(cure["phrases"])}),
        harmless_cures=Phrases({"": in_all_languages(cure["unless"])}),
        sums=Phrases({"asking": in_all_languages(money["asking"]), "sum": money["currencies"]}),
        signs=str.maketrans({sign: f" {name} " for sign, name in money["signs"].items()}),
        iban_lengths={str(country): int(n) for country, n in money["iban_lengths"].items()},
        tops=dict.fromkeys(contact["tops"], False)
        | dict.fromkeys(contact["tops_that_are_words"], True),
    )


def reasons_to_hold(text: str) -> tuple[str, ...]:
    """Return which of "money", "crypto", "cure", "contact" ``text`` falls under, in that order.

    Raises:
        DataError: if the lists are missing or damaged.
    """
    words = load_words()
    bare = plain(text)
    reasons: set[str] = set()
    if contacts.has_iban(bare, words.iban_lengths) or _asks_for_a_sum(bare, words):
        reasons.add("money")
    if contacts.has_purse(bare):
        reasons.add("crypto")
    if _has_address(bare, words):
        reasons.add("contact")
    for folded in readings(text):
        reasons |= _reasons_in_words(folded, words)
    return tuple(reason for reason in REASONS if reason in reasons)


def _reasons_in_words(folded: str, words: Words) -> set[str]:
    """Return the reasons of which one reading has words."""
    named = words.names.kinds_in(folded)
    left = words.harmless_cures.cut_from(folded)
    if "cure" in named and left != folded:
        named = named - {"cure"} | words.names.kinds_in(left) & {"cure"}
    return named | words.phrases.lists_in(folded) | words.cures.lists_in(left)


def _has_address(bare: str, words: Words) -> bool:
    return (
        contacts.has_mail(bare)
        or contacts.has_handle(bare)
        or contacts.has_web_address(bare, words.tops)
        or contacts.has_telephone_number(bare)
    )


def _asks_for_a_sum(bare: str, words: Words) -> bool:
    """Whether a sum of money stands near a word that asks for it."""
    named = _FIGURE_THEN_LETTER.sub(" ", bare.translate(words.signs))
    parts = fold(named).split(" ")
    places: dict[str, set[int]] = {"asking": set(), "sum": set()}
    for kind, found in words.sums.found(parts):
        places[kind].update(found)
    return any(
        not places["asking"].isdisjoint(range(place - ASKED_WITHIN, place + ASKED_WITHIN + 1))
        for place in places["sum"]
        if _has_figures_beside(parts, place)
    )


def _has_figures_beside(parts: list[str], place: int) -> bool:
    beside = parts[max(0, place - 1) : place] + parts[place + 1 : place + 2]
    return any(part[:1].isdigit() for part in beside)
