"""What the log may hold: which part of the program failed and where, and nothing about anyone.

Addresses of pages name conditions and areas, and messages of errors can repeat what was sent, so
neither is written down (privacy rule 4).
"""

import logging
import traceback
from types import TracebackType
from typing import Any

from apiflask import APIFlask
from flask import has_request_context, request

DEEPEST = 6  # frames, the innermost


class QuietRecord(logging.LogRecord):
    """A line of the log; of an error it tells the kind and the way to it, but no message.

    Libraries log errors, too, such as a connection that broke, with the database's own words.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.exc_info and self.exc_info[0] is not None:
            kind = self.exc_info[0].__name__
            self.msg, self.args = f"{self.getMessage()}: {kind}: {_way(self.exc_info[2])}", None
        self.exc_info = None


def init_logs() -> None:
    """Make every line that this process logs from now on a quiet one."""
    logging.setLogRecordFactory(QuietRecord)


def _way(trace: TracebackType | None) -> str:
    """Return the lines of code that led to an error."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)


class QuietFlask(APIFlask):
    """Flask, but an error is logged without address, values or message."""

    def log_exception(self, exc_info: Any) -> None:
        """Log the kind of the error, the view, and the lines of code that led to it."""
        kind, _error, trace = exc_info
        page = request.endpoint if has_request_context() else None
        self.logger.error("%s in %s: %s", kind.__name__, page, _way(trace))
