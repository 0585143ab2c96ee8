"""How often questions are read: numbers alone, without a cookie and without a reader."""

import threading
import time

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.knowledge.question_list import add_reads
from mapapp.store.database import transaction
from mapapp.web.core.request_session import db

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


def count_read(question_id: int) -> None:
    """Count that a question was read; who asks for its head alone reads nothing."""
    if request.method != "GET":
        return
    reads = current_app.extensions.setdefault("mapapp_reads", Reads())
    due = reads.add(question_id)
    if not due:
        return
    try:
        with transaction(db.engine) as session:
            add_reads(session, due)
    except SQLAlchemyError:
        # A busy database must not keep anyone from reading.
        current_app.logger.warning("reads of questions were not counted")
