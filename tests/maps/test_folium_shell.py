"""What reaches Folium is inert, whatever it says."""

import json

import folium
import pytest

from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import DataError
from mapapp.maps.folium_shell import Call, generated, shell_json
from mapapp.maps.inert_json import inert_json
from mapapp.maps.page import SHELL_FILE, _generated, country_ids, make_shell

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


def test_the_map_that_is_kept_is_what_folium_generates():
    """If not, run scripts/build_shell.py and look at what has changed."""
    assert SHELL_FILE.read_text(encoding="utf-8") == shell_json()


def test_the_words_put_in_later_stand_where_folium_would_put_them():
    areas = load_areas()
    made = make_shell(areas, ["{{1}}"] * len(country_ids(areas)), "en", {"x": " ".join(EVIL)}, {})
    given = json.loads(made.script.partition(b"mapapp.begin(map_world, ")[2].partition(b");\n")[0])
    assert given["words"]["x"] == " ".join(EVIL)
    assert generated(given) == {"html": made.html, "script": made.script.decode()}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"html": "", "script": "mapapp.start();"}'])
def test_a_damaged_map_is_said_to_be_damaged(tmp_path, monkeypatch, text):
    (tmp_path / "shell.json").write_text(text)
    monkeypatch.setattr("mapapp.maps.page.SHELL_FILE", tmp_path / "shell.json")
    _generated.cache_clear()
    with pytest.raises(DataError, match="The map is missing or damaged"):
        make_shell(load_areas(), [], "en", {}, {})
    _generated.cache_clear()
