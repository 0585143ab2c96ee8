"""The list of faults, and that scripts/mutate reports the right outcome of each."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"

sys.path.insert(0, str(SCRIPTS))
from mutate_faults import changed_lines, read_faults, why_not  # noqa: E402

FAULTS = read_faults(SCRIPTS / "faults.toml")

CODE = """\
MOST = 3


def is_full(number: int) -> bool:
    return number >= MOST


def is_empty(number: int) -> bool:
    return number <= 0


def forever(number: int) -> int:
    while number > 9:
        number -= 1
    return number
"""
TESTS = """\
from mapapp.limits import forever, is_empty, is_full


def test_full():
    assert is_full(3)


def test_empty():
    assert is_empty(0)


def test_end():
    assert forever(11) == 9


def test_page():
    assert "<p>" in open("templates/page.html").read()
"""
LIST = """\
[[fault]]
id = "full-one-too-late"
why = "One more gets in."
file = "mapapp/limits.py"
old = "number >= MOST"
new = "number > MOST"

[[fault]]
id = "full-for-four"
why = "One more gets in, because of a number that no test executes."
file = "mapapp/limits.py"
old = "MOST = 3"
new = "MOST = 4"

[[fault]]
id = "empty-without-a-test"
why = "Nobody looks at less than nothing."
file = "mapapp/limits.py"
old = "number <= 0"
new = "number == 0"

[[fault]]
id = "empty-and-known"
why = "The same."
file = "mapapp/limits.py"
old = "number <= 0"
new = "number == 0"
survives = "Numbers are never negative."

[[fault]]
id = "never-ends"
why = "The page never comes."
file = "mapapp/limits.py"
old = "number -= 1"
new = "number += 1"

[[fault]]
id = "page-is-bare"
why = "The page has no paragraph."
file = "templates/page.html"
old = "<p>"
new = "<b>"
tests = ["tests/test_limits.py"]

[[fault]]
id = "gone"
why = "Its text was changed."
file = "mapapp/limits.py"
old = "number > MOST"
new = "number >= MOST"
"""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_can_still_be_planted(fault) -> None:
    assert why_not(fault, ROOT) == ""
    assert fault.why.endswith(".")


def test_there_are_many_and_all_over() -> None:
    assert len(FAULTS) >= 60
    folders = {fault.file.rpartition("/")[0] for fault in FAULTS}
    for floor in ("domain", "actions", "store", "maps", "web", "cli"):
        assert any(folder.startswith(f"mapapp/{floor}") for folder in folders)
    assert sum(fault.needs == "postgresql" for fault in FAULTS) >= 8
    assert sum(fault.needs == "browser" for fault in FAULTS) >= 8


@pytest.fixture
def project(tmp_path: Path) -> Path:
    tree = tmp_path / "project"
    for folder in ("mapapp", "tests", "templates"):
        (tree / folder).mkdir(parents=True)
    (tree / "mapapp" / "__init__.py").touch()
    (tree / "mapapp" / "limits.py").write_text(CODE)
    (tree / "tests" / "test_limits.py").write_text(TESTS)
    (tree / "templates" / "page.html").write_text("<p>Hello</p>\n")
    (tree / "faults.toml").write_text(LIST)
    return tree


# The many runs of tests within this one need few plugins, and loading all takes longer than a run.
FEW_PLUGINS = {
    **os.environ,
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "-p pytest_cov -p xdist",
}


def mutate(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPTS / "mutate.py"), "--tree", str(project)]
    command += ["--faults", str(project / "faults.toml"), "--kept", str(project.parent / "kept")]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, check=False, env=FEW_PLUGINS
    )


def outcomes(project: Path, *arguments: str) -> tuple[int, dict[str, list[str]]]:
    file = project.parent / "outcomes.json"
    done = mutate(project, "--patience", "4", "--json", str(file), *arguments)
    assert file.exists(), done.stderr
    return done.returncode, json.loads(file.read_text())


def test_each_outcome_is_told_and_the_tree_is_left_alone(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, found = outcomes(project)
    here = "tests/test_limits.py::"
    assert found == {
        "full-one-too-late": ["FOUND", f"{here}test_full"],
        "full-for-four": ["FOUND", f"{here}test_full"],
        "empty-without-a-test": ["SURVIVED", ""],
        "empty-and-known": ["SURVIVED, as the list says", "Numbers are never negative."],
        "never-ends": ["FOUND", f"{here}test_end, which never ends"],
        "page-is-bare": ["FOUND", f"{here}test_page"],
        "gone": ["DID NOT APPLY", "its text stands in mapapp/limits.py 0 times"],
    }
    assert code == 1
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    # What was learned is kept, and the run succeeds if only the accepted fault survives.
    code, found = outcomes(project, "full-*", "empty-and-known")
    assert (code, len(found)) == (0, 3)


def test_all_tests_or_only_those_of_the_list(project: Path) -> None:
    _code, found = outcomes(project, "--whole", "full-one*", "--jobs", "2")
    assert found["full-one-too-late"][0] == "FOUND"
    _code, found = outcomes(project, "--listed", "page-*", "full-for*")
    assert {name: word for name, (word, _by) in found.items()} == {
        "page-is-bare": "FOUND",
        "full-for-four": "SURVIVED",
    }


def test_a_test_that_always_fails_proves_nothing(project: Path) -> None:
    with (project / "tests" / "test_limits.py").open("a") as file:
        file.write("\n\ndef test_broken():\n    assert not is_full(9)\n")
    code, found = outcomes(project, "--whole", "empty-without*")
    assert code == 1
    assert found["empty-without-a-test"][0] == "UNSURE"


BY_CHANCE = """

def test_first_time():
    seen = pathlib.Path("seen")
    was_there = seen.exists()
    seen.touch()
    assert was_there
"""


def test_a_test_that_fails_by_chance_proves_nothing(project: Path) -> None:
    with (project / "tests" / "test_limits.py").open("a") as file:
        file.write(f"\n\nimport pathlib\n{BY_CHANCE}")
    _code, found = outcomes(project, "--whole", "empty-without*")
    assert found["empty-without-a-test"][0] == "SURVIVED"


def test_what_is_chosen_must_be_there(project: Path) -> None:
    done = mutate(project, "no-such-fault")
    assert done.returncode == 1
    assert "no-such-fault" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("return number >= MOST", "return number > MOST", {5}),
        ("while number > 9:", "while number > 8:", {13}),
        ("        number -= 1\n", "", {14}),
        ("MOST = 3", "MOST = 4", {1}),
    ],
)
def test_lines_that_a_fault_changes(old: str, new: str, expected: set[int]) -> None:
    assert changed_lines(CODE, CODE.replace(old, new)) == expected


def test_a_statement_over_several_lines_is_changed_as_one() -> None:
    before = "def act():\n    call(\n        1,\n        2,\n    )\n    return 3\n"
    assert changed_lines(before, before.replace("2,", "4,")) == {2, 3, 4, 5}
