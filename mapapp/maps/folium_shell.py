"""The map as Folium generates it, before a site's words and addresses are put in.

``scripts/build_shell.py`` keeps the result in ``data/map``. No process of the site imports this
file: Folium brings pandas along, which would cost each of them a second and 60 MB.

The script of each part is one call to a function of ours in ``web/static/js``. Folium's own layers
are not used, because they compile their input as templates: nothing that people wrote may come near
them (docs/architecture.md).
"""

import json
from collections.abc import Mapping
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from mapapp.maps.inert_json import inert_json

MAP_OPTIONS: dict[str, Any] = {
    "attributionControl": False,  # the credits page names the sources
    "minZoom": 0,
    "maxZoom": 11,
    "zoomSnap": 0.25,
    "zoomDelta": 0.75,
    "wheelPxPerZoomLevel": 90,
    # In the east to the Americas, across the Pacific; from north to south about the same middle as
    # the drawn world has, because a map that is higher than these bounds stays in their middle.
    "maxBounds": [[-78, -230], [85, 330]],
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


class Call(MacroElement):
    """A call to ``mapapp.<function>(map, config)`` once the map exists."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        mapapp.{{ this.function }}({{ this._parent.get_name() }}, {{ this.config_json }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, config: Mapping[str, Any] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = function.capitalize()
        self._id = "part"
        self.function = function
        self.config_json = inert_json(dict(config or {}))


def generated(config: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the map's element and its script, with ``config`` for ``begin``.

    The header is left out: it would load from other sites.
    """
    world = folium.Map(location=[20, 5], zoom_start=1, tiles=None, zoom_control=False)
    world._id = "world"  # Folium's ids are random, and would keep the page from being cached
    world.options.update(MAP_OPTIONS)
    for part in (Call("begin", config), *map(Call, PARTS)):
        part.add_to(world)
    root: Any = world.get_root()
    root.render()
    return {"html": root.html.render().strip(), "script": root.script.render().strip()}


def shell_json() -> str:
    """Return what ``data/map/shell.json`` holds."""
    return json.dumps(generated(), indent=1) + "\n"
