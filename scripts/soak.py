#!/usr/bin/env python
"""Let people write, read and publish at once on a real site, and hold every answer against both.

Starts `mapapp serve` and `mapapp worker` on a site of their own in a temporary folder. Writers sign
in, place themselves, move, show more and less of themselves, hide, come back, block and erase;
readers ask for all kinds of pages; `mapapp publish --now` runs again and again. Every answer must
belong to one publication, which was read from the database when it came; and from the moment on at
which an act was acknowledged, no answer may show what it took away. With --kill, processes are
ended by `kill -9` in turn. At the end nothing may be lost or left over. Exits with 1 if anything
was found.

Usage: scripts/soak [--seconds 600] [--kill] [--postgresql] [--writers 8] [--readers 50] [--seed 1]
[--least ACTS] [--first] [--plant PYTHON]
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from soak_end import check_end  # noqa: E402
from soak_exports import Exporter  # noqa: E402
from soak_history import ON_MAP, SIGNED_IN, VISITOR  # noqa: E402
from soak_judge import Judge  # noqa: E402
from soak_places import Places  # noqa: E402
from soak_publish import Publisher, Watcher  # noqa: E402
from soak_readers import Reader  # noqa: E402
from soak_site import Site  # noqa: E402
from soak_writers import Writer  # noqa: E402

from mapapp.domain.areas.area_tree import load_areas  # noqa: E402
from mapapp.store.database import make_engine  # noqa: E402

TOLD_EACH = 5.0  # seconds
KILLED = ("web process", "worker", "server")
KILLS, FASTEST = 12, 3.0
"""Kills in a run, and seconds between them at least; what is restarted takes its time, too."""
KINDS = (VISITOR, VISITOR, VISITOR, SIGNED_IN, ON_MAP)
"""Of five readers."""


class Soak:
    """A run against one site."""

    def __init__(self, site: Site, url: str, asked: argparse.Namespace) -> None:
        self.site, self._asked = site, asked
        self.engine = make_engine(url)
        self.judge = Judge(load_areas())
        self._chance = random.Random(asked.seed)  # noqa: S311 no secret is drawn
        self._watcher = Watcher(self.engine, self.judge)
        given = (site, self.judge, self._watcher)
        self._publisher = Publisher(*given, self._chance, asked.kill)
        self._exporter = Exporter(*given, self._chance)
        places = Places(self.judge.areas)
        seed = asked.seed * 1000
        self._writers = [Writer(*given, places, seed + n) for n in range(asked.writers)]
        self._readers = [
            Reader(*given, places, KINDS[n % len(KINDS)], seed + 500 + n)
            for n in range(asked.readers)
        ]

    def run(self) -> None:
        """Run for as long as was asked for, and look at what is left."""
        self._watcher.start()
        self._watcher.settle(time.monotonic())
        self.site.start()
        for one in (*self._writers, self._publisher, self._exporter, *self._readers):
            one.start()
        self._wait(time.monotonic() + self._asked.seconds)
        for one in (*self._readers, self._exporter, *self._writers, self._publisher):
            one.end()
        self._publisher.publish()
        self._publisher.verify()
        self.site.stop()
        self._watcher.end()
        given = {k.removeprefix("MAPAPP_").lower(): v for k, v in self.site.settings.items()}
        check_end(self.judge, self.engine, self.site.folder, given)

    def _wait(self, end: float) -> None:
        told = killed = time.monotonic()
        rest = max(self._asked.seconds / KILLS, FASTEST)
        while not self._is_done(end):
            time.sleep(0.1)
            if time.monotonic() - told > TOLD_EACH:
                told = time.monotonic()
                print(f"{end - told:5.0f} s left: {self._progress()}", flush=True)
            if self._asked.kill and time.monotonic() - killed > rest:
                self.site.kill(KILLED[len(self.site.kills) % len(KILLED)], self._chance)
                killed = time.monotonic()

    def _is_done(self, end: float) -> bool:
        """Whether time is up, and as much as was asked for has happened on a slow machine, too."""
        if self._asked.first and self.judge.counted["violations"]:
            return True
        least, has_killed = self._asked.least, len(self.site.kills) >= len(KILLED)
        is_enough = self._acts() >= least and (has_killed or not (least and self._asked.kill))
        return time.monotonic() > end and is_enough

    def _acts(self) -> int:
        return sum(n for what, n in dict(self.judge.counted).items() if what.startswith("acts: "))

    def _progress(self) -> str:
        counted, acts = self.judge.counted, self._acts()
        kills = len(self.site.kills) + self._publisher.runs["killed"]
        return (
            f"{counted['answers']} answers read, {acts} acts, "
            f"{len(self.judge.publications)} publications, {kills} kills, "
            f"{counted['violations']} violations"
        )

    def report(self) -> int:
        """Print what was read, done and found; return 1 if anything was found, else 0."""
        if self.judge.counted["no answer"] and not self._asked.kill:
            self.judge.find("The site did not answer, though nothing was killed.")
        for what, n in sorted(self.judge.counted.items()):
            print(f"{n:8} {what}")
        for what, n in sorted(self._publisher.runs.items()):
            print(f"{n:8} runs of the publisher: {what}")
        for which in KILLED:
            print(f"{self.site.kills.count(which):8} killed: {which}")
        for one in self.judge.violations:
            print(f"VIOLATION: {one}")
        print(self._progress())
        return 1 if self.judge.counted["violations"] else 0


@contextmanager
def database(folder: Path, on_postgresql: bool) -> Iterator[tuple[str, str]]:
    """Yield the setting for the database, and its URL."""
    if not on_postgresql:
        yield "", f"sqlite:///{folder / 'instance' / 'mapapp.sqlite'}"
        return
    from tests.databases import postgres_server

    with postgres_server() as url:
        yield url, url


def main() -> int:
    """Soak a site of our own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("Usage")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill", action="store_true", help="end processes by kill -9 in turn")
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own")
    parser.add_argument("--least", type=int, default=0, help="acts; it goes on until then")
    parser.add_argument("--first", action="store_true", help="stop at the first violation")
    parser.add_argument("--plant", default="", help="Python that plants a fault, to see it found")
    asked = parser.parse_args()
    threading.excepthook = lambda given: print(f"A thread ended: {given.exc_value!r}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mapapp-soak-") as name:
        folder = Path(name)
        with database(folder, asked.postgresql) as (setting, url):
            site = Site(folder, setting, asked.plant)
            made = site.command("init")
            if made.returncode:
                raise SystemExit(made.stderr)
            soak = Soak(site, url, asked)
            try:
                soak.run()
            finally:
                site.stop()
            return soak.report()


if __name__ == "__main__":
    sys.exit(main())
