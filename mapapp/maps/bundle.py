"""Bundles our ES modules into one classic script, for a map saved as a single file.

A page opened from disk cannot load modules from its folder. Our modules use only two forms,
``import { a, b } from "./x.js"`` and ``export function|class|const``, so each can be wrapped in a
function of its own without a parser.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.M)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.M)
EXPORTED = re.compile(r"^export (?:async function|function|class|const) (\w+)", re.M)


def bundle(folder: Path, entry: str) -> str:
    """Return a script of the module ``entry`` in ``folder`` and all that it imports.

    Raises:
        ValueError: when modules import each other, or use a form that cannot be bundled.
    """
    order: list[str] = []
    _visit(folder, entry, order, ())
    return '"use strict";\n' + "\n".join(_scope(folder, name) for name in order)


def _visit(folder: Path, name: str, order: list[str], path: tuple[str, ...]) -> None:
    if name in order:
        return
    if name in path:
        raise ValueError(f"Modules import each other in a circle: {' > '.join((*path, name))}")
    for _names, needed in IMPORT.findall(_source(folder, name)):
        _visit(folder, needed, order, (*path, name))
    order.append(name)


def _source(folder: Path, name: str) -> str:
    return (folder / f"{name}.js").read_text(encoding="utf-8")


def _scope(folder: Path, name: str) -> str:
    source = _source(folder, name)
    given = ", ".join(EXPORTED.findall(source))
    body = EXPORT.sub("", IMPORT.sub(r"const {\1} = in_\2;", source))
    if re.search(r"^(import|export)\b", body, re.M):
        raise ValueError(f"{name}.js imports or exports in a form that cannot be bundled.")
    return f"const in_{name} = (() => {{\n{body}\nreturn {{ {given} }};\n}})();"
