"""Markdown of the site's editors as HTML that can do nothing but be read.

Two walls, one behind the other: the parser writes every tag that was typed as text, and what
it made is cleaned once more by a list of the few elements and attributes that may stay.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from mapapp.domain.knowledge.editorial_rules import Source
from mapapp.domain.knowledge.question_set import title_to_slug

WORDS_A_MINUTE = 200
SECTION = 2
"""The level of heading that begins a section: ``##``."""

_CITATION = re.compile(r"\[\^([A-Za-z0-9-]{1,40})\]")
_TAGS = frozenset(
    {
        *("p", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "br", "hr"),
        *("strong", "em", "s", "a", "code", "sup"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # the library would let titles and languages through on every element
    "a": {"href", "rel", "aria-label"},
    "h3": {"id"},
    "h4": {"id"},
    "ol": {"start"},
    "sup": {"id"},
}
_CLASSES = {"sup": {"cite"}}
_HREF = re.compile(r"https?://[^/]|#source-[a-z0-9-]+$", re.IGNORECASE)
ELSEWHERE = "external noopener noreferrer nofollow"
"""What links to other sites carry in ``rel``."""


@dataclass(frozen=True)
class Rendered:
    """Markdown, ready for a page.

    Attributes:
        contents: id and text of each section, for the table of contents.
        minutes: about how long one reads, from 1.
        sources: in the order in which they are cited first, then those that are not.
    """

    html: str
    contents: tuple[tuple[str, str], ...]
    minutes: int
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Section:
    """A heading ``##`` and which ids are cited up to the next one; '' for what stands before."""

    heading: str
    cited: tuple[str, ...]


@lru_cache(maxsize=256)
def render(body: str, sources: tuple[Source, ...] = ()) -> Rendered:
    """Return ``body`` as HTML whose sections are h3, for a page with an h1 and an h2 above."""
    tokens = list(_parsed(body))
    order = _cited_first(tokens, sources)
    contents = _name_headings(tokens)
    env = {"numbers": {source.id: number for number, source in enumerate(order, 1)}, "seen": {}}
    html = _parser().renderer.render(tokens, _parser().options, env)
    words = len(plain_text(body).split())
    return Rendered(_clean(html), contents, max(1, math.ceil(words / WORDS_A_MINUTE)), order)


def plain_text(body: str) -> str:
    """Return the words of ``body`` without any mark."""
    return " ".join(" ".join(_texts(token)) for token in _parsed(body)).strip()


def plain_paragraphs(body: str) -> str:
    """Return what ``body`` says without marks: headings, paragraphs and items, one a line."""
    lines = ("".join(_texts(token, between=" ")).strip() for token in _parsed(body))
    return "\n".join(filter(None, lines))


def sections(body: str) -> list[Section]:
    """Return what stands before the first section, then each section."""
    found: list[tuple[str, list[str]]] = [("", [])]
    tokens = _parsed(body)
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == f"h{SECTION}":
            found.append((" ".join(_texts(tokens[at + 1])), []))
        found[-1][1].extend(_cited(token))
    return [Section(heading, tuple(cited)) for heading, cited in found]


def heading_levels(body: str) -> list[int]:
    """Return the level of each heading in its order; 0 for one inside something else."""
    opens = (token for token in _parsed(body) if token.type == "heading_open")
    return [0 if token.level else int(token.tag[1:]) for token in opens]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    made = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    # No pictures; and no definitions of links, which would swallow lines such as "[^nhs]: ...".
    made.disable(["image", "reference"])
    made.inline.ruler.before("link", "citation", _citation_rule)
    made.add_render_rule("citation", _render_citation)
    made.add_render_rule("link_open", _render_link)
    return made


@lru_cache(maxsize=4)
def _parsed(body: str) -> Sequence[Token]:
    return tuple(_parser().parse(body))


def _citation_rule(state: StateInline, silent: bool) -> bool:
    found = _CITATION.match(state.src, state.pos)
    if not found or state.linkLevel:  # inside a link there can be no other
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = found.group()
        token.meta = {"id": found.group(1)}
    state.pos = found.end()
    return True


def _render_citation(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, env: Any
) -> str:
    name = tokens[at].meta["id"]
    number = env["numbers"].get(name)
    if number is None:
        return f"[^{name}]"
    return (
        f'<sup class="cite"><a href="#source-{name}" aria-label="Source {number}">'
        f"[{number}]</a></sup>"
    )


def _render_link(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any
) -> str:
    tokens[at].attrSet("rel", ELSEWHERE)
    return renderer.renderToken(tokens, at, options, env)


def _name_headings(tokens: list[Token]) -> tuple[tuple[str, str], ...]:
    """Set each heading's level and id; return the id and text of those that begin a section."""
    contents, taken = [], dict[str, int]()
    for at, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        is_section = int(token.tag[1:]) <= SECTION
        tokens[at] = token = token.copy(tag="h3" if is_section else "h4", attrs={})
        if token.type == "heading_open":
            text = " ".join(_texts(tokens[at + 1]))
            # The letter in front keeps a heading called "Main" apart from the page's own names.
            name = _untaken(f"s-{title_to_slug(text) or 'part'}", taken)
            token.attrs = {"id": name}
            if is_section:
                contents.append((name, text))
    return tuple(contents)


def _untaken(name: str, taken: dict[str, int]) -> str:
    """Return ``name``, with a number behind it where it is taken; ``taken`` counts from the last.

    Equal headings would otherwise try all numbers that the ones before them have.
    """
    found, number = name, taken.get(name, 0)
    while found in taken:
        number += 1
        found = f"{name}-{number + 1}"
    taken[name] = number
    taken.setdefault(found, 0)
    return found


def _cited_first(tokens: Iterable[Token], sources: tuple[Source, ...]) -> tuple[Source, ...]:
    known = {source.id: source for source in sources}
    cited = (name for token in tokens for name in _cited(token))
    return tuple(known[name] for name in dict.fromkeys((*cited, *known)) if name in known)


def _cited(token: Token) -> Iterator[str]:
    return (c.meta["id"] for c in token.children or () if c.type == "citation")


def _texts(token: Token, between: str = "") -> Iterator[str]:
    """Yield the words of a block; ``between`` for each end of a line in it."""
    if token.type in {"fence", "code_block"}:
        yield token.content
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"} and between:
            yield between


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        attribute_filter=_filtered,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _filtered(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and not _HREF.match(value):
        return None
    return value
