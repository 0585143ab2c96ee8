"""The two halves of a map page: the shell, which Folium makes once, and a condition's numbers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import COUNTRY, Areas
from mapapp.domain.published.counts import Totals, level_counts
from mapapp.maps.area_columns import columns
from mapapp.maps.layers import Call
from mapapp.maps.palette import Scale, number_scale, rate_scale, rates_of

MAP_OPTIONS: dict[str, Any] = {
    "attributionControl": False,  # the credits page names the sources
    "minZoom": 0,
    "maxZoom": 11,
    "zoomSnap": 0.25,
    "zoomDelta": 0.75,
    "wheelPxPerZoomLevel": 90,
    "maxBounds": [[-85, -230], [85, 230]],
    "maxBoundsViscosity": 0.7,
}

PARTS = (
    "areas",  # countries, and the regions of those that were split, shaded by number or rate
    "badges",  # a round badge with the number for each area, splitting on zooming in
    "labels",  # quiet names of countries, regions and towns, where badges leave room
    "tip",  # the small label beside what is pointed at
    "panel",  # name, numbers, parts and listed people of the area that was chosen
    "controls",  # zoom, whole world, full screen, near me, and the switch of number and rate
    "hash",  # place and zoom in the address
)
"""What the map is made of after ``begin``, which reads the page's numbers and the countries."""


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
    """Return the map that Folium generates.

    Args:
        areas: the area tree.
        names: all countries' names in the page's language, in the order of ``country_ids``.
        language: the page's language tag.
        words: the texts that the scripts show.
        urls: URLs of the shape files.
    """
    world = folium.Map(location=[20, 5], zoom_start=1, tiles=None, zoom_control=False)
    world._id = "world"  # Folium's ids are random, and would keep the page from being cached
    world.options.update(MAP_OPTIONS)
    countries = {**columns(areas, country_ids(areas)), "names": list(names)}
    given = {"language": language, "words": words, "urls": urls, "countries": countries}
    for part in (Call("begin", given), *map(Call, PARTS)):
        part.add_to(world)
    return _rendered(world)


def _rendered(world: folium.Map) -> Shell:
    """Return the element and the script without the header, which would load from other sites."""
    root: Any = world.get_root()
    root.render()
    script = root.script.render().strip().encode()
    return Shell(root.html.render().strip(), script, hashlib.sha256(script).hexdigest()[:12])


def country_ids(areas: Areas) -> NDArray[np.int64]:
    """Return the ids of all countries, ascending."""
    return np.flatnonzero(areas.level == COUNTRY).astype(np.int64)


def scales(areas: Areas, totals: Totals) -> dict[str, Scale]:
    """Return the two scales of a condition's map, by number and by rate, from its countries."""
    ids, counts = level_counts(areas, totals, "country")
    rates = rates_of(counts, told_residents(areas)[ids])
    most = int(counts.max()) if len(counts) else 1
    return {"number": number_scale(most), "rate": rate_scale(rates)}


def map_numbers(
    areas: Areas, totals: Totals, label: str, urls: Mapping[str, str]
) -> dict[str, Any]:
    """Return the JSON in the page of a condition's map.

    Args:
        areas: the area tree.
        totals: the condition's public numbers.
        label: the map's accessible name.
        urls: URLs that differ between conditions.
    """
    ids, counts = level_counts(areas, totals, "country")
    return {
        "total": totals.everywhere,
        "ids": ids.tolist(),
        "counts": counts.tolist(),
        "label": label,
        "scales": {
            key: {"limits": scale.limits, "shades": scale.shades}
            for key, scale in scales(areas, totals).items()
        },
        "urls": dict(urls),
    }
