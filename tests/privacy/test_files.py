"""A site's files are for its operator alone: other users of the machine cannot read them."""

import stat
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from mapapp.settings import load_settings


def _is_closed(path: Path) -> bool:
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_the_folder_of_a_new_site_is_closed(shell: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "somewhere" / "site"
    made = shell("init", MAPAPP_INSTANCE=str(folder), MAPAPP_DATABASE_URL="")
    assert made.exit_code == 0, made.output
    assert _is_closed(folder)
    assert (folder / "mapapp.sqlite").exists()


def test_the_folder_made_for_the_key_is_closed(tmp_path: Path) -> None:
    settings = load_settings(instance=tmp_path / "site", secret_key="")
    assert len(settings.secret) > 32
    assert _is_closed(settings.instance)
    assert _is_closed(settings.instance / "secret_key")
