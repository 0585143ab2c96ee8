"""The commands that import and export answers."""

from pathlib import Path

import pytest

from mapapp.domain.knowledge.editorial_file import write_content
from tests.domain.knowledge.test_editorial_file import GOOD


def test_in_out_and_in_again(shell, tmp_path: Path) -> None:
    made = shell("content", "import")
    assert made.exit_code == 0, made.output
    assert " new answers, 0 changed, 0 unchanged." in made.output
    out = tmp_path / "out"
    assert shell("content", "export", str(out)).exit_code == 0
    assert (out / "dystonia" / "treatments.md").is_file()
    again = shell("content", "import", str(out))
    assert "0 new answers, 0 changed" in again.output


def test_init_leaves_alone_what_the_site_brought_in_itself(shell, tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert shell("content", "import").exit_code == 0
    assert shell("content", "export", str(own)).exit_code == 0
    file = own / "dystonia" / "treatments.md"
    written = file.read_text(encoding="utf-8").rstrip() + " Our own words.\n"
    file.write_text(written, encoding="utf-8")
    assert " 1 changed" in shell("content", "import", str(own)).output
    assert shell("init").exit_code == 0
    ships = shell("content", "import")
    assert "1 left alone" in ships.output
    assert "left alone: dystonia/treatments.md" in ships.output
    assert shell("content", "export", str(tmp_path / "out")).exit_code == 0
    out = tmp_path / "out" / "dystonia" / "treatments.md"
    assert out.read_text(encoding="utf-8") == written


@pytest.mark.both
def test_a_bad_file_is_one_line_and_changes_nothing(shell, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "dystonia"
    folder.mkdir(parents=True)
    (folder / "diet.md").write_text(write_content(GOOD), encoding="utf-8")
    (folder / "sleep.md").write_text("nonsense", encoding="utf-8")
    failed = shell("content", "import", str(tmp_path / "in"))
    assert failed.exit_code == 2
    assert failed.output.count("\n") == 1
    assert "dystonia/sleep.md" in failed.output
    out = tmp_path / "out"
    assert "0 answers" in shell("content", "export", str(out)).output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('names = ["Äpfel", "Rest"]'.encode("utf-16"), "2 treatments added"),
        ('names = ["Äpfel", "Rest"]'.encode("utf-8-sig"), "2 treatments added"),
        ('names = ["Äpfel"]'.encode("cp1252"), "dystonia/treatments.toml: write names"),
        (b"names = [", "dystonia/treatments.toml: write names"),
        (b'names = ["Go to evil.xyz"]', "dystonia/treatments.toml: Write only the name"),
    ],
)
def test_a_list_of_treatments_is_read_or_named(
    shell, tmp_path: Path, content: bytes, words: str
) -> None:
    folder = tmp_path / "in" / "dystonia"
    folder.mkdir(parents=True)
    (folder / "diet.md").write_text(write_content(GOOD), encoding="utf-8")
    (folder / "treatments.toml").write_bytes(content)
    assert words in shell("content", "import", str(tmp_path / "in")).output
