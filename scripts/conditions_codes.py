"""The codes of conditions elsewhere: which are a condition's own, and which only help the search.

Mondo's equivalences are one to one, but the copy that is read says of no cross-reference how close
it is. So a code is a condition's own only if Mondo gives it to no other condition, and gives the
condition no other code of that system. All others, and what the Disease Ontology says of its term
for the same condition, only lead there whoever types them.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mapapp.domain.conditions.codes import ONLY_SEARCH

_CODES = {
    "Orphanet": ("ORPHA", r"\d+"),
    "OMIM": ("OMIM", r"\d{6}"),
    "DOID": ("DOID", r"\d+"),
    "MESH": ("MESH", r"[CD]\d{6}(\d{3})?"),
    "ICD10CM": ("ICD10CM", r"[A-Z]\d[0-9A-Z]([.][0-9A-Z]{1,4}|-[A-Z]\d[0-9A-Z])?"),
    "GARD": ("GARD", r"\d+"),
}
"""By Mondo's namespace: our prefix, and what a code looks like. No SNOMED CT, no MedDRA."""
_FROM_DOID = {"MESH", "ICD10CM"}


def codes_by_condition(
    mondo: Sequence[Mapping[str, Any]], doid: Sequence[Mapping[str, Any]], kept: Iterable[str]
) -> dict[str, str]:
    """Return by condition its codes, separated by spaces; those only for the search marked."""
    # Counted over all of Mondo: a risk that is left out may be what a code really stands for.
    links = {f"MONDO:{term['id']}": _links(term, _CODES) for term in mondo}
    given = Counter(code for codes in links.values() for code in codes)
    related = {term["id"]: _links(term, _FROM_DOID) for term in doid}
    found = {}
    for condition in sorted(kept):
        codes = links.get(condition, [])
        in_system = Counter(_system(code) for code in codes)
        own = {code for code in codes if given[code] == 1 == in_system[_system(code)]}
        others = {other for code in own for other in related.get(code, ())} | set(codes)
        if others:
            marked = [*sorted(own), *(f"{ONLY_SEARCH}{code}" for code in sorted(others - own))]
            found[condition] = " ".join(marked)
    return found


def write_codes(path: Path, codes: Mapping[str, str]) -> int:
    """Write ``codes`` as gzipped JSON without times; return the size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(codes, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    return path.stat().st_size


def _links(term: Mapping[str, Any], wanted: Iterable[str]) -> list[str]:
    found = set()
    for link in term.get("xrefs", []):
        if link["namespace"] in wanted:
            system, looks = _CODES[link["namespace"]]
            if re.fullmatch(looks, link["id"]):
                found.add(f"{system}:{link['id']}")
    return sorted(found)


def _system(code: str) -> str:
    return code.partition(":")[0]
