"""The data inside a map saved as one file: what the scripts would fetch, by URL."""

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.maps.area_columns import columns
from mapapp.maps.topology import only_areas

LARGEST_KEPT = 900_000  # characters of shapes, not counting the countries

_ARCS = ',"arcs":[[['

ONE_ANSWER = 2000
"""The scripts fetch a country's zones at once up to this many people (``js/tree.js``)."""


def kept_data(areas: Areas, totals: Totals, urls: Mapping[str, str], counts_url: str) -> Markup:
    """Return the responses that the map's scripts may fetch, by URL, as JSON for a script element.

    Shapes of areas with people are added, most people first, until the size limit is reached.
    Where shapes are missing, the badges still show every number.
    """
    inside = {urls["countries"]: _json(_topology("countries", 0))}
    inside |= {url: htmlsafe_json_dumps(one) for url, one in _counts(areas, totals, counts_url)}
    inside |= _shapes(areas, totals, urls)
    pairs = (f"{htmlsafe_json_dumps(url)}:{answer}" for url, answer in inside.items())
    return Markup("{" + ",".join(pairs) + "}")  # noqa: S704 (each piece is safe)


def _shapes(areas: Areas, totals: Totals, urls: Mapping[str, str]) -> dict[str, Markup]:
    inside: dict[str, Markup] = {}
    room = LARGEST_KEPT
    for kind, level, above in (("regions", "region", "country"), ("zones", "zone", "region")):
        wanted = {int(i) for i in level_counts(areas, totals, level)[0]}
        for parent in _most_first(areas, totals, above):
            shapes = only_areas(_topology(kind, parent), wanted)
            if not shapes["objects"]["areas"]["geometries"]:
                continue
            made = _json(shapes)
            room -= len(made)
            if room < 0:
                return inside
            inside[urls[kind].replace("{id}", str(parent))] = made
    return inside


def _counts(areas: Areas, totals: Totals, url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield f"{url}?level=region&include=points", _answer(areas, totals, "region", 0)
    for country in _most_first(areas, totals, "country"):
        for under in _asked_under(areas, totals, country):
            answer = _answer(areas, totals, "zone", under)
            yield f"{url}?level=zone&under={under}&include=points", answer


def _asked_under(areas: Areas, totals: Totals, country: int) -> list[int]:
    """Return the areas whose zones the scripts fetch in one request."""
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
    """Return a file of shapes with each arc as the JSON it is: to read all takes seconds."""
    text = gzip.decompress(shape_bytes(kind, area_id)).decode()
    rest, mark, arcs = text.rpartition(_ARCS)
    if not mark:  # nothing in it
        return dict(json.loads(text))
    # Arcs stand last, are lists of pairs of numbers, and have no spaces: the build script says so.
    return {**json.loads(rest + "}"), "arcs": arcs.removesuffix("]]]}").split("]],[[")}


def _json(topology: Mapping[str, Any]) -> Markup:
    rest = str(htmlsafe_json_dumps({**topology, "arcs": None}, separators=(",", ":")))
    arcs = ",".join(f"[[{arc}]]" for arc in topology["arcs"])
    return Markup(rest.replace('"arcs":null', f'"arcs":[{arcs}]'))  # noqa: S704 (numbers alone)
