"""What a page says, and which parts are plain English."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

SPOKEN = {"alt", "aria-label", "data-label", "label", "placeholder", "summary", "title"}
"""Attributes that are read out or shown."""
BUTTONS = {"submit", "button", "reset"}
CODE = {"code"}
"""What programs read is the same in every language."""
TECHNICAL = {"", "viewport", "robots", "color-scheme", "theme-color", "referrer", "og:type"}
TECHNICAL |= {"og:image:type", "twitter:card"}
"""Kinds of ``meta`` that nobody reads."""
ENGLISH = re.compile(r"(?<![\w&/.@#-])[A-Za-z][A-Za-z’']+")
NO_WORDS = re.compile(
    r"https?://\S+|tag:\S+|\S+@\S+\.\w+|/[\w/<>.{}?=&%-]+"  # addresses
    r"|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b"  # ids
    r"|\{\w+\}"  # places that scripts fill
    r"|</?iframe\b|\b(?:src|title|width|height|loading)=|\"lazy\""  # code to paste
    r"|\b[A-Z]{2,}:\d+|\b[A-Z]{2}(?:-\w+)+\b|\b(?:[A-Z0-9]{4}-){5,}\w+"  # codes and keys
)


@dataclass(frozen=True)
class Data:
    """What no translation makes: names of places, of conditions, and what people wrote.

    Attributes:
        alone: texts that may stand by themselves.
        inside: texts that may stand inside of others, too.
    """

    alone: frozenset[str]
    inside: tuple[str, ...]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._script = ""
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._code += tag in CODE
        if tag in {"script", "style"}:
            self._script = given.get("type", tag)
        self._code += tag == "code"  # for programs: the same in every language
        self.said += [value for name, value in given.items() if name in SPOKEN]
        if tag == "input" and given.get("type") in BUTTONS:
            self.said.append(given.get("value", ""))
        if tag == "meta" and given.get("name", given.get("property", "")) not in TECHNICAL:
            self.said.append(given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in CODE
        if tag in {"script", "style"}:
            self._script = ""
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._script == "application/json":
            self.said += strings_in(json.loads(data))
        elif not self._script and not self._code:
            self.said.append(" ".join(data.split()))


def strings_in(value: object) -> Iterator[str]:
    """Yield the texts in a JSON value; keys are never shown, nor is what shapes hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict) and value.get("type") != "Topology":
        for item in value.values():
            yield from strings_in(item)


def said_on(page: str) -> list[str]:
    """Return every text that a page shows, reads out or hands to its scripts."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return [text for text in reader.said if text.strip()]


def plain_english(text: str, data: Data) -> str:
    """Return the words of ``text`` that no translation made and that are not data."""
    if {text, text.strip(" .,:;()–·“”")} & data.alone:
        return ""
    for known in data.inside:
        text = text.replace(known, " ")
    return " ".join(ENGLISH.findall(NO_WORDS.sub(" ", text)))
