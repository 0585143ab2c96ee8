"""The process beside the worker that makes the exports staff asked for.

A process of its own, so that mail does not wait for a large file, and the memory that the
libraries for shapes take is given back.
"""

import multiprocessing
from multiprocessing.process import BaseProcess

from sqlalchemy import Engine

from mapapp.actions.statistics.export_asked import is_any_asked, make_asked
from mapapp.cli.tools import open_database


class ExportMaker:
    """Begins a process when something is asked for, and no second one beside it."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None

    def look(self, engine: Engine) -> None:
        """Begin to make what is asked for; return at once."""
        if self._process is not None and self._process.is_alive():
            return
        if is_any_asked(engine):
            # A fresh process: one that is forked would share this one's connections.
            self._process = multiprocessing.get_context("spawn").Process(
                target=make_all, daemon=True, name="mapapp-exports"
            )
            self._process.start()


def make_all() -> None:
    """Make everything that is asked for, with the settings of this process."""
    with open_database() as (settings, engine):
        make_asked(engine, settings)
