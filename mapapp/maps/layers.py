"""The map's parts, as Folium elements.

The script of each is one call to a function of ours in ``web/static/js``, with JSON. Folium's own
layers are not used, because they compile their input as templates: nothing that people wrote may
come near them (docs/architecture.md).
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
"""Characters with a meaning in Jinja, HTML or JavaScript's template strings."""


def inert_json(value: object) -> str:
    """Return JSON whose strings hold no character that a template or parser could act on."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return STRING.sub(lambda match: "".join(INERT.get(c, c) for c in match.group()), text)


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
