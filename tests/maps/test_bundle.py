"""Modules bundled into one script."""

import pytest

from mapapp.maps.bundle import bundle
from mapapp.paths import STATIC


def write(folder, **modules):
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")


def test_what_is_needed_comes_first(tmp_path):
    write(
        tmp_path,
        a='import { two } from "./b.js";\nwindow.x = two();\n',
        b="const hidden = 1;\nexport function two() {\n  return hidden + 1;\n}\n",
    )
    made = bundle(tmp_path, "a")
    assert made.index("in_b") < made.index("in_a")
    assert "return { two };" in made
    assert "const { two } = in_b;" in made


def test_a_circle_is_refused(tmp_path):
    write(tmp_path, a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match="a > b > a"):
        bundle(tmp_path, "a")


def test_other_forms_are_refused(tmp_path):
    write(tmp_path, a="export default 1;\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle(tmp_path, "a")


def test_another_name_is_refused(tmp_path):
    write(tmp_path, a='import { b as c } from "./b.js";\nc();\n', b="export function b() {}\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle(tmp_path, "a")


def test_our_map_can_be_bundled():
    assert "window.mapapp =" in bundle(STATIC / "js", "map")
