"""Modules that are imported when they are first used: the one place where an import is put off.

Everything else is imported at the top of its file. What stands behind this costs each process of
the site memory, and each start time, though most never use it: a picture of a code, a passkey, the
program behind a command. ``tests/test_imports.py`` says which modules a process may hold.
"""

from importlib import import_module
from typing import Any


class OnFirstUse:
    """Stands for a module; its names are looked up where they are used.

    Type checkers, and the test of the floors, are shown the true import beside it::

        if TYPE_CHECKING:
            import segno
        else:
            segno = OnFirstUse("segno")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """Return what the module calls so; threads that ask at once wait for one import."""
        return getattr(import_module(self._name), attribute)
