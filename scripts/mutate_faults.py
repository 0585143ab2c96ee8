"""The list of faults: reading it, checking it, planting one."""

import ast
import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

POSTGRESQL, BROWSER = "postgresql", "browser"
NEEDS = ("", POSTGRESQL, BROWSER)


@dataclass(frozen=True)
class Fault:
    """A change to one file that would hurt a person; scripts/faults.toml explains the fields."""

    id: str
    why: str
    file: str
    old: str
    new: str
    needs: str = ""
    tests: tuple[str, ...] = ()
    survives: str = ""

    def planted(self, text: str) -> str:
        """Return the file's text with the fault in it."""
        return text.replace(self.old, self.new)


def read_faults(path: Path) -> list[Fault]:
    """Return the faults of a list, in its order.

    Raises:
        SystemExit: if an entry lacks a field or has an unknown one, or two have the same name.
    """
    faults = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["fault"]:
        try:
            faults.append(Fault(**{**entry, "tests": tuple(entry.get("tests", ()))}))
        except TypeError as error:
            raise SystemExit(f"{path.name}, {entry.get('id', entry)}: {error}") from None
    names = [fault.id for fault in faults]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SystemExit(f"{path.name}: these names are there twice: {', '.join(twice)}")
    if wrong := [fault.id for fault in faults if fault.needs not in NEEDS]:
        raise SystemExit(f"{path.name}: what do these need? {', '.join(wrong)}")
    return faults


def chosen(faults: Sequence[Fault], patterns: Sequence[str]) -> list[Fault]:
    """Return the faults whose name or file matches one of the patterns; without patterns, all.

    Raises:
        SystemExit: if a pattern matches none.
    """
    for pattern in patterns:
        if not any(_fits(fault, pattern) for fault in faults):
            raise SystemExit(f"No fault is called “{pattern}”, and none is in such a file.")
    fitting = [fault for fault in faults if any(_fits(fault, pattern) for pattern in patterns)]
    return fitting if patterns else list(faults)


def _fits(fault: Fault, pattern: str) -> bool:
    return fnmatchcase(fault.id, pattern) or fnmatchcase(fault.file, pattern)


def why_not(fault: Fault, tree: Path) -> str:
    """Return why the fault cannot be planted in this tree; '' if it can."""
    path = tree / fault.file
    if not path.is_file():
        return f"there is no {fault.file}"
    text = path.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        return f"its text stands in {fault.file} {text.count(fault.old)} times"
    if fault.old == fault.new:
        return "it changes nothing"
    if missing := [test for test in fault.tests if not (tree / test).exists()]:
        return f"there is no {missing[0]}"
    return _why_unreadable(path, fault.planted(text))


def _why_unreadable(path: Path, text: str) -> str:
    """Return why the text cannot be parsed: any test would find that, which proves little."""
    try:
        if path.suffix == ".py":
            ast.parse(text)
        elif path.suffix == ".toml":
            tomllib.loads(text)
        elif path.suffix in {".html", ".txt"}:
            Environment(autoescape=True).parse(text)
    except (SyntaxError, tomllib.TOMLDecodeError, TemplateSyntaxError) as error:
        return f"what is planted cannot be read: {error}"
    return ""


def changed_lines(before: str, after: str) -> set[int]:
    """Return the lines of ``before`` (from 1) in the statements that differ in ``after``.

    Only the head of a compound statement counts. Added lines count as their neighbours.
    """
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    touched: set[int] = set()
    for tag, first, last, _first, _last in matcher.get_opcodes():
        if tag != "equal":
            touched.update(range(first + 1, max(last, first + 1) + 1))
    spans = list(_statements(ast.parse(before)))
    found = set(touched)
    for line in touched:
        around = [span for span in spans if line in span]
        if around:
            found.update(min(around, key=len))
    return found


def _statements(tree: ast.AST) -> list[range]:
    spans = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else (node.end_lineno or node.lineno)
            spans.append(range(node.lineno, max(last, node.lineno) + 1))
    return spans
