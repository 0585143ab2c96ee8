"""How often questions are read: numbers alone, without a cookie and without a reader."""

import logging
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.knowledge.question_list import add_reads
from mapapp.store.database import in_transaction
from mapapp.web.core.request_session import db
from mapapp.web.published.finished_pages import READ

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

READS_A_PART, SECONDS = 200, 600
"""Reads are written in batches of this many, or after so many seconds: reading must not write.

Each batch can change the order of questions, so the finished answers are made anew after it.
"""


class Reads:
    """Reads that this process has not written yet. Losing them in a crash only affects an order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[int, int] = {}
        self._since = time.monotonic()

    def add(self, question_id: int) -> dict[int, int]:
        """Count one read; return what to write now, usually nothing."""
        with self._lock:
            self._counted[question_id] = self._counted.get(question_id, 0) + 1
            now = time.monotonic()
            if sum(self._counted.values()) < READS_A_PART and now - self._since < SECONDS:
                return {}
            due, self._counted, self._since = self._counted, {}, now
            return due


class CountedReads:
    """A WSGI application around the site, and around what it keeps: counts what leaves."""

    def __init__(self, app: Flask) -> None:
        self._site: WSGIApplication = app.wsgi_app
        self._extensions = app.extensions
        with app.app_context():
            self._engines = db.engines

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, and count it; who asks for a head alone reads nothing."""
        answer = self._site(environ, start_response)
        if READ in environ and environ["REQUEST_METHOD"] == "GET":
            reads = self._extensions.setdefault("mapapp_reads", Reads())
            self._write(reads.add(environ[READ]))
        return answer

    def _write(self, due: dict[int, int]) -> None:
        if not due:
            return
        try:
            in_transaction(self._engines["default"], lambda session: add_reads(session, due))
        except SQLAlchemyError:
            # A busy database must not keep anyone from reading.
            logger.warning("reads of questions were not counted")


def init_reads(app: Flask) -> None:
    """Count how often questions are read; called after what keeps answers."""
    app.wsgi_app = CountedReads(app)  # type: ignore[method-assign]


def count_read(question_id: int) -> None:
    """Say that this answer shows a question."""
    request.environ[READ] = question_id
