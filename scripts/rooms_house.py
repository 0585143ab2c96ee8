"""mapapp's floors and rooms as they are on disk, and the imports between them."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

FLOORS = ("domain", "actions", "web")
"""Floors that are divided into rooms."""

Arrow = tuple[str, str]
"""(importing module, imported module)."""


@dataclass(frozen=True)
class File:
    """A module; ``floor`` is "" outside the floors, ``room`` is "" on a flat floor."""

    path: str
    floor: str
    room: str
    lines: int


@dataclass(frozen=True)
class House:
    """All modules by their dotted name.

    Attributes:
        files: each module.
        arrows: each import of one by another.
        floors: the floors from the top down, as in the contract.
        room_layers: the rooms from the top down; those in one layer have the same name.
    """

    files: dict[str, File]
    arrows: list[Arrow]
    floors: list[set[str]]
    room_layers: list[set[str]]

    @property
    def rooms(self) -> list[str]:
        """The names of the rooms in order, lowest first."""
        names = (module.rpartition(".")[2] for row in reversed(self.room_layers) for module in row)
        return list(dict.fromkeys(names))

    def size(self, floor: str, room: str) -> list[int]:
        """Return [files besides __init__.py, lines of all files] of a room on a floor."""
        here = [f for f in self.files.values() if (f.floor, f.room) == (floor, room)]
        return [sum(not f.path.endswith("__init__.py") for f in here), sum(f.lines for f in here)]

    def places(self) -> list[str]:
        """Return the folder of each file besides __init__.py that is on a floor."""
        paths = [file.path for file in self.files.values() if file.floor]
        return [path.rpartition("/")[0] for path in paths if not path.endswith("__init__.py")]

    def flat_floors(self) -> list[str]:
        """Return the floors without rooms."""
        return sorted({file.floor for file in self.files.values()} - {"", *FLOORS})

    def is_between_rooms(self, arrow: Arrow) -> bool:
        """Whether an arrow leads from one room to another, on any floor."""
        importer, imported = (self.files[module].room for module in arrow)
        return bool(importer and imported and importer != imported)

    def against_order(self) -> list[Arrow]:
        """Return the arrows that lead to a higher floor, or to a room later in the order."""
        return [arrow for arrow in self.arrows if self._leads_up(*arrow)]

    def _leads_up(self, importer: str, imported: str) -> bool:
        return any(
            _layer(layers, importer, depth) > _layer(layers, imported, depth)
            for layers, depth in ((self.floors, 2), (self.room_layers, 3))
        )


def _layer(layers: list[set[str]], module: str, depth: int) -> float:
    """Return a module's layer, counted from the top; a module in none has no restrictions.

    A module in no layer of rooms is on a flat floor, where only the order of floors applies.
    """
    part = ".".join(module.split(".")[:depth])
    return next((i for i, layer in enumerate(layers) if part in layer), float("nan"))


def read_house(top: Path) -> House:
    """Return the house whose ``mapapp`` and ``setup.cfg`` lie in ``top``."""
    files = {_module(path.relative_to(top)): _file(top, path) for path in sorted(_sources(top))}
    arrows = sorted(
        (module, imported)
        for module, file in files.items()
        for imported in set(_imports(top / file.path, files)) - {module}
    )
    return House(files, arrows, contract_layers(top, "floors"), contract_layers(top, "rooms"))


def contract_layers(top: Path, name: str) -> list[set[str]]:
    """Return the layers of a contract in setup.cfg, from the top down; none if it is missing."""
    config = ConfigParser()
    config.read(top / "setup.cfg", encoding="utf-8")
    lines = config.get(f"importlinter:contract:{name}", "layers", fallback="").split("\n")
    return [set(line.replace("|", " ").replace(":", " ").split()) for line in lines if line.strip()]


def circles(arrows: list[Arrow]) -> list[list[str]]:
    """Return the import cycles among modules, each sorted (Tarjan's algorithm)."""
    below: dict[str, list[str]] = defaultdict(list)
    for importer, imported in arrows:
        below[importer].append(imported)
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def _visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for other in below[module]:
            if other not in number:
                _visit(other)
            if other in path:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == number[module]:
            circle = path[path.index(module) :]
            del path[-len(circle) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for module in sorted(below):
        if module not in number:
            _visit(module)
    return found


def _sources(top: Path) -> Iterator[Path]:
    for path in (top / "mapapp").rglob("*.py"):
        if "migrations" not in path.parts:  # they are history, each read by itself
            yield path


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _file(top: Path, path: Path) -> File:
    inside = path.relative_to(top)
    folders = inside.parts[1:-1]
    floor = folders[0] if folders else ""
    room = folders[1] if floor in FLOORS and len(folders) > 1 else ""
    return File(inside.as_posix(), floor, room, len(path.read_bytes().splitlines()))


def _imports(path: Path, known: dict[str, File]) -> Iterator[str]:
    """Yield the modules of ``known`` that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                yield below if below in known else node.module
