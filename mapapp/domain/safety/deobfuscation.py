"""A text as a reader sees it: tricks that hide words from a filter are undone.

People see through "b1tc0in", full-width letters and a Cyrillic "а" in a Latin word; so must we.
"""

import re
import unicodedata
from functools import lru_cache

from mapapp.domain.core.folding import fold, normal_form, without_ligatures

# What looks the same, told apart by case: a capital Ν is an N, a small ν is a v.
_LATIN_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮԚԜ" "аеѕіјкмнорстухүԛԝԁһӏвгп" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "αεικνορτυχωγσϲ",
    "ABESIJKMHOPCTYXYQW" "aesijkmhopctyxyqwdhlbrn" "ABEZHIKMNOPTYX" "aeikvoptuxwyoc",
)  # fmt: skip
_FIGURES = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
_SIGNS = {"@": "a", "$": "s", "€": "e", "!": "i", "|": "i"}
_SPELT = str.maketrans(_FIGURES | _SIGNS)
_SPELT_L = str.maketrans(_FIGURES | _SIGNS | {"1": "l", "|": "l", "!": "l"})

_WORD = re.compile(r"\w+")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_OTHER_LETTER = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_FIGURE_OR_SIGN = re.compile(r"[0134578@$€!|]")
_DOTS = str.maketrans("。｡•·", "....")


@lru_cache(maxsize=20_000)
def _bare_character(character: str) -> str:
    """Return what a decomposed character leaves behind: no accent, nothing invisible."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character.isspace():
        return " "
    return "" if category in {"Cf", "Mn", "Me", "Cc", "Cs"} else character


def _bare(text: str) -> str:
    parts = normal_form("NFKD", text.translate(_DOTS))
    return " ".join("".join(map(_bare_character, parts)).split())


def _untwinned(found: re.Match[str]) -> str:
    """Return a word in Latin if it mixes Latin with twins of Latin letters."""
    word = found.group()
    return _twins(word) if _LATIN_LETTER.search(word) else word


def _all_untwinned(text: str) -> str:
    """Return ``text`` with every word in Latin that looks Latin, wherever that is not its script.

    In Russian or Greek text, "не" is a word of its own; there only capitals (ВТС) are read so.
    """
    latin = _WORD.sub(lambda found: _twins(found.group()), text)
    if not _OTHER_LETTER.search(latin):
        return latin
    return _WORD.sub(
        lambda found: _twins(found.group()) if found.group().isupper() else _untwinned(found), text
    )


def _twins(word: str) -> str:
    """Return ``word`` in Latin if each of its letters looks Latin, else as it is."""
    twins = word.translate(_LATIN_TWINS)
    return word if _OTHER_LETTER.search(twins) else twins


def plain(text: str) -> str:
    """Return ``text`` for patterns of addresses and numbers: upper and lower case are kept.

    Accents and invisible characters go, figures of every script become 0 to 9, every run of white
    space becomes one space, and letters that only look Latin become Latin inside Latin words.
    """
    bare = _bare(without_ligatures(text))
    return _WORD.sub(_untwinned, bare) if _OTHER_LETTER.search(bare) else bare


def _spelt(text: str, table: dict[int, str]) -> str:
    """Return ``text`` with figures and signs read as letters, in words that have letters."""
    words = []
    for word in text.split(" "):
        core = word.rstrip("!.,;:?")  # "now!" ends a sentence, it does not spell "nowi"
        is_spelt = _FIGURE_OR_SIGN.search(core) and _LATIN_LETTER.search(core)
        words.append(core.translate(table) if is_spelt else word)
    return " ".join(words)


def readings(text: str) -> tuple[str, ...]:
    """Return the folded forms in which ``text`` may be meant, the plainest first, none twice."""
    text = without_ligatures(text)
    bare = _bare(text)
    twins = _all_untwinned(bare) if _OTHER_LETTER.search(bare) else bare
    others = {twins, _spelt(twins, _SPELT), _spelt(twins, _SPELT_L)} - {bare}
    return tuple(dict.fromkeys((fold(text), *sorted(map(fold, others)))))


def as_latin_letters(text: str) -> str:
    """Return ``text`` with every letter that looks Latin made Latin, in every word."""
    return text.translate(_LATIN_TWINS)
