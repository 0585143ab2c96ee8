"""Styles and scripts as pages load them: joined, without comments, a file for each kind of page.

The sources stay apart and readable. Nothing is built ahead: joining takes a few milliseconds at the
start of a process.
"""

import re
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from xstatic.pkg import leaflet

from mapapp.maps.bundle import bundle
from mapapp.paths import STATIC

LEAFLET = Path(leaflet.BASE_DIR)
MAP_SHEETS = (
    "map-drawing",
    "map-controls",
    "map-legend",
    "map-panel",
    "map",
    "map-world",
    "map-low",
    "map-own",
)
STYLES = {
    "site": ("tokens", "base", "frame", "header", "components", "forms", "tables", "pages"),
    "map": MAP_SHEETS,
    "place": ("map-drawing", "map-controls", "map", "place"),
    "compare": ("shades", "compare"),
    "statistics": ("bars", "shades", "choropleth", "statistics"),
    "treatments": ("bars", "treatments"),
}
SCRIPTS = {
    "site": ("leave", "suggest", "frame"),
    "map": ("map", "own"),
    "place": ("place",),
    "passkeys": ("passkeys",),
    "share": ("share",),
    "look-again": ("look-again",),
}
ON_LEAFLET = {"map", "place"}
"""The bundles that begin with Leaflet."""


def bundles() -> dict[str, bytes]:
    """Return all bundles by their names, such as ``bundles/map.js``."""
    styles = {f"bundles/{name}.css": _style(name).encode() for name in STYLES}
    scripts = {f"bundles/{name}.js": _script(name).encode() for name in SCRIPTS}
    return {**styles, **scripts}


def leaflet_script() -> str:
    """Return Leaflet as its package has it, small already, but for a pointer to its sources."""
    text = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.M).strip() + "\n"


def leaflet_style() -> str:
    """Return Leaflet's style sheet without pictures, of controls that the maps do not have."""
    text = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    return text.replace("url(images/", "url(data:,")


def _style(name: str) -> str:
    sheets = [(STATIC / "css" / f"{sheet}.css").read_text("utf-8") for sheet in STYLES[name]]
    return str(cssmin("\n".join([leaflet_style() if name in ON_LEAFLET else "", *sheets])))


def _script(name: str) -> str:
    ours = str(jsmin(bundle(STATIC / "js", *SCRIPTS[name])))
    return (leaflet_script() if name in ON_LEAFLET else "") + ours
