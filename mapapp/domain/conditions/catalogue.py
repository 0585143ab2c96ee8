"""The catalogue of conditions that comes with the program, and the search in it.

Names and codes from the Mondo Disease Ontology, CC BY 4.0, changed (see data/SOURCES.md); everyday
names are the project's own.
"""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.conditions.codes import conditions_with
from mapapp.domain.core.folding import fold_medical, folded_query
from mapapp.domain.core.name_index import Entries, Match, NameIndex, build_index
from mapapp.errors import N_, DataError, Words
from mapapp.paths import DATA

FOLDER = DATA / "conditions"
CATALOGUE, NAMES_FILE, ALIASES = (
    FOLDER / "catalogue.json.gz",
    FOLDER / "names.npz",
    FOLDER / "aliases.toml",
)

_OWN_NAME = 1.0  # how much more a name in everyday use counts than one from the ontology only
_UNUSED_NAME = 0.8
_EDITED = 2.0  # what staff entered counts as much as the best-known conditions
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One condition.

    Attributes:
        code: "MONDO:nnnnnnn", or "LOCAL:nnnn" for those that Mondo does not have.
        slug: its part of an address.
        name: the English name that pages show.
        names: all names, the shown one first.
        group: key of its group.
        translations: by language code, the name to show in that language, where one is known.
    """

    code: str
    slug: str
    name: str
    names: tuple[str, ...] = ()
    group: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A condition that was found, and the name that matched ("" for the name that is shown).

    ``by_code`` is the code that it was found by, in words; "" if it was found by a name.
    """

    condition: CatalogueEntry
    matched: str
    by_code: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """A condition of the demo, with an INVENTED number of members relative to the others'."""

    condition: CatalogueEntry
    demo_weight: int


@dataclass(frozen=True)
class Overlay:
    """Conditions that a site added or changed; they hide those of the catalogue with their codes.

    Attributes:
        names: their names, one after the other; a label is a position in them.
        index: the index of the names; an owner is a position in ``conditions``.
    """

    conditions: tuple[CatalogueEntry, ...]
    names: tuple[str, ...]
    index: NameIndex


class Catalogue:
    """All conditions that come with the program.

    Attributes:
        conditions: in order of code, Mondo's first.
        by_code: the same conditions; ``place``: by code, their positions.
        groups: English name by key, in the order of pages.
        starters: well-known conditions, rare and common, for the demo and the home page.
        index: their names; an owner is a position in ``conditions``.
    """

    def __init__(self, rows: dict[str, Any], keys: bytes, labels: NDArray[np.int32]) -> None:
        entries = rows["conditions"]
        self.conditions = tuple(_condition(entry) for entry in entries)
        self.by_code = {condition.code: condition for condition in self.conditions}
        self.place = {code: place for place, code in enumerate(self.by_code)}
        self.groups = {key: Words(name) for key, name in dict(rows["groups"]).items()}
        self.starters = tuple(
            Starter(condition, entry["demo_weight"])
            for condition, entry in zip(self.conditions, entries, strict=True)
            if "demo_weight" in entry
        )
        counts = np.array([len(condition.names) for condition in self.conditions])
        self._first_name = np.cumsum(counts) - counts
        owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[labels]
        is_own = labels - self._first_name[owners] < _column(entries, "curated")[owners]
        # Only the everyday names of a well-known condition are well known, not all of Mondo's.
        known = _column(entries, "weight")[owners]
        weights = np.where(is_own, known + _OWN_NAME, np.minimum(known, _UNUSED_NAME))
        self.index = NameIndex(
            Entries(keys, owners, labels, weights.astype(np.float32)), folding=fold_medical
        )

    def hit(self, match: Match) -> Hit:
        """Return the hit that a match of ``index`` means."""
        condition = self.conditions[match.owner]
        name = condition.names[match.label - self._first_name[match.owner]]
        return Hit(condition, "" if name == condition.name else name)


