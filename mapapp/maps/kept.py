"""The data inside a map that is kept as one file: what the scripts would fetch, by address."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas import Areas
from mapapp.domain.counts import Totals, level_counts
from mapapp.domain.shapes import shape_bytes
from mapapp.maps.page import columns
from mapapp.maps.topology import only_areas

LARGEST = 900_000  # characters of shapes beside the countries'

ONE_ANSWER = 2000
"""Up to this many people the scripts ask for a country's zones at once (``js/tree.js``)."""


def kept_data(
    areas: Areas, totals: Totals, urls: Mapping[str, str], counts_url: str
) -> dict[str, object]:
    """Return every answer that the map's scripts may ask for, by its address.

    The shapes of areas with people are put in, largest numbers first, until the file is large
    enough; where shapes are missing the badges still say all there is to say.
    """
    inside: dict[str, object] = {urls["countries"]: _topology("countries", 0)}
    inside |= _counts(areas, totals, counts_url)
    room = LARGEST
    for kind, level, above in (("regions", "region", "country"), ("zones", "zone", "region")):
        wanted = {int(i) for i in level_counts(areas, totals, level)[0]}
        for parent in _most_first(areas, totals, above):
            shapes = only_areas(_topology(kind, parent), wanted)
            room -= len(json.dumps(shapes, separators=(",", ":")))
            if room < 0:
                return inside
            if shapes["objects"]["areas"]["geometries"]:
                inside[urls[kind].replace("{id}", str(parent))] = shapes
    return inside


def _counts(areas: Areas, totals: Totals, url: str) -> dict[str, object]:
    made: dict[str, object] = {
        f"{url}?level=region&include=points": _answer(areas, totals, "region", 0)
    }
    for country in _most_first(areas, totals, "country"):
        for under in _asked_under(areas, totals, country):
            answer = _answer(areas, totals, "zone", under)
            made[f"{url}?level=zone&under={under}&include=points"] = answer
    return made


def _asked_under(areas: Areas, totals: Totals, country: int) -> list[int]:
    """Return the areas whose zones the scripts ask for in one go."""
    if totals.by_area[country] <= ONE_ANSWER:
        return [country]
    return [int(i) for i in level_counts(areas, totals, "region", country)[0]]


def _answer(areas: Areas, totals: Totals, level: str, under: int) -> dict[str, Any]:
    ids, people = level_counts(areas, totals, level, under)
    return {**columns(areas, ids), "counts": people.tolist()}


def _most_first(areas: Areas, totals: Totals, level: str) -> list[int]:
    ids, people = level_counts(areas, totals, level)
    order: NDArray[np.int64] = np.lexsort((ids, -people))
    return [int(i) for i in ids[order]]


def _topology(kind: str, area_id: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(shape_bytes(kind, area_id)))
    return found
