"""The wheel works in a bare folder: program, templates and data are all inside."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]

OPEN_THE_MAP = """
from mapapp.app import create_app
from mapapp.paths import DATA, TEMPLATES
from mapapp.settings import load_settings

assert str(DATA).startswith(r"{folder}"), DATA
assert str(TEMPLATES).startswith(r"{folder}"), TEMPLATES
visitor = create_app(load_settings()).test_client()
for path in ("/", "/readyz", "/conditions/dystonia", "/conditions/dystonia/map", "/credits"):
    answer = visitor.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the files that git would track, so that nothing stray gets in."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=TOP, check=True, capture_output=True).stdout
    for name in names.decode().split("\0"):
        if name and (TOP / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((TOP / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    subprocess.run(
        [*command, "--no-build-isolation", "--no-index", "-w", str(target), str(source)],
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("mapapp-*.whl")
    return built


def test_the_wheel_opens_the_map_from_a_bare_folder(wheel: Path, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("MAPAPP_", "PYTHON"))}
    variables["PYTHONPATH"] = str(folder)

    def _run(code: str, *arguments: str) -> str:
        command = [sys.executable, "-P", "-c", code, *arguments]
        done = subprocess.run(
            command, cwd=elsewhere, env=variables, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    shell = "from mapapp.cli import main; main()"
    assert "Ready" in _run(shell, "init")
    assert "DE" in _run(shell, "locate", "48.137", "11.575")
    _run(OPEN_THE_MAP.format(folder=folder))


def test_every_package_and_every_file_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    folders = {"mapapp": "mapapp", "templates": "mapapp/templates", "data": "mapapp/data"}
    for folder, target in folders.items():
        for path in (TOP / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                expected = f"{target}/{path.relative_to(TOP / folder).as_posix()}"
                assert expected in inside, expected
    assert not any(name.startswith("tests/") for name in inside)


def test_the_wheel_tells_type_checkers_of_its_hints(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert "mapapp/py.typed" in archive.namelist()
