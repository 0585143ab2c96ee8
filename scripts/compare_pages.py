"""What a page shows, where it links and what its forms ask for, without random values."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

SILENT = {"script", "style", "template"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "code",
    "em",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "time",
}
SPOKEN = ("alt", "title", "aria-label", "placeholder")
"""Attributes whose text reaches the reader."""
FIELDS = {"input", "select", "textarea", "button"}
PRESSED = {"submit", "image", "button", "reset"}

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_CHANCE = [
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "(id)"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT[\d:.+Z-]+"), "(time)"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "(date)"),
    (re.compile(rf"\b\d{{1,2}} {_MONTH} \d{{4}}\b|\b{_MONTH} \d{{1,2}}, \d{{4}}\b"), "(date)"),
    (re.compile(r"\bsha256-[\w+/]+=*"), "sha256-(hash)"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}"), "(token)"),
    (re.compile(r"\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}\b"), "(hash)"),
    (re.compile(r"\b(?:[A-Z2-7]{4} ){4,}[A-Z2-7]{1,4}\b|\b[A-Z2-7]{20,}\b"), "(key)"),
]


def without_chance(text: str) -> str:
    """Return ``text`` with ids, hashes, tokens, keys and dates replaced by placeholders."""
    for pattern, name in _CHANCE:
        text = pattern.sub(name, text)
    return text


@dataclass
class Field:
    """A field of a form; ``values`` are its choices, ``value`` is what is sent."""

    name: str
    kind: str
    value: str = ""
    is_chosen: bool = True
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form, with its fields in order."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return the names of the fields."""
        return {field.name for field in self.fields}

    def filled(self) -> dict[str, list[str]]:
        """Return what a browser would send if nothing was changed."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.is_chosen and one.kind not in PRESSED:
                sent.setdefault(one.name, []).append(one.value)
        return sent

    def first_choice(self, name: str) -> str:
        """Return a field's first choice that is not empty; "" if there is none."""
        offered = [v for one in self.fields if one.name == name for v in one.values or [one.value]]
        return next(filter(None, offered), "")

    def shape(self) -> list[str]:
        """Return the form for a comparison: method and URL, then its fields in order."""
        lines = [f"{self.method} {without_chance(self.action)}"]
        for one in self.fields:
            value = one.value if one.kind in {"radio", "checkbox", *PRESSED} else ""
            shown = [one.kind, one.name, value, " ".join(one.values)]
            lines.append(without_chance(" ".join(part for part in shown if part)))
        return lines


class Page(HTMLParser):
    """A parsed page.

    Attributes:
        words: the text shown, one entry for each block.
        links: links within the site, in order, without repeats.
        outside: links that lead elsewhere, such as into an app.
        forms: its forms, in order.
    """

    def __init__(self, text: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.words: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.forms: list[Form] = []
        self._silent: list[str] = []
        self._piece = ""
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(text)
        self.close()
        self._end_piece()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's text, links and fields."""
        given = {name: value or "" for name, value in attrs}
        if self._silent or tag in SILENT:
            if tag not in VOID:
                self._silent.append(tag)
            return
        if tag not in INLINE:
            self._end_piece()
        self._note_attributes(tag, given)
        if tag == "a" and "href" in given:
            self._note_link(given["href"])
        elif tag == "form":
            action = self._local(given.get("action", "")) or self.path
            self.forms.append(Form(given.get("method", "get").upper(), action))
        elif tag == "option" and self._select is not None:
            self._note_option(given)
        elif tag in FIELDS and self.forms and given.get("name"):
            self._note_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag not in INLINE:
            self._end_piece()
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self._silent:
            return
        if self._area is not None:
            self._area.value += data
        self._piece += data

    def _end_piece(self) -> None:
        words = " ".join(self._piece.split())
        if words:
            self.words.append(without_chance(words))
        self._piece = ""

    def _note_attributes(self, tag: str, given: dict[str, str]) -> None:
        said = [given[name] for name in SPOKEN if given.get(name)]
        if tag == "meta" and given.get("name") == "description":
            said.append(given.get("content", ""))
        if tag == "input" and given.get("type") in PRESSED:
            said.append(given.get("value", ""))
        self.words += [without_chance(" ".join(words.split())) for words in said]

    def _note_link(self, href: str) -> None:
        local = self._local(href)
        if not local:
            self.outside.append(href)
        elif local not in self.links:
            self.links.append(local)

    def _local(self, href: str) -> str:
        """Return the path of a URL on the same site; "" for any other."""
        there = urlsplit(urljoin(f"http://localhost{self.path}", href))
        if there.hostname != "localhost":
            return ""
        return there._replace(scheme="", netloc="", fragment="").geturl()

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", {"input": "text", "button": "submit"}.get(tag, tag))
        value = given.get("value", "on" if kind in {"radio", "checkbox"} else "")
        is_chosen = kind not in {"radio", "checkbox"} or "checked" in given
        made = Field(given["name"], kind, value, is_chosen)
        self.forms[-1].fields.append(made)
        if tag == "select":
            self._select = made
        elif tag == "textarea":
            self._area = made

    def _note_option(self, given: dict[str, str]) -> None:
        if self._select is None:
            return
        value = given.get("value", "")
        if "selected" in given or not self._select.values:
            self._select.value = value
        self._select.values.append(value)
