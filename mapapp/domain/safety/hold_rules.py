"""Which first messages wait for a moderator: ``data/holds.toml`` has the words.

To hold wrongly costs a person some hours; to let through costs another their savings.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain.core.folding import fold
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.safety import contact_details
from mapapp.domain.safety.deobfuscation import plain, readings
from mapapp.domain.safety.phrases import Phrases, in_all_languages
from mapapp.domain.safety.spaced_names import SpacedNames
from mapapp.paths import DATA

HOLDS_FILE = DATA / "holds.toml"

HOLD_REASONS = ("money", "crypto", "cure", "contact")
"""In the order in which they are given."""

ASKED_WITHIN = 8
"""Words between a sum and the word that asks for it."""

_FIGURE_THEN_LETTER = re.compile(r"(?<=\d)(?=[^\W\d])")


@dataclass(frozen=True)
class HoldWords:
    """The lists of ``holds.toml``, ready to search for."""

    phrases: Phrases
    names: SpacedNames
    cures: Phrases
    harmless_cures: Phrases
    sums: Phrases
    signs: dict[int, str]
    iban_lengths: dict[str, int]
    tops: dict[str, bool]


@lru_cache(maxsize=1)
def load_words(path: Path = HOLDS_FILE) -> HoldWords:
    """Return the lists that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(path, _words)


def _words(lists: dict[str, Any]) -> HoldWords:
    money, cure, contact = lists["money"], lists["cure"], lists["contact"]
    return HoldWords(
        phrases=Phrases(
            {r: in_all_languages(lists[r]["phrases"]) for r in HOLD_REASONS if r != "cure"}
        ),
        names=SpacedNames({name: r for r in HOLD_REASONS for name in lists[r]["names"]}),
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
    if contact_details.has_iban(bare, words.iban_lengths) or _asks_for_a_sum(bare, words):
        reasons.add("money")
    if contact_details.has_purse(bare):
        reasons.add("crypto")
    if _has_address(bare, words):
        reasons.add("contact")
    for folded in readings(text):
        reasons |= _reasons_in_words(folded, words)
    return tuple(reason for reason in HOLD_REASONS if reason in reasons)


def _reasons_in_words(folded: str, words: HoldWords) -> set[str]:
    """Return the reasons whose words one reading contains."""
    named = words.names.kinds_in(folded)
    left = words.harmless_cures.cut_from(folded)
    if "cure" in named and left != folded:
        named = named - {"cure"} | words.names.kinds_in(left) & {"cure"}
    return named | words.phrases.lists_in(folded) | words.cures.lists_in(left)


def _has_address(bare: str, words: HoldWords) -> bool:
    return (
        contact_details.has_mail(bare)
        or contact_details.has_handle(bare)
        or contact_details.has_web_address(bare, words.tops)
        or contact_details.has_telephone_number(bare)
    )


def _asks_for_a_sum(bare: str, words: HoldWords) -> bool:
    """Whether a sum of money is close to a word that asks for it."""
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
