"""What a page says, repeated in the vocabulary of schema.org for programs that read it.

Pure functions: plain values in, JSON-LD out. They are handed only what the page itself shows to a
visitor, and leave out what is empty. ``tests/web/knowledge/test_json_ld.py`` holds every type and
property against the vocabulary as schema.org publishes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from mapapp.domain.conditions.codes import Code

Node: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class SaidByMember:
    """A member's answer on the page.

    Attributes:
        author: their pseudonym if visitors see it, else their role.
        url: where it is on the page.
        votes: how many people found it helpful.
    """

    text: str
    author: str
    url: str
    day: date
    edited: date | None
    votes: int


@dataclass(frozen=True)
class SaidByEditors:
    """The editors' answer as plain text; ``site`` is the name of the site, which answers for it."""

    text: str
    site: str
    url: str
    changed: date


def graph(nodes: Iterable[Node]) -> Node:
    """Return one JSON-LD document that holds ``nodes``."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Node:
    """Return the way to a page: the name and the address of each step, this page last."""
    # In the vocabulary, an item is a thing, not just a URL.
    items = [
        {
            "@type": "ListItem",
            "position": number,
            "name": name,
            "item": {"@type": "WebPage", "@id": url},
        }
        for number, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def medical_condition(
    name: str, url: str, names: Sequence[str] = (), about: str = "", codes: Iterable[Code] = ()
) -> Node:
    """Return a condition.

    Args:
        name: its name on the page.
        url: of its page.
        names: its other names.
        about: what it is, in plain text.
        codes: what other lists call it.
    """
    node = {
        "@type": "MedicalCondition",
        "name": name,
        "url": url,
        "alternateName": list(names),
        "description": about,
        "code": [_code(code) for code in codes],
    }
    return _filled(node)


def qa_page(
    title: str,
    url: str,
    about: Node,
    editors: SaidByEditors | None,
    members: Sequence[SaidByMember],
) -> Node | None:
    """Return a page with a question and its answers; None where there is no answer to give."""
    if editors is None and not members:
        return None
    question = {
        "@type": "Question",
        "name": title,
        "text": title,
        "url": url,
        "about": about,
        "answerCount": len(members) + (editors is not None),
        "acceptedAnswer": _editors_answer(editors) if editors else None,
        "suggestedAnswer": [_members_answer(said) for said in members],
    }
    return {"@type": "QAPage", "url": url, "mainEntity": _filled(question)}


def _editors_answer(said: SaidByEditors) -> Node:
    return {
        "@type": "Answer",
        "text": said.text,
        "url": said.url,
        "dateModified": said.changed.isoformat(),
        "author": {"@type": "Organization", "name": said.site},
    }


def _members_answer(said: SaidByMember) -> Node:
    node = {
        "@type": "Answer",
        "text": said.text,
        "url": said.url,
        "datePublished": said.day.isoformat(),
        "dateModified": said.edited.isoformat() if said.edited else None,
        "upvoteCount": said.votes,
        "author": {"@type": "Person", "name": said.author},
    }
    return _filled(node)


def _code(code: Code) -> Node:
    return {"@type": "MedicalCode", "codeValue": code.text, "codingSystem": code.system.name}


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
