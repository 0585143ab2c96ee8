"""What a text looks like: characters that a reader takes for one another become one.

The pairs are Unicode's confusables (UTS 39), from a library; styled and accented letters are told
by their names in Unicode; figures and signs for letters are those that people write.
"""

import importlib
import re
import unicodedata
from functools import cache, lru_cache

from mapapp.domain.core.folding import normal_form

_LETTER = re.compile(
    r"(?:LATIN|SQUARED LATIN|CIRCLED LATIN|SYMBOL)(?: CAPITAL| SMALL)?"
    r" LETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH .*)?$"
)
# Also for what is printed alike (I, l and 1; rn and m), which no reader can tell apart.
_ALIKE = str.maketrans("013457|!$€@i", "oleastllseal")
_PAIRS = (("rn", "m"), ("vv", "w"))
_THRICE = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+")


def look_of(text: str) -> str:
    """Return what ``text`` looks like: small letters without marks, and what is left of the rest.

    Only two looks can be compared with each other: "i" looks like "l".
    """
    parts = normal_form("NFKD", text)
    look = "".join(map(_look_of_character, parts)).translate(_ALIKE)
    for pair, single in _PAIRS:
        look = look.replace(pair, single)
    return _THRICE.sub(r"\1", look)


def looks_of_words(text: str) -> list[str]:
    """Return the looks of its words; single letters with something between them are one word."""
    found: list[str] = []
    spelled = ""
    for word in _WORD.findall(look_of(text)):
        if len(word) == 1:
            spelled += word
            continue
        found += [spelled, word]
        spelled = ""
    return [word for word in (*found, spelled) if word]


@lru_cache(maxsize=20_000)
def _look_of_character(character: str) -> str:
    if unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
        return ""
    if character.isascii():
        return character.lower()
    if character in (twins := _confusables()):
        return twins[character]
    named = _LETTER.search(unicodedata.name(character, ""))
    return named.group(1).lower() if named else character.lower()


@cache
def _confusables() -> dict[str, str]:
    """Return the ASCII that each other character is taken for, small letters first."""
    # Imported when first needed: it reads a megabyte, and few commands compare names.
    pairs = importlib.import_module("confusable_homoglyphs.confusables").confusables_data
    found: dict[str, str] = {}
    for character, twins in pairs.items():
        plain = [twin["c"].lower() for twin in twins if twin["c"].isascii()]
        if plain and len(character) == 1:
            found[character] = min(plain, key=lambda twin: (not twin.islower(), len(twin)))
    # A capital without a twin of its own is taken for what its small letter is.
    return {c.upper(): twin for c, twin in found.items() if not c.upper().isascii()} | found
