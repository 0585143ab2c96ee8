"""Whether two texts are the same advertisement, sent with small changes."""

import re

from mapapp.domain.core.folding import fold
from mapapp.domain.safety.deobfuscation import as_latin_letters

# A greeting with the name of the reader is the first thing a sender of mass messages changes.
_GREETINGS = frozenset(
    {
        *("hi", "hey", "hello", "dear", "hallo", "liebe", "lieber", "guten", "moin", "servus"),
        *("bonjour", "salut", "bonsoir", "chere", "cher", "coucou", "hola", "buenos", "buenas"),
        *("querida", "querido", "estimado", "estimada", "ciao", "buongiorno", "salve", "cara"),
        *("caro", "ola", "oi", "bom", "boa", "beste", "dag", "hoi", "czesc", "witaj", "droga"),
        *("drogi", "merhaba", "selam", "sevgili", "привет", "здравствуите", "дорогая", "дорогои"),
        *("مرحبا", "اهلا", "السلام", "عزيزي", "عزيزتي", "नमस्ते", "प्रिय"),
    }
)
_OPENING = re.compile(r"[^\S\n]*([^\n,.!?:;–—،。、！？，：-]{1,60})[\n,.!?:;–—،。、！？，：-]")
MOST_WORDS_OF_A_GREETING = 4
"""Words: "Guten Tag liebe Anna,"."""

_LETTERS = re.compile(r"[^\W\d_]+")
_FIGURE_IN_WORD = re.compile(r"(?<=[a-z])[013457](?=[a-z])", re.IGNORECASE)
_LETTER_FOR_FIGURE = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"}


def same_text(text: str) -> str:
    """Return a form that is equal for texts that differ only in small things.

    What does not matter: case, accents, spaces, punctuation, emoji, figures, letters that look
    alike, and a greeting with a name before the first comma or line end. The form of a form is the
    form itself. That of a short text says little: compare only forms of some length.
    """
    letters = _letters(_without_greeting(text))
    return letters or _letters(text)


def _letters(text: str) -> str:
    """Return the folded letters of ``text``, look-alikes in Latin, all in one word."""
    joined = ""
    while (again := _letters_once(text)) != joined:
        joined = text = again
    return joined


def _letters_once(text: str) -> str:
    latin = _FIGURE_IN_WORD.sub(
        lambda found: _LETTER_FOR_FIGURE[found.group()], as_latin_letters(text)
    )
    return "".join(_LETTERS.findall(fold(latin)))


def _without_greeting(text: str) -> str:
    """Return ``text`` from behind "Hi Anna," on, if it begins so."""
    opening = _OPENING.match(text)
    if opening is None:
        return text
    words = fold(opening.group(1)).split()
    is_greeting = len(words) <= MOST_WORDS_OF_A_GREETING and bool(
        _GREETINGS.intersection(words[:1])
    )
    return text[opening.end() :] if is_greeting else text
