"""Files are written whole or not at all, and only what is a file is written or read."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mapapp import whole_files

Shell = Callable[..., Result]
EXPORT = ("export", "--condition", "dystonia", "--level", "country", "--format", "csv", "-o")


def _fill_disk(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the disk be full for the ``number``-th file that is written."""
    written: list[int] = []

    def _fsync(_file: int) -> None:
        written.append(1)
        if len(written) == number:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", _fsync)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("has_files", [True, False])
def test_a_full_disk_leaves_the_files_that_were_there(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, has_files: bool
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert shell("init").exit_code == 0
    target = folder / "numbers.csv"
    if has_files:
        target.write_text("old numbers")
        (folder / "numbers.csv.codebook.md").write_text("old words")
    before = _files(folder)
    _fill_disk(monkeypatch, number)
    failed = shell(*EXPORT, str(target))
    assert failed.exit_code == 1
    assert "numbers.csv" in failed.stderr
    assert "No space left on device" in failed.stderr
    assert _files(folder) == before
    monkeypatch.undo()
    assert shell(*EXPORT, str(target)).exit_code == 0
    assert len(_files(folder)) == 2


def test_a_full_disk_leaves_the_answers_that_were_there(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell("content", "import").exit_code == 0
    assert shell("content", "export", str(tmp_path / "out")).exit_code == 0
    before = _files(tmp_path / "out")
    _fill_disk(monkeypatch, 3)
    failed = shell("content", "export", str(tmp_path / "out"))
    assert failed.exit_code == 1
    assert ".md: No space left" in failed.stderr
    assert _files(tmp_path / "out") == before


def test_a_link_and_its_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    whole_files.put_files({link: b"new"})
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["-", "/dev/null", "-x.csv", "taken"])
def test_an_export_goes_into_a_file(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "taken.codebook.md").mkdir()
    monkeypatch.chdir(tmp_path)
    refused = shell(*EXPORT, name)
    assert refused.exit_code == 2
    assert "Give the name of a file, such as numbers.csv." in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not _files(tmp_path)
    assert not Path("/dev/null.codebook.md").exists()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("people.csv", ("import", "--condition", "dystonia")),
        ("people.geojson", ("import", "--condition", "dystonia", "--check")),
        ("people.csv", ("locate", "--file")),
        ("dystonia/diet.md", ("content", "import")),
    ],
)
def test_a_named_pipe_is_refused_and_not_waited_for(
    shell: Shell, tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    given = path.parent.parent if arguments[0] == "content" else path
    refused = shell(*arguments, str(given))
    assert refused.exit_code == 2
    assert "This is no regular file." in refused.stderr
