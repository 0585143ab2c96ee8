"""The map that notebooks show: a ``folium.Map`` with a shade and a tooltip for each area.

What stands in a tooltip are names of areas and numbers, never what people wrote. Even so nothing is
put in that could act: folium compiles what it has rendered as a template once more, and tooltips
take text for HTML. A site that somebody reads from may not be what it says it is.
"""

from typing import Any

import folium
import geopandas as gpd
from branca.colormap import StepColormap
from folium.features import GeoJsonTooltip

from mapapp.maps.palette import LIGHT, Scale, number_scale, rate_scale

PEOPLE, PER_MILLION = "people", "per_million"
TOLD_OF_AREAS = {
    "name": "Area",
    "code": "Code",
    "people": "On the map",
    "per_million": "Per million residents",
    "residents": "Residents",
    "estimate": "Only counted, about",
    "error": "give or take",
}
HARMLESS = " ,.-–"
EDGE = "#ffffff"


def notebook_map(frame: gpd.GeoDataFrame, title: str, by: str = PEOPLE) -> folium.Map:
    """Return the map of a frame of areas; it asks nobody for tiles.

    Args:
        frame: areas with outlines and the columns of ``TOLD_OF_AREAS``; some may be missing.
        title: what the legend says.
        by: the column that is shaded, ``people`` or ``per_million``.
    """
    values = frame[by].fillna(0).to_numpy(dtype=float)
    scale = number_scale(int(values.max(initial=0))) if by == PEOPLE else rate_scale(values)
    fields = [name for name in TOLD_OF_AREAS if name in frame]
    drawn = frame[[*fields, "geometry"]].copy()
    for name in fields:
        missing = frame[name].isna()
        told = ("–" if no else _told(one) for one, no in zip(frame[name], missing, strict=True))
        drawn[name] = [inert_text(text) for text in told]
    drawn["shade"] = [LIGHT[scale.shade(value)] for value in values]
    made = folium.Map(location=[20, 0], zoom_start=2, tiles=None)
    layer = folium.GeoJson(drawn, style_function=_style, name=inert_text(title))
    GeoJsonTooltip(fields=fields, aliases=[TOLD_OF_AREAS[name] for name in fields]).add_to(layer)
    layer.add_to(made)
    if scale.limits and values.any():
        _legend(scale, float(values.max()), title).add_to(made)
    return made


def inert_text(text: str) -> str:
    """Return text as HTML in which no character means anything to a template, script or parser."""
    return "".join(c if c.isalnum() or c in HARMLESS else f"&#{ord(c)};" for c in text)


def _told(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    shade = feature["properties"]["shade"]
    return {"fillColor": shade, "color": EDGE, "weight": 0.5, "fillOpacity": 1}


def _legend(scale: Scale, most: float, title: str) -> StepColormap:
    limits = [*scale.limits, max(most, scale.limits[-1]) * 1.001]
    colours = [LIGHT[shade] for shade in scale.shades]
    return StepColormap(colours, limits, limits[0], limits[-1], caption=inert_text(title))
