"""The rows of the table of reads: what is measured, and what is to be reached with ten million.

A figure is a dictionary: ``median``, and where it was measured many times ``p95`` and ``cpu``, the
median of processor time; or ``error``, where it could not be measured. Times are milliseconds.
"""

from dataclasses import dataclass
from typing import Any

Figure = dict[str, Any]
Figures = dict[str, Figure]


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
        key: names it in files.
        words: what is done.
        goal: at most so much with ten million people; None where none is set.
        unit: of the figures.
        on_p95: whether the goal is for the 95th percentile, not for the median.
        grows: whether the growth from one million to ten million says something.
    """

    key: str
    words: str
    goal: float | None
    unit: str = "ms"
    on_p95: bool = False
    grows: bool = True


READS = (
    Row("map_kept", "map page, finished", 0.1),
    Row("map_304", "map page, 304", 0.1),
    Row("map_first", "map page, first after a change", 15),
    Row("map_bytes", "map page, bytes (br)", 10, "kB"),
    Row("zones_kept", "JSON of all zones of a condition, finished", 0.1),
    Row("zones_first", "JSON of all zones, first after a change", 5),
    Row("condition_kept", "condition page, finished", 0.1),
    Row("condition_first", "condition page, first after a change", 20),
    Row("home_kept", "home page, finished", 0.1),
    Row("home_first", "home page, first after a change", 20),
    Row("world_visitor", "area page, world: visitor, again", 20),
    Row("world_first", "area page, world: visitor, first after a change", 20),
    Row("us_visitor", "area page, United States: visitor, again", 20),
    Row("us_first", "area page, United States: visitor, first after a change", 20),
    Row("zone_visitor", "area page, a zone: visitor, again", 20),
    Row("zone_first", "area page, a zone: visitor, first after a change", 20),
    Row("map_member", "map page, signed in", 20),
    Row("condition_member", "condition page, signed in", 20),
    Row("home_member", "home page, signed in", 20),
    Row("world_member", "area page, world, signed in", 20),
    Row("us_member", "area page, United States, signed in", 20),
    Row("zone_member", "area page, a zone, signed in", 20),
    Row("people_member", "people.json of the world, signed in", 10),
    Row("nearby", "near a zone (`nearby`), 20 people with rows", 2, on_p95=True),
    Row("nearby_60", "the same, 60 people: three pages", 2, on_p95=True),
    Row("near_visitor", "page of near me, visitor", 20),
    Row("near_member", "page of near me, signed in", 20),
    Row("search", "search of conditions, page", 10),
    Row("readyz", "/readyz", None),
)
"""Measured in one process, warm; ``bench_reads.py``."""

PROCESSES = (
    Row("verify", "`mapapp counts verify`", 15, "s", grows=False),
    Row("verify_memory", "its memory", 300, "MB", grows=False),
    Row("start", "start of the server to its first map", 1.5, "s"),
    Row("help", "`mapapp --help`", 0.25, "s", grows=False),
    Row("worker_memory", "memory of a web process after the run (PSS)", 120, "MB", grows=False),
)
"""Measured from outside; ``bench_processes.py``."""

ROWS = READS + PROCESSES


def figure_for_goal(row: Row, figure: Figure) -> float | None:
    """Return what the goal of ``row`` is compared with; None where it was not measured."""
    return figure.get("p95" if row.on_p95 else "median")
