"""What two spellings of one name have in common: the folded form that searches compare.

Every script is kept; case, accents, points, punctuation and invisible characters go.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from mapapp.errors import N_, BadInputError

LONGEST_FOLDED_QUERY = 300
"""Characters. The longest name of the catalogue is shorter, so every name can be searched for."""
MOST_WORDS = 12
"""Further words of a query add nothing."""
LONGEST_LIGATURE = 4
"""Characters. One Arabic sign stands for eighteen letters: a text of such signs would grow long."""
MOST_MARKS = 30
"""On one letter, as in Unicode's Stream-Safe Text Format; no language needs as many."""
MOST_LEARNT = 20_000
"""Characters of which a process remembers the folded form."""

# Letters that Unicode does not take apart, and letters that people and keyboards write two ways.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th",
    "ə": "e", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ʉ": "u",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
}  # fmt: skip
# An apostrophe joins (Parkinson's, L'Aquila); all other punctuation separates.
_JOINING = "'’‘ʼʻʿʾʹ`´′＇\u0640"


class _ByCharacter(dict[int, str]):
    """A table for ``str.translate`` that learns a character when it meets it first."""

    def __init__(self, of_character: Callable[[str], str]) -> None:
        super().__init__()
        self._of_character = of_character

    def __missing__(self, point: int) -> str:
        found = self._of_character(chr(point))
        if len(self) < MOST_LEARNT:
            self[point] = found
        return found


_MARKS = _ByCharacter(lambda c: "m" if unicodedata.combining(c) else " ")
_TOO_MANY_MARKS = re.compile(f"(?<=m{{{MOST_MARKS}}})m+")
_FURTHER_SCRIPTS = re.compile("[\U00010000-\U0001efff]")
"""Where marks beyond the first plane lie; a class of both planes would make a pattern slow."""


@lru_cache(maxsize=1)
def _many_marks() -> re.Pattern[str]:
    marks = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.combining(c))
    return re.compile(f"[{marks}]{{{MOST_MARKS + 1}}}")


def normal_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return ``text`` in a form of Unicode, in a time that grows only with its length.

    Marks are put in order, which takes the square of how many follow each other: those beyond
    ``MOST_MARKS`` are left out.
    """
    if len(text) <= MOST_MARKS or text.isascii():
        return unicodedata.normalize(form, text)
    if _many_marks().search(text) or _FURTHER_SCRIPTS.search(text):
        text = _with_few_marks(text)
    return unicodedata.normalize(form, text)


def _with_few_marks(text: str) -> str:
    kinds = text.translate(_MARKS)
    kept, at = [], 0
    for run in _TOO_MANY_MARKS.finditer(kinds):
        kept.append(text[at : run.start()])
        at = run.end()
    return "".join((*kept, text[at:]))


@lru_cache(maxsize=1)
def _ligatures() -> re.Pattern[str]:
    # Squared words, and phrases in Arabic: nothing else in Unicode stands for so many.
    blocks = map(chr, (*range(0x3200, 0x3400), *range(0xFB50, 0xFE00)))
    long = (c for c in blocks if len(unicodedata.normalize("NFKD", c)) > LONGEST_LIGATURE)
    return re.compile(f"[{''.join(long)}]")


def without_ligatures(text: str) -> str:
    """Return ``text`` with a space for each sign that stands for a phrase or a long word."""
    return text if text.isascii() else _ligatures().sub(" ", text)


def _of_character(character: str) -> str:
    """Return what one decomposed, casefolded character leaves behind."""
    category = unicodedata.category(character)
    if character in _JOINING or category == "Cf":
        return ""
    if category.startswith("M"):
        return "" if _is_accent(character) else character
    if character.isalnum():
        return _LETTERS.get(character, character)
    return " "


def _is_accent(mark: str) -> bool:
    """Whether ``mark`` decorates a letter; vowel signs of Indic and Thai scripts are letters."""
    if "\ufe00" <= mark <= "\ufe0f":
        return True
    place = unicodedata.combining(mark)
    return 10 <= place <= 36 or place >= 200


_KEPT = _ByCharacter(_of_character)


def _fold_once(text: str) -> str:
    for joining in "´＇":  # these decompose into a space and a mark, so they must go first
        text = text.replace(joining, "'")
    parts = normal_form("NFKD", normal_form("NFKD", without_ligatures(text)).casefold())
    return normal_form("NFC", " ".join(parts.translate(_KEPT).split()))


def fold(text: str) -> str:
    """Return the folded form of ``text``: lower-case words with single spaces between them.

    Folding a folded text changes nothing. Lone surrogates and control characters become spaces.
    """
    folded = _fold_once(text)
    while not folded.isascii() and (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def words_to_search(*texts: str) -> str:
    """Return what a search for beginnings of words looks in: each word has a space before it."""
    return f" {' '.join(fold(text) for text in texts)} "


# British and American medicine differ in these letters only; both sides of a search drop them.
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("litre", "liter"))


def fold_medical(text: str) -> str:
    """Fold ``text`` and its British and American spellings alike: haemophilia is hemophilia."""
    before, folded = "", fold(text)
    while folded != before:  # one spelling may make another: "aoe" is "ae", and then "e"
        before = folded
        for british, american in _SPELLINGS:
            folded = folded.replace(british, american)
    return folded


def folded_query(query: str, folding: Callable[[str], str] = fold) -> str:
    """Return the folded form of what was typed; '' if nothing in it is a letter or figure.

    Raises:
        BadInputError: if it is not text, or longer than any name could be, before or after.
    """
    if not isinstance(query, str):
        raise BadInputError(N_("Type the name as text."))
    folded = folding(query) if len(query) <= LONGEST_FOLDED_QUERY else query
    if len(folded) > LONGEST_FOLDED_QUERY:
        raise BadInputError(
            N_("That is too long. Type a name of at most %(most)s characters."),
            most=LONGEST_FOLDED_QUERY,
        )
    return folded


def query_words(folded: str, most: int = MOST_WORDS) -> list[str]:
    """Return the first ``most`` words of a folded query, each once."""
    return list(dict.fromkeys(folded.split()))[:most]
