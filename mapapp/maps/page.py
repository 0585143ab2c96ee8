"""The two halves of a map page: the shell, which Folium generated, and a condition's numbers."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import COUNTRY, Areas
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.domain.published.rates import RATE_FROM
from mapapp.errors import N_, DataError
from mapapp.maps.area_columns import columns
from mapapp.maps.inert_json import inert_json
from mapapp.maps.palette import Scale
from mapapp.paths import DATA

SHELL_FILE = DATA / "map" / "shell.json"
NO_SHELL = N_("The map is missing or damaged. Install the program again.")
BEGIN = "mapapp.begin(map_world, %s);"


@dataclass(frozen=True)
class Shell:
    """What the maps of all conditions share in one language.

    Attributes:
        html: the map's element.
        script: the set-up script, served as a separate file.
        version: hash of the script, for its URL.
    """

    html: str
    script: bytes
    version: str


def make_shell(
    areas: Areas,
    names: Sequence[str],
    language: str,
    words: Mapping[str, Any],
    urls: Mapping[str, str],
) -> Shell:
    """Return the map that Folium generated, with what it shows in one language.

    Args:
        areas: the area tree.
        names: all countries' names in the page's language, in the order of ``country_ids``.
        language: the page's language tag.
        words: the texts that the scripts show.
        urls: URLs of the shape files.

    Raises:
        DataError: when the file is missing or damaged.
    """
    countries = {**columns(areas, country_ids(areas)), "names": list(names)}
    given = {"language": language, "words": words, "urls": urls, "countries": countries}
    html, before, after = _generated()
    script = f"{before}{BEGIN % inert_json(given)}{after}".encode()
    return Shell(html, script, hashlib.sha256(script).hexdigest()[:12])


@lru_cache(maxsize=1)
def _generated() -> tuple[str, str, str]:
    """Return the element, and the script before and after the call that is given the words."""
    try:
        found = json.loads(SHELL_FILE.read_bytes())
        before, mark, after = found["script"].partition(BEGIN % "{}")
        html = found["html"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(NO_SHELL) from error
    if not mark:
        raise DataError(NO_SHELL)
    return html, before, after


def country_ids(areas: Areas) -> NDArray[np.int64]:
    """Return the ids of all countries, ascending."""
    return np.flatnonzero(areas.level == COUNTRY).astype(np.int64)


def map_numbers(
    areas: Areas,
    totals: Totals,
    scales: Mapping[str, Scale],
    label: str,
    urls: Mapping[str, str],
) -> dict[str, Any]:
    """Return the JSON in the page of a condition's map.

    Args:
        areas: the area tree.
        totals: the condition's public numbers.
        scales: of these, as ``shading.scales`` makes them.
        label: the map's accessible name.
        urls: URLs that differ between conditions.
    """
    ids, counts = level_counts(areas, totals, "country")
    return {
        "total": totals.everywhere,
        "ids": ids.tolist(),
        "counts": counts.tolist(),
        "label": label,
        "rateFrom": RATE_FROM,
        "scales": {
            key: {"limits": scale.limits, "shades": scale.shades} for key, scale in scales.items()
        },
        "urls": dict(urls),
    }
