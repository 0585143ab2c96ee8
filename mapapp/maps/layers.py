"""The map's elements, as Folium knows elements.

Each one's script is a single call of a function of ours with JSON; what happens then is in
``web/static/js``. Folium's own layers are not used, because they compile what they are given as
templates: nothing that people wrote may come near (docs/architecture.md).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from branca.element import MacroElement
from folium.template import Template

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
INERT = {
    character: f"\\u{ord(character):04x}"
    for character in ("{", "}", "$", "<", ">", "&", "`", "#", "\u2028", "\u2029")
}
"""Characters that mean something to Jinja, to HTML or to a template string of JavaScript."""


def inert_json(value: object) -> str:
    """Return JSON whose strings hold no character that any template or parser could act on."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return STRING.sub(lambda match: "".join(INERT.get(c, c) for c in match.group()), text)


class Call(MacroElement):
    """A call of ``mapapp.<function>(map, config)`` when the map was made."""

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


class Begin(Call):
    """Reads the page's numbers and the world's areas; everything else builds on it."""

    def __init__(
        self,
        language: str,
        words: Mapping[str, Any],
        urls: Mapping[str, str],
        countries: Mapping[str, Any],
    ) -> None:
        super().__init__(
            "begin",
            {
                "language": language,
                "words": dict(words),
                "urls": dict(urls),
                "countries": dict(countries),
            },
        )


class ShadedAreas(Call):
    """Countries, and the regions of those that were split, shaded by number or rate."""

    def __init__(self) -> None:
        super().__init__("areas")


class Badges(Call):
    """A round badge with the number for each area, splitting on zooming in."""

    def __init__(self) -> None:
        super().__init__("badges")


class Labels(Call):
    """Quiet names of countries, regions and towns, where badges leave room."""

    def __init__(self) -> None:
        super().__init__("labels")


class Tip(Call):
    """The small label beside what is pointed at."""

    def __init__(self) -> None:
        super().__init__("tip")


class Panel(Call):
    """Name, numbers, parts and listed people of the area that was chosen."""

    def __init__(self) -> None:
        super().__init__("panel")


class Controls(Call):
    """Zoom, whole world, full screen, near me, and the switch between number and rate."""

    def __init__(self) -> None:
        super().__init__("controls")


class Hash(Call):
    """Place and zoom in the address."""

    def __init__(self) -> None:
        super().__init__("hash")
