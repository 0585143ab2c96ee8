"""What two spellings of one name have in common: the folded form that searches compare.

Every script is kept; case, accents, points, punctuation and invisible characters go.
"""

import unicodedata
from functools import lru_cache

from mapapp.errors import BadInputError

LONGEST_QUERY = 300
"""Characters. The longest name of the catalogue is shorter, so every name can be searched for."""

# Letters that Unicode does not take apart, and letters that people and keyboards write two ways.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th",
    "ə": "e", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ʉ": "u",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
}  # fmt: skip
# An apostrophe joins (Parkinson's, L'Aquila); all other punctuation separates.
_JOINING = "'’‘ʼʻʿʾʹ`´′＇\u0640"


@lru_cache(maxsize=20_000)
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


def _fold_once(text: str) -> str:
    for joining in "´＇":  # these decompose into a space and a mark, so they must go first
        text = text.replace(joining, "'")
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(_of_character(character) for character in parts)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def fold(text: str) -> str:
    """Return the folded form of ``text``: lower-case words with single spaces between them.

    Folding a folded text changes nothing. Lone surrogates and control characters become spaces.
    """
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def words_to_search(*texts: str) -> str:
    """Return what a search for beginnings of words looks in: each word has a space before it."""
    return f" {' '.join(fold(text) for text in texts)} "


# British and American medicine differ in these letters only; both sides of a search drop them.
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("litre", "liter"))


def fold_medical(text: str) -> str:
    """Fold ``text`` and its British and American spellings alike: haemophilia is hemophilia."""
    folded = fold(text)
    for british, american in _SPELLINGS:
        while british in folded:
            folded = folded.replace(british, american)
    return folded


def checked_query(query: str) -> str:
    """Return ``query`` as it came.

    Raises:
        BadInputError: if it is not text, or longer than any name could be.
    """
    if not isinstance(query, str):
        raise BadInputError("Type the name as text.")
    if len(query) > LONGEST_QUERY:
        raise BadInputError(f"That is too long. Type a name of at most {LONGEST_QUERY} letters.")
    return query
