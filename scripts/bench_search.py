"""Measure both searches: load time, memory, and median and worst query times.

python scripts/bench_search.py
"""

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence

from mapapp.domain.areas.gazetteer import load_towns, search_towns
from mapapp.domain.conditions.catalogue import load_catalogue, search_catalogue

ROUNDS = 1_000


def misspelt(word: str, dice: random.Random) -> str:
    """Return ``word`` with one letter dropped, doubled, changed or swapped with the next."""
    place = dice.randrange(len(word))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    choices = (head + tail, head + letter + letter + tail, head + "e" + tail)
    return dice.choice([*choices, head + tail[:1] + letter + tail[1:]])


def queries(names: Sequence[str], dice: random.Random) -> dict[str, list[str]]:
    """Return what people type: whole names, beginnings, and names with one typing error."""
    whole = [dice.choice(names) for _ in range(ROUNDS)]
    return {
        "whole names": whole,
        "beginnings": [name[: dice.randint(1, 6)] for name in whole],
        "one slip": [misspelt(name, dice) for name in whole],
    }


def measure(search: Callable[[str], object], asked: Sequence[str]) -> str:
    """Return the median, 99th percentile and longest time, as text."""
    times = []
    for query in asked:
        start = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    last = times[int(len(times) * 0.99)]
    return f"median {statistics.median(times):.2f} ms, p99 {last:.2f} ms, worst {times[-1]:.2f} ms"


def loaded(load: Callable[[], object]) -> str:
    """Return, as text, how long ``load`` takes and, from a second run, how much memory it keeps."""
    start = time.perf_counter()
    load()
    seconds = time.perf_counter() - start
    load.cache_clear()  # type: ignore[attr-defined]
    tracemalloc.start()
    load()
    kept, peak = (size / 1e6 for size in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    return f"{seconds:.2f} s, keeps {kept:.0f} MB, at most {peak:.0f} MB while loading"


def main() -> None:
    """Print the figures."""
    dice = random.Random(7)  # noqa: S311 - the same questions every time
    print("towns: ", loaded(load_towns))
    gazetteer = load_towns()
    rows = [dice.randrange(len(gazetteer)) for _ in range(ROUNDS)]
    names = [gazetteer.town(row).name for row in rows]
    for kind, asked in queries(names, dice).items():
        print(f"  {kind}: {measure(search_towns, asked)}")
    print("conditions: ", loaded(load_catalogue))
    names = [condition.name for condition in load_catalogue().conditions]
    for kind, asked in queries(names, dice).items():
        print(f"  {kind}: {measure(search_catalogue, asked)}")


if __name__ == "__main__":
    main()
