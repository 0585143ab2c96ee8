"""Work grows with the length of a text, never with its square: patterns, and what takes a text.

Every pattern that the program compiles and every function of ``domain`` that takes nothing but
texts is given texts made to be hard, short and four times as long.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import pytest

import mapapp
from tests.sampling import Sampling
from tests.work import seconds

SHORT, TIMES = 2_500, 4
GROWTH = 9.0
"""Linear work grows four times, quadratic sixteen."""
LEAST = 0.004
"""Seconds of processor time below which nothing can be told, and nothing needs to be."""
OWN_DATA = {
    "mapapp.maps.inert_json.STRING": "reads JSON of the program's own words",
    "mapapp.maps.bundle.IMPORT": "reads the program's own scripts",
    "mapapp.maps.bundle.EXPORT": "reads the program's own scripts",
    "mapapp.maps.bundle.EXPORTED": "reads the program's own scripts",
    "mapapp.domain.areas.area_phrases._NAME": "reads the names in the area table",
}
"""Patterns that nobody outside gives a text to."""

PUMPS = (
    *("a", "1", " ", "\n", "-", ".", "@", "é", "\u0301", "\u0327\u0301", "a\u200d", "ﷺ", "㍿"),
    *(
        "가",
        "각",
        "👩‍👩‍👧",
        "x ",
        "a-",
        "a.",
        "a@",
        "1 ",
        "1.",
        "www.",
        "http://",
        "mental ",
        "\t\n",
    ),
    *("[", "![", "[a](", "](", "[^a]", "*", "**a", "_a", "`", "``a", "<a ", "<!--", ">", "|"),
    *("# a\n", "## a\n", "- a\n", "1. a\n", "> a\n", "    a\n", "\\", '"', "'", '\\"', "&amp;"),
    *("{", '{"a":', "[1,", "1,", "a|b|c\n", "a=", "=?utf-8?q?a?=", "(at) ", "at ", "[dot] ", "0x"),
    *(
        "b i t ",
        "bit coin ",
        "h e l ",
        "I want to ",
        "DE12 3",
        "\u202e",
        "\x00",
        "\ud800",
        "ҮԚ",
        "с",
    ),
)
"""What is repeated: signs that begin something, expansions, marks, look-alikes, joined emoji."""
ENDS = ("", "!", "\n\x00", "@")
"""What comes last, and makes a pattern take back all that it has."""


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations." not in found.name:
            yield importlib.import_module(found.name)


@cache
def patterns() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Return every pattern for texts with the ways in which its module uses it."""
    found = {}
    for module in modules(mapapp):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for name, value in vars(module).items():
            for number, one in enumerate(value if isinstance(value, tuple) else (value,)):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    place = f"{module.__name__}.{name}" + (f"[{number}]" if number else "")
                    found[place] = (one, _ways(tree, name))
        for number, one in enumerate(_inline(tree)):
            found[f"{module.__name__}#{number}"] = (one, frozenset({"search"}))
    return found


def _ways(tree: ast.AST, name: str) -> frozenset[str]:
    """Return the methods called on ``name``; "search" where it is handed on."""
    calls = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    loads = sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(tree)
    )
    own = sum(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        for node in ast.walk(tree)
    )
    return frozenset(calls if calls and loads == own else calls | {"search"})


def _inline(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that stand in a call such as ``re.sub("…", …)``."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        is_of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        first = node.args[0] if node.args else None
        if is_of_re and node.func.attr != "compile" and isinstance(first, ast.Constant):
            yield re.compile(str(first.value))


def _use(pattern: re.Pattern[str], ways: frozenset[str], text: str) -> None:
    for way in ways:
        if way in {"match", "fullmatch"}:
            getattr(pattern, way)(text)
        else:
            pattern.sub("", text)


@cache
def functions() -> dict[str, Callable[..., object]]:
    """Return the functions of the domain that can be called with texts alone."""
    domain = importlib.import_module("mapapp.domain")
    found = {}
    for module in modules(domain):
        for name, function in vars(module).items():
            is_own = getattr(function, "__module__", "") == module.__name__
            if is_own and callable(function) and not inspect.isclass(function) and _takes(function):
                found[f"{module.__name__}.{name}"] = inspect.unwrap(function)
    return found


def _takes(function: Callable[..., object]) -> int:
    """Return how many texts a call needs; 0 if it needs anything else."""
    needed = [
        one for one in inspect.signature(function).parameters.values() if one.default is one.empty
    ]
    return len(needed) if needed and all(one.annotation is str for one in needed) else 0


def _call(function: Callable[..., object], text: str) -> None:
    with suppress(Exception):  # refused, or it is no text that the function can be about
        answer = function(*[text] * _takes(function))
        if isinstance(answer, Iterator):
            for _ in answer:
                pass


def _grows_too_fast(use: Callable[[str], None], pump: str, end: str) -> float:
    """Return by how much the work grows where that is too much, else 0."""
    short, long = (pump * (length // len(pump)) + end for length in (SHORT, SHORT * TIMES))
    shorter = longer = float("inf")
    for _ in range(4):
        longer = min(longer, seconds(lambda: use(long)))
        if longer < LEAST:
            return 0
        shorter = min(shorter, seconds(lambda: use(short)))
        if longer < GROWTH * shorter:
            return 0
    return longer / shorter


def _too_fast(uses: dict[str, Callable[[str], None]], sampling: Sampling, least: int) -> list[str]:
    texts = [(pump, end) for pump in PUMPS for end in ENDS]
    wrong = []
    for name, (pump, end) in sampling.pairs(sorted(uses), texts, least):
        if growth := _grows_too_fast(uses[name], pump, end):
            wrong.append(f"{name}: {growth:.0f} times the work for {pump!r} … {end!r}")
    return wrong


def test_no_pattern_takes_the_square_of_a_texts_length(sampling: Sampling) -> None:
    found = {name: one for name, one in patterns().items() if name not in OWN_DATA}
    assert len(found) > 50
    assert OWN_DATA.keys() <= patterns().keys()
    uses = {name: partial(_use, pattern, ways) for name, (pattern, ways) in found.items()}
    assert _too_fast(uses, sampling, least=24) == []


def test_no_function_takes_the_square_of_a_texts_length(sampling: Sampling) -> None:
    found = {name: partial(_call, function) for name, function in functions().items()}
    assert len(found) > 60
    assert _too_fast(found, sampling, least=8) == []


@pytest.mark.parametrize("pattern", [r"\b[a-z-]+\.com\b", r"!\[[^\]]*\]\("])
def test_a_pattern_that_takes_the_square_is_found(pattern: str, sampling: Sampling) -> None:
    uses = {"known": partial(_use, re.compile(pattern), frozenset({"search"}))}
    assert _too_fast(uses, Sampling(full=True, seed=sampling.seed), least=1)
