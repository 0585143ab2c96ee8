"""Pseudo-languages: every message longer, and in letters that English does not have.

Where a page shows a plain English word, it did not go through the translations.
"""

import re

from babel.messages.catalog import Catalog, Message
from languages_catalogues import PARTS

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž"
HEBREW = "אבגדהוזחטיכלמנסעפצקרשתאבגדאבגדהוזחטיכלמנסעפצקרשתאבגד"
LONGER = 0.4
"""How much longer a translation is than the English: German often is."""

_SPLIT = re.compile(f"({PARTS.pattern}|&\\w+;)")


def pseudo(text: str, letters: str = ACCENTED) -> str:
    """Return ``text`` in other letters, in brackets and longer; values and HTML stay."""
    table = str.maketrans(LATIN, letters)
    kept = [
        part if _SPLIT.fullmatch(part) else part.translate(table) for part in _SPLIT.split(text)
    ]
    return f"[{''.join(kept)}{'~' * max(1, round(len(text) * LONGER))}]"


def pseudo_catalogue(tag: str, template: Catalog, letters: str = ACCENTED) -> Catalog:
    """Return every message of ``template`` in a language of such letters that poses as ``tag``."""
    made = Catalog(locale=tag)
    for message in template:
        if message.id:
            made.add(message.id, _translation(message, made.num_plurals, letters))
    return made


def _translation(message: Message, plurals: int, letters: str) -> str | tuple[str, ...]:
    if not message.pluralizable:
        return pseudo(message.id, letters)
    one, many = (pseudo(text, letters) for text in message.id)
    return (one, *[many] * (plurals - 1))
