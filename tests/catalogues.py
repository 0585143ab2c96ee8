"""Catalogues for a test's own languages, compiled where the site looks for them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from mapapp import paths


def use_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the site look for its languages in ``folder``."""
    monkeypatch.setattr(paths, "TRANSLATIONS", folder)


def compile_catalogue(catalogue: Catalog, folder: Path) -> None:
    """Write ``catalogue`` into ``folder`` as the site reads it."""
    path = folder / str(catalogue.locale) / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def make_language(
    tag: str, words: Mapping[str | tuple[str, str], str | tuple[str, ...]], folder: Path
) -> None:
    """Compile a catalogue of ``words``: translations by message, or by (one, many)."""
    catalogue = Catalog(locale=tag)
    for message, translation in words.items():
        catalogue.add(message, translation)
    compile_catalogue(catalogue, folder)
