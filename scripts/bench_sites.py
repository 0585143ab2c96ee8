"""Sites for measuring: copies of them, new ones, and what readers of one wait for."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench_goals import Figures
from bench_servers import MAPAPP, Env

HERE = Path(__file__).resolve().parent
DATABASE = "mapapp.sqlite"
FILES = (DATABASE, "secret_key", "address_key")
"""How the names of the files begin that make a site on SQLite."""


def copy_site(site: Path, folder: Path, env: Env | None = None) -> Path:
    """Copy an instance folder, and bring the copy up to date; return it."""
    folder.mkdir()
    for file in site.iterdir():
        if file.name.startswith(FILES):
            shutil.copyfile(file, folder / file.name)
            (folder / file.name).chmod(0o600)
    _mapapp(folder, env, "init")
    return folder


def make_site(folder: Path, people: int, env: Env | None = None) -> Path:
    """Make a site with invented people in a new folder; return it."""
    folder.mkdir()
    _mapapp(folder, env, "init")
    _mapapp(folder, env, "bench-site", str(people))
    return folder


def read_figures(
    site: Path, rounds: int, only: Iterable[str] = (), env: Env | None = None
) -> Figures:
    """Return the figures of reads, measured in a process of its own."""
    result = site / "reads.json"
    program = [sys.executable, str(HERE / "bench_reads.py"), str(site)]
    asked = ["--rounds", str(rounds), "--to", str(result), "--only", *only]
    subprocess.run([*program, *asked], env=env, check=True)
    found: Figures = json.loads(result.read_text("utf-8"))
    return found


def _mapapp(folder: Path, env: Env | None, *arguments: str) -> None:
    given = {**(os.environ if env is None else env), "MAPAPP_INSTANCE": str(folder)}
    subprocess.run([*MAPAPP, *arguments], env=given, check=True, stdout=subprocess.DEVNULL)
