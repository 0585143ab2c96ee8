"""What the site promises: each promise is listed with the test that keeps it.

``docs/promises.md`` quotes the sentences. A promise that is changed, or taken away with its test,
fails here; so does a new sentence that sounds like one and is not listed.
"""

import ast
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import languages_catalogues as catalogues

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "promises.md"
NO_PROMISES = Path(__file__).with_name("no_promises.txt")
SHORTEST_QUOTE = 12
"""Characters; a shorter quote would stand in many sentences that it does not mean."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_PROMISING = re.compile(
    r"\b(only|never|nobody|no one|nothing|nowhere|always|at once|immediately|at most|whatever|"
    r"any more|no longer|everything|every|cannot|without|encrypted|forgotten|"
    r"deleted?s?|erased?|hidden|we (keep|tell|email|hide|ask|send|show|delete|count|look)|"
    r"(is|are|was|were|will) not (told|shown|kept|sent|seen|recorded)|"
    r"(\d+|a|one|two) (minutes?|hours?|days?|months?|years?))\b",
    re.IGNORECASE,
)


class Promise(NamedTuple):
    """A line of the list: a quote, the file in which it stands, the test that keeps it."""

    quote: str
    file: str
    test: str


@cache
def _promises() -> list[Promise]:
    rows = re.findall(r"^\| “(.+)” \| `(.+)` \| `(.+)` \|$", DOC.read_text("utf-8"), re.MULTILINE)
    return [Promise(*row) for row in rows]


@cache
def _messages() -> dict[str, set[str]]:
    """Return each message that is shown to people, with the files in which it stands."""
    found: dict[str, set[str]] = {}
    for message in catalogues.extract():
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in filter(None, forms):
            found.setdefault(form, set()).update(path for path, _line in message.locations)
    return found


def _unlisted(messages: dict[str, set[str]], listed: list[Promise]) -> set[str]:
    """Return the sentences that sound like promises and are in neither list."""
    none = set(NO_PROMISES.read_text("utf-8").splitlines())
    found = set()
    for message, files in messages.items():
        quotes = [p.quote for p in listed if p.file in files and p.quote in message]
        for sentence in _SENTENCE.split(message):
            covered = any(
                part in sentence or sentence in part
                for quote in quotes
                for part in _SENTENCE.split(quote)
            )
            if _PROMISING.search(sentence) and not covered and sentence not in none:
                found.add(sentence)
    return found


def test_the_list_is_read_whole() -> None:
    rows = [line for line in DOC.read_text("utf-8").splitlines() if line.startswith("| “")]
    assert len(rows) == len(_promises()) > 100
    assert len(set(_promises())) == len(rows)


def test_each_promise_stands_in_the_file_that_is_named() -> None:
    missing = [
        promise
        for promise in _promises()
        if len(promise.quote) < SHORTEST_QUOTE
        or not any(promise.quote in m for m, files in _messages().items() if promise.file in files)
    ]
    assert missing == []


def test_each_test_that_keeps_a_promise_is_there() -> None:
    tests: dict[str, set[str]] = {}
    missing = []
    for file, _, name in (promise.test.partition("::") for promise in _promises()):
        if file not in tests and (ROOT / file).exists():
            tree = ast.parse((ROOT / file).read_text("utf-8"))
            tests[file] = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        if name not in tests.get(file, set()):
            missing.append(f"{file}::{name}")
    assert missing == []


def test_what_sounds_like_a_promise_is_listed() -> None:
    """List it in docs/promises.md with its test; or in no_promises.txt, if it promises nothing."""
    assert _unlisted(_messages(), _promises()) == set()


def test_a_new_promise_would_be_noticed() -> None:
    new = {"Come in. We never keep what you type here.": {"templates/base.html"}}
    assert _unlisted(new, _promises()) == {"We never keep what you type here."}


def test_what_promises_nothing_is_still_said() -> None:
    """Or the list would grow for ever, and let a promise in by an old line."""
    said = {sentence for message in _messages() for sentence in _SENTENCE.split(message)}
    lines = NO_PROMISES.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert set(lines) - said == set()
