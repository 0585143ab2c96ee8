"""What a request did: processor time, and the tables that it wrote to."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)
UNIT_STEPS = 4_500
"""Steps of a fixed piece of work that took one millisecond where the limits were set."""


@dataclass
class Cost:
    """What a request did.

    Attributes:
        ms: processor time of this thread, in milliseconds.
        tables: the tables that it wrote to.
    """

    ms: float = 0
    tables: set[str] = field(default_factory=set)


class Watch:
    """Watches the requests of this process, one after the other."""

    def __init__(self) -> None:
        self._tables: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self._note)

    def close(self) -> None:
        """Watch no longer."""
        event.remove(Engine, "before_cursor_execute", self._note)

    @contextmanager
    def request(self) -> Iterator[Cost]:
        """Yield what a request costs; it is complete when the block ends."""
        self._tables = set()
        cost, begun = Cost(), time.thread_time()
        try:
            yield cost
        finally:
            cost.ms = (time.thread_time() - begun) * 1000
            cost.tables = self._tables

    def _note(self, _given: Any, _cursor: Any, words: str, *_more: Any) -> None:
        found = WRITES.match(words)
        if found:
            self._tables.add(found[1])


def slowness() -> float:
    """Return how many times longer a fixed piece of work takes here than where limits were set."""
    return min(_fixed_work() for _ in range(5))


def _fixed_work() -> float:
    begun = time.thread_time()
    found: dict[int, str] = {}
    for number in range(UNIT_STEPS):
        found[number & 255] = str(number)
    return (time.thread_time() - begun) * 1000
