"""What the log may hold: which part of the program failed and where, and nothing about anybody.

Addresses of pages name conditions and areas, and messages of errors can repeat what was sent, so
neither is written down (PRIVACY rule 4).
"""

import traceback
from types import TracebackType
from typing import Any

from flask import Flask, request

DEEPEST = 6  # frames, the innermost


class QuietFlask(Flask):
    """Flask, but an error is logged without address, values or message."""

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | Any,
    ) -> None:
        """Log the kind of the error, the view, and the lines of code that led to it."""
        kind, _error, trace = exc_info
        frames = traceback.extract_tb(trace)[-DEEPEST:]
        way = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        self.logger.error("%s in %s: %s", kind.__name__, request.endpoint, way)
