"""A database that fails at one moment, chosen by number, and says something secret when it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine

SECRET = "DETAIL: Key (member_id)=(4711) is not present in table"
STEPS = ("do_execute", "do_execute_no_params", "do_executemany", "do_commit", "do_rollback")
"""What a driver is asked to do; connecting is one more."""


class FailingDatabase:
    """Counts what an engine's driver is asked to do, and fails from the chosen step on."""

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self.error = engine.dialect.loaded_dbapi.OperationalError
        self.steps: list[str] = []
        self._fails: range = range(0)

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if len(self.steps) in self._fails:
            raise self.error(SECRET)

    @contextmanager
    def failing(self, first: int, *, once: bool) -> Iterator[None]:
        """Fail at step ``first`` (from 1; 0: never), and unless ``once`` at all that follow."""
        self.steps.clear()
        self._fails = range(first, first + 1) if once else range(first, 10**6)
        if not first:
            self._fails = range(0)
        with pytest.MonkeyPatch.context() as patch:
            for name in (*STEPS, "connect"):
                self._watch(patch, name)
            yield

    def _watch(self, patch: pytest.MonkeyPatch, name: str) -> None:
        asked = getattr(self.dialect, name)

        def _asked(*given: Any, **named: Any) -> Any:
            self._step(name)
            return asked(*given, **named)

        patch.setattr(self.dialect, name, _asked)
