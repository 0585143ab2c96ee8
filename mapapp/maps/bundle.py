"""Bundles our ES modules into one classic script.

A page on a slow line would load one module after the other, and a map saved as a single file cannot
load any. Our modules use only two forms,
``import { a, b } from "./x.js"`` and ``export function|class|const``, so each can be wrapped in a
function of its own without a parser.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";$', re.M)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.M)
EXPORTED = re.compile(r"^export (?:async function|function|class|const) (\w+)", re.M)


def bundle(folder: Path, *entries: str) -> str:
    """Return a script of the modules ``entries`` in ``folder`` and all that they import, each once.

    Nothing in it has a name outside, so that a page can have several such scripts.

    Raises:
        ValueError: when modules import each other, or use a form that cannot be bundled.
    """
    order: list[str] = []
    for entry in entries:
        _visit(folder, entry, order, ())
    scopes = "\n".join(_scope(folder, name) for name in order)
    return f'(() => {{\n"use strict";\n{scopes}\n}})();'


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
    if any(" as " in names for names, _needed in IMPORT.findall(source)):
        raise ValueError(f"{name}.js imports under another name, which cannot be bundled.")
    given = ", ".join(EXPORTED.findall(source))
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_variable(found[2])};", source)
    body = EXPORT.sub("", body)
    if re.search(r"^(import|export)\b", body, re.M):
        raise ValueError(f"{name}.js imports or exports in a form that cannot be bundled.")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {given} }};\n}})();"


def _variable(name: str) -> str:
    return f"in_{name.replace('-', '_')}"
