"""Exports for statistics: numbers of one publication, frozen until the day is over."""

import random
import threading
import time

from soak_judge import Heard, Judge
from soak_pages import Asked
from soak_places import SLUGS
from soak_publish import Watcher
from soak_site import Site

LEVELS = ("country", "region", "zone")
RESTS = 45.0  # seconds


class Exporter(threading.Thread):
    """Runs `mapapp export` again and again."""

    def __init__(self, site: Site, judge: Judge, watcher: Watcher, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._site, self._judge, self._watcher = site, judge, watcher
        self._chance = chance
        self._over = threading.Event()
        self._first: dict[tuple[str, str], str] = {}
        self._when: dict[str, tuple[float, float]] = {}

    def run(self) -> None:
        """Export until ``end`` is called."""
        while not self._over.wait(RESTS):
            self._export(self._chance.choice(SLUGS), self._chance.choice(LEVELS))

    def _export(self, slug: str, level: str) -> None:
        path = self._site.folder / "tmp" / f"{slug}-{level}.csv"
        given = ("--condition", slug, "--level", level, "--format", "csv", "-o", str(path))
        begun = time.monotonic()
        done = self._site.command("export", *given)
        ended = time.monotonic()
        if done.returncode:
            self._judge.find(f"`mapapp export` for {slug}: {done.stderr}")
            return
        text = path.read_text(encoding="utf-8-sig")
        # The first export of a map on a day freezes its numbers for all levels.
        when = self._when.setdefault(slug, (begun, ended))
        self._watcher.settle(ended)
        asked = Asked("export", f"mapapp export {slug} {level}", slug, level=level)
        self._judge.hear(Heard(asked, *when, text))
        if text != self._first.setdefault((slug, level), text):
            self._judge.find(f"The export of {slug} by {level} changed on the same day.")
        self._judge.count("exports")

    def end(self) -> None:
        """Export no more."""
        self._over.set()
        self.join()
