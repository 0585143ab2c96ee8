"""What reaches Folium is inert, whatever it says."""

import json

import folium
import pytest

from mapapp.maps.layers import Call, inert_json

EVIL = [
    "{{7*1910191}}",
    "${alert(1)}",
    "</script>",
    "{% raw %}",
    "{#",
    "\u2028",
    "`",
    "\\u007b{",
    '"',
]


@pytest.mark.parametrize("text", EVIL)
def test_json_keeps_the_text_and_no_sign_of_it(text):
    written = inert_json({"a": [text]})
    assert json.loads(written) == {"a": [text]}
    assert not any(sign in written[5:-2] for sign in ("{", "}", "$", "<", "`", "\u2028"))


def test_folium_runs_nothing_of_what_it_is_given():
    world = folium.Map(tiles=None)
    Call("begin", {"words": {"x": " ".join(EVIL)}}).add_to(world)
    root = world.get_root()
    root.render()
    script = root.script.render()
    assert "13371337" not in script
    assert "</script" not in script
    assert "${" not in script
