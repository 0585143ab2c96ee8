"""Draw docs/benchmarks.svg: what a map costs after a change, over the number of people.

python scripts/bench_chart.py [docs/benchmarks.json [docs/benchmarks.svg]]

Plain SVG without outside fonts; both axes are logarithmic. Each point has its numbers as a title.
"""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from bench_markdown import number

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDTH, HEIGHT = 920, 470
LEFT, RIGHT, TOP, BOTTOM = 70, 340, 64, 60
OURS = {"map_first": "map page", "zones_first": "JSON of all zones"}
"""By key of the table: what stands beside the line."""
THEIRS = {
    ("FastMarkerCluster", "map page"): "Folium's FastMarkerCluster",
    ("supercluster", "index, after a change"): "supercluster, index",
    ("DuckDB", "JSON of all zones, counted"): "DuckDB, JSON of all zones",
    ("PostGIS", "ST_SnapToGrid"): "PostGIS, ST_SnapToGrid",
}
"""By program and a part of what it did."""
TITLE = "A map after a change: milliseconds over people"
SCALES = "Both scales are logarithmic. Ours: solid; others: dashed."
LEAST_STEP = 17  # pixels between two labels
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .paper { fill: #fff } .grid { stroke: #d8dee4; stroke-width: 1 }
  path { fill: none; stroke-width: 2 } circle { stroke: none }
  .ours path { stroke: #0b5cad; stroke-width: 3 } .ours circle, .ours text { fill: #0b5cad }
  .theirs path { stroke: #6e5a4a; stroke-dasharray: 6 4 } .theirs circle { fill: #6e5a4a }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .paper { fill: #0d1117 } .grid { stroke: #30363d }
    .ours path { stroke: #6cb6ff } .ours circle, .ours text { fill: #6cb6ff }
    .theirs path { stroke: #d4b08c } .theirs circle { fill: #d4b08c }
  }
"""


@dataclass(frozen=True)
class Line:
    """A line of the chart: label, kind (``ours`` or ``theirs``), and (people, milliseconds)."""

    label: str
    kind: str
    points: tuple[tuple[int, float], ...]


def lines(results: dict[str, Any]) -> list[Line]:
    """Return the lines that results have points for."""
    found = []
    for key, label in OURS.items():
        points = [
            (site["members"], site["figures"][key]["median"])
            for site in results["sites"].values()
            if "median" in site["figures"].get(key, {})
        ]
        found.append(Line(f"ours: {label}", "ours", tuple(sorted(points))))
    for (peer, what), label in THEIRS.items():
        points = [
            (one["members"], one["median"])
            for one in results["peers"]
            if one["peer"] == peer and what in one.get("what", "")
        ]
        found.append(Line(label, "theirs", tuple(sorted(points))))
    return [line for line in found if line.points]


def chart(results: dict[str, Any]) -> str:
    """Return the chart as SVG.

    Raises:
        ValueError: for results without any figure of the lines.
    """
    drawn = lines(results)
    every = [point for line in drawn for point in line.points]
    if not every:
        raise ValueError("There is nothing to draw.")
    people, costs = zip(*every, strict=True)
    across, up = _Axis(people, LEFT, WIDTH - RIGHT), _Axis(costs, HEIGHT - BOTTOM, TOP)
    pieces = [*_frame(across, up), *_groups(drawn, across, up)]
    about = "; ".join(_about(line) for line in drawn)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' aria-labelledby="title desc">',
            f'<title id="title">{escape(TITLE)}</title>',
            f'<desc id="desc">{escape(about)}.</desc>',
            f"<style>{STYLE}</style>",
            *pieces,
            "</svg>\n",
        ]
    )


class _Axis:
    """A logarithmic axis from one pixel to another, with whole powers of ten at its ends."""

    def __init__(self, values: tuple[float, ...], begin: float, end: float) -> None:
        self.first = math.floor(math.log10(min(values)))
        self.last = max(math.ceil(math.log10(max(values))), self.first + 1)
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return round(self._begin + share * (self._end - self._begin), 1)

    def marks(self) -> Iterator[tuple[float, float]]:
        for power in range(self.first, self.last + 1):
            yield 10.0**power, self.at(10.0**power)


def _about(line: Line) -> str:
    said = ", ".join(f"{number(cost)} ms with {people:,} people" for people, cost in line.points)
    return f"{line.label}: {said}"


def _frame(across: _Axis, up: _Axis) -> Iterator[str]:
    yield f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>'
    yield f'<text class="title" x="{LEFT}" y="28">{escape(TITLE)}</text>'
    yield f'<text x="{LEFT}" y="48">{SCALES}</text>'
    right, low = WIDTH - RIGHT, HEIGHT - BOTTOM
    for value, y in up.marks():
        yield f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,g}</text>'
    for value, x in across.marks():
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{low}"/>'
        yield f'<text x="{x}" y="{low + 20}" text-anchor="middle">{value:,.0f}</text>'
    yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 14}" text-anchor="middle">people</text>'
    yield f'<text x="{LEFT - 8}" y="{TOP - 8}" text-anchor="end">ms</text>'


def _groups(drawn: list[Line], across: _Axis, up: _Axis) -> Iterator[str]:
    most = max(people for line in drawn for people, _cost in line.points)
    heights = _apart([up.at(line.points[-1][1]) for line in drawn])
    for line, label_y in zip(drawn, heights, strict=True):
        spots = [(across.at(people), up.at(cost)) for people, cost in line.points]
        path = " L".join(f"{x} {y}" for x, y in spots)
        yield f'<g class="{line.kind}"><path d="M{path}"/>'
        for (x, y), (people, cost) in zip(spots, line.points, strict=True):
            words = f"{line.label}: {people:,} people, {number(cost)} ms"
            yield f'<circle cx="{x}" cy="{y}" r="4"><title>{escape(words)}</title></circle>'
        words = f"{line.label}, {number(line.points[-1][1])} ms"
        words += f" at {line.points[-1][0]:,}" if line.points[-1][0] < most else ""
        yield f'<text x="{WIDTH - RIGHT + 14}" y="{label_y + 4}">{escape(words)}</text></g>'


def _apart(heights: list[float]) -> list[float]:
    """Return where labels stand: in the same order, and far enough from each other."""
    placed, last = dict[int, float](), -math.inf
    for at in sorted(range(len(heights)), key=lambda at: heights[at]):
        last = max(heights[at], last + LEAST_STEP)
        placed[at] = round(last, 1)
    return [placed[at] for at in range(len(heights))]


def main() -> None:
    """Draw the chart from a file of results."""
    given = [Path(word) for word in sys.argv[1:]]
    usual = [DOCS / f"benchmarks.{end}" for end in ("json", "svg")]
    results, picture = *given, *usual[len(given) :]
    picture.write_text(chart(json.loads(results.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
