"""The differences between two walks: in routes, pages, statuses, headers, forms and words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

CONTEXT = 4  # words shown before and after a change
KINDS = ("routes", "pages", "status", "headers", "forms", "words")
LISTED = "words"
"""The one kind that is not a fault: English may be edited."""

Seen = dict[str, Any]


@dataclass
class Report:
    """The differences between two walks.

    Attributes:
        compared: number of pages that both have seen.
        routes: number of routes now.
        found: for each kind, the differences and the pages where they occur.
    """

    compared: int
    routes: int
    found: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {kind: defaultdict(list) for kind in KINDS}
    )

    @property
    def is_same(self) -> bool:
        """Whether only words differ."""
        return not any(found for kind, found in self.found.items() if kind != LISTED)

    def lines(self, most: int) -> Iterator[str]:
        """Yield the report, with at most ``most`` differences of each kind."""
        yield f"{self.routes} routes, {self.compared} pages compared."
        for kind, found in self.found.items():
            if not found:
                yield f"{kind}: equal"
                continue
            yield f"{kind}: {len(found)} differences"
            for what, where in list(found.items())[:most]:
                more = f" and {len(where) - 1} more" if len(where) > 1 else ""
                yield f"  {what}"
                yield f"      {where[0]}{more}"
            if len(found) > most:
                yield f"  and {len(found) - most} more"


def compare(before: Seen, after: Seen) -> Report:
    """Return the differences between two walks."""
    there, here = before["seen"], after["seen"]
    report = Report(len(there.keys() & here.keys()), len(after["routes"]))
    for line in line_changes(before["routes"], after["routes"]):
        report.found["routes"][line].append("the map of addresses")
    for name in there:
        if name not in here:
            report.found["pages"]["- only before"].append(name)
    for name in here:
        if name not in there:
            report.found["pages"]["+ only after"].append(name)
        else:
            for kind, what in _page_changes(there[name], here[name]):
                report.found[kind][what].append(name)
    return report


def _page_changes(before: Seen, after: Seen) -> Iterator[tuple[str, str]]:
    if before["status"] != after["status"]:
        yield "status", f"{before['status']} became {after['status']}"
    for what in line_changes(before["headers"], after["headers"]):
        yield "headers", what
    for what in line_changes(_lines_of(before["forms"]), _lines_of(after["forms"])):
        yield "forms", what
    for what in word_changes(before["words"], after["words"]):
        yield "words", what


def _lines_of(forms: Iterable[list[str]]) -> list[str]:
    """Return a line for each field, with its form."""
    return [line for head, *fields in forms for line in (head, *(f"{head}: {f}" for f in fields))]


def line_changes(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield each line removed (-) and added (+)."""
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act != "equal":
            yield from (f"- {line}" for line in before[a:b])
            yield from (f"+ {line}" for line in after[c:d])


def word_changes(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield each change of wording as ``some words [-old-] {+new+} some words``.

    Args:
        before: blocks of text.
        after: blocks of text.
    """
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act != "equal":
            yield _in_words(" | ".join(before[a:b]).split(), " | ".join(after[c:d]).split())


def _in_words(before: list[str], after: list[str]) -> str:
    parts: list[str] = []
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (act, a, b, c, d) in enumerate(changes):
        if act == "equal":
            is_last = number == len(changes) - 1
            parts += _shortened(before[a:b], is_first=number == 0, is_last=is_last)
            continue
        if b > a:
            parts.append(f"[-{' '.join(before[a:b])}-]")
        if d > c:
            parts.append(f"{{+{' '.join(after[c:d])}+}}")
    return " ".join(parts)


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    """Return unchanged words, without the middle of a long passage."""
    start = [] if is_first else words[:CONTEXT]
    end = [] if is_last else words[-CONTEXT:]
    return words if len(words) <= len(start) + len(end) else [*start, "…", *end]
