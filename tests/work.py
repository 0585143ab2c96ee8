"""How much work something is: processor time, in units of a fixed piece of work done beside it.

A figure in milliseconds would say how fast this machine is and who else uses it. A unit is done
in the same thread a moment before, so what remains is how much work there was. What a busy
machine adds is only ever more: the least of several tries counts.
"""

import time
import unicodedata
from collections.abc import Callable

UNIT_MS = 1.0
"""About what a unit takes on the machine where the limits in milliseconds were set."""
_TEXT = "Ein Stück Text, dessen Zeichen gezählt werden: żółw, ἄνθρωπος, 東京. " * 77


def one_unit() -> None:
    """Do one piece of work: text, numbers and lookups, as pages do them."""
    counts: dict[str, int] = {}
    for character in unicodedata.normalize("NFKD", _TEXT):
        kind = unicodedata.category(character)
        counts[kind] = counts.get(kind, 0) + len(character)
    sorted(counts.items(), key=lambda pair: -pair[1])


def seconds(act: Callable[[], object]) -> float:
    """Return the processor time of this thread that ``act`` takes."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


def units(act: Callable[[], object], enough: float, tries: int = 4) -> float:
    """Return how many units ``act`` takes; after the first try at or below ``enough``, that one."""
    least = float("inf")
    for _ in range(tries):
        unit = min(seconds(lambda: [one_unit() for _ in range(4)]) / 4 for _ in range(2))
        least = min(least, seconds(act) / unit)
        if least <= enough:
            break
    return least
