"""A site with the code of one checkout, in this process, with controlled randomness."""

import hashlib
import io
import os
import random
import shutil
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

SETTINGS = {
    "SECRET_KEY": "a secret of two sites that are compared",
    "ADDRESS_KEY": "another secret of two sites that are compared",
    "BASE_URL": "http://localhost:8000",
    "DEV": "1",
}


def use_checkout(checkout: Path, folder: Path) -> None:
    """Import ``mapapp`` from ``checkout``, with our own settings and controlled randomness."""
    for name in [name for name in os.environ if name.startswith("MAPAPP_")]:
        del os.environ[name]
    os.environ.update({f"MAPAPP_{name}": value for name, value in SETTINGS.items()})
    os.environ["MAPAPP_INSTANCE"] = str(folder / "instance")
    os.chdir(folder)
    sys.path.insert(0, str(checkout))
    import mapapp

    if Path(str(mapapp.__file__)).parents[1] != checkout:
        raise SystemExit(f"{mapapp.__file__} is not the code of {checkout}.")
    _settle_chance()


def _settle_chance() -> None:
    """Make random bytes, and so ids and the order they give, the same in each walk.

    Each length has its own sequence: if one checkout draws one more token, ids stay the same.
    """
    drawn: Counter[int] = Counter()

    def _urandom(size: int) -> bytes:
        drawn[size] += 1
        return hashlib.shake_256(f"{size} {drawn[size]}".encode()).digest(size)

    os.urandom = _urandom
    random._urandom = _urandom  # type: ignore[attr-defined]  # what `secrets` draws from


def make_site(folder: Path, ready: Path | None) -> None:
    """Create a site with invented people in ``folder``, or copy the instance folder ``ready``."""
    if ready is not None:
        shutil.copytree(ready, folder / "instance")
        return
    command("init")
    command("demo")


def command(*arguments: str) -> None:
    """Run ``mapapp`` as in a shell, without output."""
    from mapapp.cli import mapapp

    with redirect_stdout(io.StringIO()):
        mapapp(list(arguments), standalone_mode=False)
