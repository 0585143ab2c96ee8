"""The ``mapapp`` command: the second front door, to the same actions as the web."""

from mapapp.cli.commands import main, mapapp

__all__ = ["main", "mapapp"]
