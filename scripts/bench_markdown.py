"""The results of a run as tables in Markdown."""

from collections.abc import Iterable
from typing import Any

from bench_goals import ROWS, Figure, Figures, Row, figure_for_goal

MILLION = 1_000_000
GROWTH_GOAL, POSTGRESQL_GOAL = 1.1, 1.5
WSGI_GOAL, FLASK_GOAL = 0.8, 2.2
NOTHING = "–"


def tables(results: dict[str, Any]) -> str:
    """Return all tables, and what they were measured with."""
    parts = [_about(results["machine"]), _reads(results)]
    if "http" in results:
        parts.append(_http(results["http"]))
    if results["peers"]:
        parts.append(_peers(results["peers"]))
    return "\n\n".join(parts)


def number(value: float) -> str:
    """Return a figure with about three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else f"{value:.1e}"


def _about(machine: dict[str, str]) -> str:
    words = "; ".join(f"{name}: {value}" for name, value in machine.items())
    return (
        f"{words}.\n\nEach figure is a median of the clock; behind it the 95th percentile and the"
        " median of processor time. Growth is of processor time, the ratio of PostgreSQL to SQLite"
        " with as many people of the clock: a server does part of the work. ✗: not reached."
    )


def _reads(results: dict[str, Any]) -> str:
    sites: dict[str, Any] = results["sites"]
    other = results.get("postgresql")
    head = ["what", "unit", "to reach", *sites, "growth"]
    rows = []
    for row in ROWS:
        cells = [row.words, row.unit, number(row.goal) if row.goal else NOTHING]
        cells += [_cell(row, site["figures"].get(row.key)) for site in sites.values()]
        cells.append(_growth(row, sites))
        if other:
            cells += _beside(row, sites, other)
        rows.append(cells)
    return table([*head, *(["PostgreSQL", "to SQLite"] if other else [])], rows)


def _cell(row: Row, found: Figure | None) -> str:
    if found is None:
        return NOTHING
    if "error" in found:
        return "failed"
    words = number(found["median"])
    more = [number(found[key]) for key in ("p95", "cpu") if key in found]
    if more:
        words += f" ({'; '.join(more)})"
    value = figure_for_goal(row, found)
    is_missed = row.goal is not None and value is not None and value > row.goal
    return f"{words} ✗" if is_missed else words


def _growth(row: Row, sites: dict[str, Any]) -> str:
    """Return how many times as much the largest site costs as the one with a million people."""
    by_size = sorted(sites.values(), key=lambda site: site["members"])
    large = [site for site in by_size if site["members"] >= 0.9 * MILLION]
    if not row.grows or len(large) < 2:
        return NOTHING
    return _ratio(row, large[0]["figures"], large[-1]["figures"], "cpu", GROWTH_GOAL)


def _beside(row: Row, sites: dict[str, Any], other: dict[str, Any]) -> list[str]:
    if "absent" in other:
        return [other["absent"], NOTHING]
    figures: Figures = other["figures"]
    same = [s for s in sites.values() if abs(s["members"] / other["members"] - 1) < 0.1]
    cell = _cell(row, figures.get(row.key))
    if not same:
        return [cell, NOTHING]
    return [cell, _ratio(row, same[0]["figures"], figures, "median", POSTGRESQL_GOAL)]


def _ratio(row: Row, one: Figures, other: Figures, of: str, most: float) -> str:
    below, above = one.get(row.key, {}), other.get(row.key, {})
    of = of if of in below else "median"
    if not below.get(of) or of not in above:
        return NOTHING
    ratio = above[of] / below[of]
    return f"{ratio:.2f} ×{' ✗' if ratio > most else ''}"


def _http(rates: dict[str, dict[str, float]]) -> str:
    rows = []
    for words, found in rates.items():
        wsgi, flask = found["site"] / found["bare WSGI"], found["site"] / found["bare Flask"]
        marks = [" ✗" if wsgi < WSGI_GOAL else "", " ✗" if flask < FLASK_GOAL else ""]
        ratios = [f"{wsgi:.0%}{marks[0]}", f"{flask:.2f} ×{marks[1]}"]
        rates_said = (f"{rate:,.0f}" for rate in found.values())
        rows.append([f"map page, {words}", *rates_said, *ratios])
    head = ["over HTTP, answers a second", *next(iter(rates.values()))]
    return table([*head, "of bare WSGI (≥ 80 %)", "to bare Flask (≥ 2.2 ×)"], rows)


def _peers(peers: list[dict[str, Any]]) -> str:
    head = ["program", "what", "people", "ms (p95; processor)", "bytes", "memory"]
    rows = []
    for one in peers:
        if "absent" in one:
            rows.append([one["peer"], f"absent: {one['absent']}", f"{one['members']:,}", *3 * "–"])
            continue
        more = [number(one[key]) for key in ("p95", "cpu") if key in one]
        size = f"{one['bytes'] / 1000:,.0f} kB" if one.get("bytes") else NOTHING
        size += f", gzip {one['sent'] / 1000:,.0f} kB" if "sent" in one else ""
        memory = f"{one['memory']:,.0f} MB" if "memory" in one else NOTHING
        time = f"{number(one['median'])} ({'; '.join(more)})"
        rows.append([one["peer"], one["what"], f"{one['members']:,}", time, size, memory])
    return table(head, rows)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    words = list(head)
    lines = [words, ["---"] * len(words), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
