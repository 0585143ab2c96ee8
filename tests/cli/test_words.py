"""Commands use the terminal's language, if the program has it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.catalogues import make_language, use_folder

NO_NUMBER = "%(column)s is not a number."
HELP = "%(problem)s. See: %(command)s --help"
SOUND = "The area table is sound."


@pytest.mark.parametrize(
    ("terminal", "words"),
    [
        ("de_DE.UTF-8", ("lat ist keine Zahl.", "Hilfe: mapapp locate --help", "In Ordnung.")),
        ("fr_FR.UTF-8", ("lat is not a number.", "See: mapapp locate --help", SOUND)),
        ("C", ("lat is not a number.", "See: mapapp locate --help", SOUND)),
    ],
)
def test_words_and_errors_are_in_the_language_of_the_terminal(
    shell: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    terminal: str,
    words: tuple[str, str, str],
) -> None:
    use_folder(tmp_path, monkeypatch)
    german = {
        NO_NUMBER: "%(column)s ist keine Zahl.",
        HELP: "%(problem)s. Hilfe: %(command)s --help",
        SOUND: "In Ordnung.",
    }
    make_language("de", german, tmp_path)
    monkeypatch.setenv("LANGUAGE", terminal)
    refused, wrong, done = (
        shell("locate", "north", "1"),
        shell("locate", "1"),
        shell("areas", "verify"),
    )
    assert refused.stderr == f"mapapp: {words[0]}\n"
    assert wrong.stderr.rstrip().endswith(words[1])
    assert done.stdout.rstrip().endswith(words[2])
