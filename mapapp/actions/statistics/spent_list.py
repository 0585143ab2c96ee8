"""What was spent, beside the database: a restored backup must not spend it again.

A file in the instance folder, which is no part of the database's backup, with a line for each map
and epoch. It is written before the ledger: what a crash leaves in it alone is lost.
"""

import os
from pathlib import Path

from mapapp.domain.published.release_rules import Epoch
from mapapp.settings import Settings
from mapapp.whole_files import make_folder, replace_file


def spent_file(settings: Settings) -> Path:
    """Return the path of the list."""
    return settings.instance / "spent"


def is_listed(settings: Settings, condition_id: int, epoch: Epoch) -> bool:
    """Whether a map's release of an epoch was begun, in this database or in another state of it."""
    return _line(condition_id, epoch) in _lines(settings)


def put_on_list(settings: Settings, condition_id: int, epoch: Epoch) -> None:
    """Write down, before it is spent, that the release of a map is begun."""
    path = spent_file(settings)
    make_folder(path.parent)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{_line(condition_id, epoch)}\n")
        file.flush()
        os.fsync(file.fileno())


def forget_before(settings: Settings, year: int) -> None:
    """Drop the lines of earlier years, whose epochs have ended."""
    lines = _lines(settings)
    young = sorted(line for line in lines if int(line[:4]) >= year)
    if len(young) < len(lines):
        replace_file(spent_file(settings), "".join(f"{line}\n" for line in young))


def _line(condition_id: int, epoch: Epoch) -> str:
    return f"{epoch.name} {condition_id}"


def _lines(settings: Settings) -> set[str]:
    path = spent_file(settings)
    return set(path.read_text(encoding="ascii").splitlines()) if path.exists() else set()
