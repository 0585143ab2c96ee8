"""The map page's two halves: the shell that Folium makes once, and the numbers of one condition."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas import COUNTRY, Areas
from mapapp.domain.counts import Totals, level_counts
from mapapp.maps.layers import Badges, Begin, Controls, Hash, Labels, Panel, ShadedAreas, Tip
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
LABEL_DIGITS = 3  # of degrees; a label point is no more exact than its area is large


@dataclass(frozen=True)
class Shell:
    """What is the same for every condition in one language.

    Attributes:
        html: the map's element.
        script: the set-up, to be served as a file of its own.
        version: hash of the script, for its address.
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
    """Let Folium generate the map.

    Args:
        areas: the area tree.
        names: of all countries, in the order of ``country_ids``, in the page's language.
        language: the page's language tag.
        words: what the scripts say.
        urls: addresses of the shape files.
    """
    world = folium.Map(location=[20, 5], zoom_start=1, tiles=None, zoom_control=False)
    world._id = "world"  # ids are random otherwise, and the page could not be cached
    world.options.update(MAP_OPTIONS)
    countries = {**columns(areas, country_ids(areas)), "names": list(names)}
    begin = Begin(language, words, urls, countries)
    drawn = (begin, ShadedAreas(), Badges(), Labels())
    for part in (*drawn, Tip(), Panel(), Controls(), Hash()):
        part.add_to(world)
    return _rendered(world)


def _rendered(world: folium.Map) -> Shell:
    """Take the element and the script; the header would fetch half the internet."""
    root: Any = world.get_root()
    root.render()
    script = root.script.render().strip().encode()
    return Shell(root.html.render().strip(), script, hashlib.sha256(script).hexdigest()[:12])


def country_ids(areas: Areas) -> NDArray[np.int64]:
    """Return the ids of all countries, ascending."""
    return np.flatnonzero(areas.level == COUNTRY).astype(np.int64)


def columns(areas: Areas, ids: NDArray[np.int64]) -> dict[str, list[Any]]:
    """Return what the map knows of areas, in columns: shorter than rows, and quicker to read."""
    return {
        "ids": ids.tolist(),
        "parents": np.asarray(areas.parent)[ids].tolist(),
        "codes": [str(areas.code[i]) for i in ids],
        "names": [str(areas.name[i]) for i in ids],
        "lat": _rounded(np.asarray(areas.lat)[ids]),
        "lng": _rounded(np.asarray(areas.lng)[ids]),
        "population": np.asarray(areas.population)[ids].tolist(),
        "across": [int(km) for km in np.ceil(np.asarray(areas.across_km)[ids])],
    }


def _rounded(degrees: NDArray[np.floating[Any]]) -> list[float]:
    return [round(float(value), LABEL_DIGITS) for value in degrees]


def scales(areas: Areas, totals: Totals) -> dict[str, Scale]:
    """Return the classes of a condition's map, by number and by rate, made for its countries."""
    ids, counts = level_counts(areas, totals, "country")
    rates = rates_of(counts, np.asarray(areas.population)[ids])
    most = int(counts.max()) if len(counts) else 1
    return {"number": number_scale(most), "rate": rate_scale(rates)}


def map_numbers(
    areas: Areas, totals: Totals, label: str, urls: Mapping[str, str]
) -> dict[str, Any]:
    """Return the one JSON of a condition's page.

    Args:
        areas: the area tree.
        totals: the condition's public numbers.
        label: what a screen reader calls the map.
        urls: addresses that differ between conditions.
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
