"""Which characters of a text can be seen: nobody may be misled by those that cannot.

Joiners and variation selectors are spelling in some places: a joiner inside a Persian or an Indic
word or between emoji, a selector after an emoji. Everywhere else they hide in a name.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from mapapp.domain.core.free_text import clean_text
from mapapp.errors import N_, BadInputError

_NOT_SEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})  # Unicode categories
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_SELECTORS = "\ufe0e\ufe0f"
_PICTURES = frozenset({"So", "Sk"})  # emoji, and the colours of skin
_EMPTY_NAMES = ("FILLER", "BLANK", "VARIATION SELECTOR", "NULL NOTEHEAD", "OBJECT REPLACEMENT")
_NAMELESS = "\u034f\u17b4\u17b5"  # letters and marks that Unicode tells to ignore
_JOINED_SCRIPTS = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC")
_VIRAMA = 9  # combining class of the sign that takes an Indic letter's vowel
_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
HEAPED = N_("Too many marks stand on one letter. Use fewer accents.")
MOST_MARKS_ON_LETTER, MOST_MARKS_ELSEWHERE = 2, 3
"""Marks upon one letter, after NFKC: of Latin, Greek or Cyrillic; of scripts written with them."""


def is_invisible(text: str, at: int) -> bool:
    """Whether the character of ``text`` at ``at`` cannot be seen, and is no spelling there."""
    character = text[at]
    if character == _JOINER:
        return not (_follows_virama(text, at) or _is_between(text, at, _is_picture))
    if character == _NON_JOINER:
        return not (_follows_virama(text, at) or _is_between(text, at, _is_joined))
    if character in _SELECTORS:
        return not (at and _has_picture_form(text[at - 1]))
    return _is_empty(character)


def has_invisible(text: str) -> bool:
    """Whether anything in ``text`` cannot be seen."""
    return any(is_invisible(text, at) for at in range(len(text)))


def without_invisible(text: str) -> str:
    """Return ``text`` without what cannot be seen; its line breaks must have gone before."""
    kept = (c for at, c in enumerate(text) if not is_invisible(text, at))
    return " ".join("".join(kept).split())


def clean_line(text: str) -> str:
    """Return ``text`` as one line, without what cannot be seen.

    Raises:
        BadInputError: where more marks stand upon a letter than any spelling needs.
    """
    line = without_invisible(" ".join(clean_text(text).split()))
    if has_heaped_marks(line):
        raise BadInputError(HEAPED)
    return line


def has_heaped_marks(text: str) -> bool:
    """Whether more marks stand upon one letter than any spelling needs, or one upon nothing."""
    most, heap = 0, 0
    for character in text:
        if unicodedata.category(character) not in {"Mn", "Me"}:
            heap = 0
            most = _most_marks(character)
        elif character not in _SELECTORS:
            heap += 1
            if heap > most:
                return True
    return False


def visible_letters(text: str) -> int:
    """Return how many letters can be seen: marks belong to their letter (UAX 29)."""
    return sum(
        unicodedata.category(character)[0] == "L" and not is_invisible(text, at)
        for at, character in enumerate(text)
    )


@lru_cache(maxsize=20_000)
def _is_empty(character: str) -> bool:
    if unicodedata.category(character) in _NOT_SEEN or character in _NAMELESS:
        return True
    name = unicodedata.name(character, "")
    return any(empty in name for empty in _EMPTY_NAMES)


def _most_marks(base: str) -> int:
    if base.isspace():
        return 0
    name = unicodedata.name(base, "")
    return MOST_MARKS_ON_LETTER if name.startswith(_ALPHABETS) else MOST_MARKS_ELSEWHERE


def _follows_virama(text: str, at: int) -> bool:
    return at > 0 and unicodedata.combining(text[at - 1]) == _VIRAMA


def _is_between(text: str, at: int, fits: Callable[[str], bool]) -> bool:
    before = text[max(0, at - 2) : at].rstrip(_SELECTORS)  # one selector at most can be seen
    return bool(before) and at + 1 < len(text) and fits(before[-1]) and fits(text[at + 1])


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in _PICTURES


def _has_picture_form(character: str) -> bool:
    return _is_picture(character) or character in "#*0123456789©®‼⁉\u20e3↔↕"


def _is_joined(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_JOINED_SCRIPTS)