def _column(entries: list[dict[str, Any]], key: str) -> NDArray[np.float32]:
    return np.array([entry.get(key, 0) for entry in entries], dtype=np.float32)


def _condition(entry: dict[str, Any]) -> CatalogueEntry:
    return CatalogueEntry(
        code=entry["code"],
        slug=entry["slug"],
        name=entry["name"],
        names=tuple(entry["names"]),
        group=entry["group"],
        translations=entry.get("translations", _NONE),
    )


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Return the catalogue that came with the program, read once.

    Raises:
        DataError: if a file is missing or damaged.
    """
    with _told_if_damaged():
        return read_catalogue(CATALOGUE, NAMES_FILE)


@contextmanager
def _told_if_damaged() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(
            N_("The list of conditions is missing or damaged. Install the program again.")
        ) from error


def read_catalogue(catalogue: Path, names: Path) -> Catalogue:
    """Return the catalogue in two files made by the build script."""
    rows = _rows(catalogue)
    with np.load(names, allow_pickle=False) as file:
        return Catalogue(rows, file["keys"].tobytes(), file["labels"])


def _rows(catalogue: Path) -> dict[str, Any]:
    return dict(json.loads(gzip.decompress(catalogue.read_bytes())))


def build_overlay(conditions: Iterable[CatalogueEntry]) -> Overlay:
    """Return an overlay of the few conditions that a site added or changed."""
    kept = tuple(conditions)
    pairs = [
        (name, owner)
        for owner, condition in enumerate(kept)
        for name in (condition.name, *condition.names)
    ]
    index = build_index(pairs, weight=_EDITED + _OWN_NAME, folding=fold_medical)
    return Overlay(kept, tuple(name for name, _ in pairs), index)


def search_catalogue(
    query: str, limit: int = 10, extra: Overlay | None = None, hidden: Set[str] = frozenset()
) -> list[Hit]:
    """Return at most ``limit`` conditions, best first, found by name, code, or misspelt name.

    Args:
        query: what was typed.
        limit: at least 1.
        extra: what the site added or changed.
        hidden: codes that must not be found.

    Raises:
        BadInputError: if the query is not text or too long.
    """
    catalogue = load_catalogue()
    folded_query(query, fold_medical)  # before anything looks at a text that is no name
    by_code = conditions_with(query)
    changed = {condition.code: condition for condition in extra.conditions} if extra else {}
    known = {**catalogue.by_code, **changed} if by_code.conditions else {}
    coded = {one.condition: one for one in by_code.conditions if one.condition in known}
    hits = [Hit(known[code], "", one.words) for code, one in coded.items()]
    # A code means what it says, so names like it would only confuse.
    if not (coded and by_code.is_certain):
        ranked = _found(catalogue, query, limit, {*hidden, *changed})
        ranked += _found_in_overlay(extra, query, limit) if extra else ()
        ranked.sort(key=lambda pair: -pair[0].score)
        hits += [hit for match, hit in ranked if not (coded and match.is_guess)]
    once = {hit.condition.code: hit for hit in reversed(hits) if hit.condition.code not in hidden}
    return list(reversed(once.values()))[:limit]


def _found(
    catalogue: Catalogue, query: str, limit: int, without: Set[str]
) -> list[tuple[Match, Hit]]:
    allowed = None
    if without:
        allowed = np.ones(len(catalogue.conditions), dtype=np.bool_)
        allowed[[catalogue.place[code] for code in without if code in catalogue.place]] = False
    matches = catalogue.index.search(query, limit, allowed)
    return [(match, catalogue.hit(match)) for match in matches]


def _found_in_overlay(extra: Overlay, query: str, limit: int) -> list[tuple[Match, Hit]]:
    found = []
    for match in extra.index.search(query, limit):
        condition = extra.conditions[match.owner]
        name = extra.names[match.label]
        found.append((match, Hit(condition, "" if name == condition.name else name)))
    return found
