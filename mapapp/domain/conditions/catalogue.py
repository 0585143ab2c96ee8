"""The catalogue of conditions that comes with the program, and the search in it.

Names and codes from the Mondo Disease Ontology, CC BY 4.0, changed (see data/SOURCES.md); everyday
names are the project's own.
"""

import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
_CODE = re.compile(r"\s*(mondo|local|orpha|orphanet|omim|mim|gard|doid)[\s:_#-]*(\d{1,9})\s*")
_NONE: Mapping[str, str] = MappingProxyType({})
_SPACES = {"orphanet": "orpha", "mim": "omim"}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One condition.

    Attributes:
        code: "MONDO:nnnnnnn", or "LOCAL:nnnn" for those that Mondo does not have.
        slug: its part of an address.
        name: the English name that pages show.
        names: all names, the shown one first.
        orpha: its number at Orphanet, or 0.
        ids: further identifiers such as "OMIM:128100", for links out.
        group: key of its group.
        translations: by language code, the name to show in that language, where one is known.
    """

    code: str
    slug: str
    name: str
    names: tuple[str, ...] = ()
    orpha: int = 0
    ids: tuple[str, ...] = ()
    group: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A condition that was found, and the name that matched ("" for the name that is shown)."""

    condition: CatalogueEntry
    matched: str


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

    @cached_property
    def _by_identifier(self) -> dict[str, list[int]]:
        # Few people search by code, so the table is made for the first who does.
        return _identifiers(self.conditions)

    def by_identifier(self, text: str) -> tuple[CatalogueEntry, ...]:
        """Return the conditions that ``text`` names by a code such as "orpha 256", or none."""
        found = _CODE.fullmatch(text.casefold())
        if not found:
            return ()
        space = _SPACES.get(found[1], found[1]).upper()
        places = self._by_identifier.get(f"{space}:{found[2].lstrip('0')}", [])
        return tuple(self.conditions[place] for place in places)

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
        orpha=entry["orpha"],
        ids=tuple(entry["ids"]),
        group=entry["group"],
        translations=entry.get("translations", _NONE),
    )


def _identifiers(conditions: Iterable[CatalogueEntry]) -> dict[str, list[int]]:
    """Return the positions of each identifier, written without leading zeros."""
    found: dict[str, list[int]] = {}
    for place, condition in enumerate(conditions):
        orpha = (f"ORPHA:{condition.orpha}",) if condition.orpha else ()
        for identifier in (condition.code, *orpha, *condition.ids):
            space, _, number = identifier.partition(":")
            found.setdefault(f"{space}:{number.lstrip('0')}", []).append(place)
    return found


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


@lru_cache(maxsize=1)
def orphanet_codes() -> dict[str, str]:
    """Return Orphanet's codes by ours; in a third of the time of ``load_catalogue``.

    Raises:
        DataError: if the file is missing or damaged.
    """
    with _told_if_damaged():
        entries = _rows(CATALOGUE)["conditions"]
        return {one["code"]: f"ORPHA:{one['orpha']}" for one in entries if one["orpha"]}


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
    named = catalogue.by_identifier(query)
    changed = {condition.code: condition for condition in extra.conditions} if extra else {}
    if named:
        query = ""  # a code means what it says; names like it would only confuse
    ranked = _found(catalogue, query, limit, {*hidden, *changed})
    if extra:
        ranked += _found_in_overlay(extra, query, limit)
        ranked.sort(key=lambda pair: -pair[0])
    hits = [Hit(changed.get(condition.code, condition), "") for condition in named]
    hits += [hit for _, hit in ranked]
    return [hit for hit in hits if hit.condition.code not in hidden][:limit]


def _found(
    catalogue: Catalogue, query: str, limit: int, without: Set[str]
) -> list[tuple[float, Hit]]:
    allowed = None
    if without:
        allowed = np.ones(len(catalogue.conditions), dtype=np.bool_)
        allowed[[catalogue.place[code] for code in without if code in catalogue.place]] = False
    matches = catalogue.index.search(query, limit, allowed)
    return [(match.score, catalogue.hit(match)) for match in matches]


def _found_in_overlay(extra: Overlay, query: str, limit: int) -> list[tuple[float, Hit]]:
    found = []
    for match in extra.index.search(query, limit):
        condition = extra.conditions[match.owner]
        name = extra.names[match.label]
        found.append((match.score, Hit(condition, "" if name == condition.name else name)))
    return found
