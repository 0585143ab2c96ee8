"""JSON inside scripts, without a character that a template or parser could act on."""

import json
import re

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
