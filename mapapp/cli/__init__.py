"""The ``mapapp`` command: the other front door, on the same actions as the web."""

from mapapp.cli.commands import main, mapapp

__all__ = ["main", "mapapp"]
