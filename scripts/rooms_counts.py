"""Counts of what makes code hard to read: aliases, constants that clash, long parameter lists."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

USUAL = {
    ("numpy", "np"),
    ("geopandas", "gpd"),
    ("ElementTree", "ET"),
    ("sqlalchemy", "sa"),
    ("gettext", "_"),
}
"""Aliases that everyone knows."""
MANY = 6  # parameters, without self and cls

Function = ast.FunctionDef | ast.AsyncFunctionDef


def other_aliases(top: Path) -> list[str]:
    """Return ``file: name as alias`` for each unusual import alias in mapapp."""
    return [
        f"{name}: {alias.name} as {alias.asname}"
        for name, tree in _trees(top)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.asname and (alias.name, alias.asname) not in USUAL
    ]


def clashing_constants(top: Path) -> dict[str, set[str]]:
    """Return mapapp's public constants that have several values, with the files of each."""
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, tree in _trees(top):
        for constant, value in _constants(tree):
            if constant.isupper() and not constant.startswith("_"):
                values[constant][ast.unparse(value)].add(name)
    return {
        constant: set().union(*found.values())
        for constant, found in sorted(values.items())
        if len(found) > 1
    }


def long_parameter_lists(top: Path) -> list[str]:
    """Return ``file: function (n)`` for each function of mapapp with many parameters."""
    return [
        f"{name}: {node.name} ({count})"
        for name, tree in _trees(top)
        for node in ast.walk(tree)
        if isinstance(node, Function) and (count := _parameters(node)) >= MANY
    ]


def same_file_names(top: Path) -> dict[str, list[str]]:
    """Return the names that several files of mapapp share, with the files."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, _tree in _trees(top):
        places[Path(name).name].append(name)
    places.pop("__init__.py", None)
    return {name: found for name, found in places.items() if len(found) > 1}


def _trees(top: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((top / "mapapp").rglob("*.py")):
        if "migrations" not in path.parts:  # they are history, each read by itself
            yield path.relative_to(top).as_posix(), ast.parse(path.read_bytes())


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield (name, value) of a module's top-level assignments, tuples included."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _pairs(target, node.value)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, its)


def _parameters(function: Function) -> int:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])
