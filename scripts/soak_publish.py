"""Publishing again and again, and writing down what each publication says, and when it stood."""

import random
import signal
import struct
import threading
import time
from collections import defaultdict
from itertools import cycle

from soak_history import Flip
from soak_judge import Judge
from soak_numbers import SITE, Listed, Placed, Publication
from soak_site import Site
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.published import THE_SITE, AreaNumbers, ConditionNumber

LOOK_EACH = 0.01  # seconds
ROW = struct.Struct("<4i")
RESTS = (0.3, 1.5)  # seconds between two publications
STEPS = (
    "publisher.tidy",
    "publisher.stage",
    "publisher.take_changes",
    "publisher.every_change",
    "publisher.write_numbers",
    "publisher.flip",
    "publishing.tell_of_joined",
)
"""What a publisher does, in order; each in a transaction, most in one of its own."""
END_IN = """
import os, signal
from mapapp.actions.published import publisher, publishing
step = {step}
def end(*given, **named):
    step(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
{step} = end
"""
"""Ends a publisher at the end of a step, before it is committed: `kill -9`, at the worst moment."""


class Watcher(threading.Thread):
    """Looks into the database all the time, and writes down each publication as it comes."""

    def __init__(self, engine: Engine, judge: Judge) -> None:
        super().__init__(daemon=True)
        self.made_since = time.monotonic()
        """When the last run that publishes began."""
        self._engine, self._judge = engine, judge
        self._known, self._looked = -1, 0.0
        self._changed = threading.Condition()
        self._over = threading.Event()

    def run(self) -> None:
        """Look until ``end`` is called."""
        while not self._over.is_set():
            begun = time.monotonic()
            try:
                self._look(begun)
            except Exception as error:  # without it, everybody would wait for it for ever
                self._judge.find(f"The checker could not look: {error!r}")
            time.sleep(LOOK_EACH)

    def _look(self, begun: float) -> None:
        with transaction(self._engine, write=False) as session:
            number = int(facts.fact(session, facts.PUBLICATION) or 0)
            is_new = number != self._known
            read = _read(session, number) if is_new else None
        ended = time.monotonic()
        if read is not None:
            if self._known >= 0 and number != self._known + 1:
                self._judge.find(f"Publication {number} follows {self._known}.")
            is_first = self._known < 0
            flip = Flip(
                number,
                0.0 if is_first else self.made_since,
                0.0 if is_first else self._looked,
                0.0 if is_first else ended,
            )
            found = Publication(flip, *read, self._judge.areas)
            with self._judge.lock:
                self._judge.publications[number] = found
            self._known = number
        with self._changed:
            self._looked = begun
            self._changed.notify_all()

    def settle(self, moment: float) -> None:
        """Return when it has looked at what the database was after a moment."""
        with self._changed:
            self._changed.wait_for(lambda: self._looked > moment or self._over.is_set())

    def end(self) -> None:
        """Look no longer."""
        self._over.set()
        self.join()


def _read(session: Session, number: int) -> tuple[dict[str, Placed], tuple[Listed, ...]]:
    """Read what a publication says, in the transaction that saw its number."""
    query = select(AreaNumbers).where(AreaNumbers.publication <= number)
    newest: dict[int, AreaNumbers] = {}
    for row in session.scalars(query.order_by(AreaNumbers.publication)):
        newest[row.condition_id] = row
    months = select(ConditionNumber.condition_id, func.sum(ConditionNumber.n)).where(
        ConditionNumber.key.like("month:%")
    )
    joined = dict(session.execute(months.group_by(ConditionNumber.condition_id)).tuples().all())
    found = select(Condition).where(Condition.id.in_([*newest, *joined]) | (Condition.listed > 0))
    slugs, listed = {THE_SITE: SITE}, []
    for one in session.scalars(found):
        slugs[one.id] = one.slug
        if one.listed and one.shown:
            listed.append(Listed(one.slug, one.name, one.listed, int(joined.get(one.id, 0))))
    return {slugs[i]: _placed(row.numbers) for i, row in newest.items()}, tuple(listed)


def _placed(numbers: bytes) -> Placed:
    return {area: (a, b, c) for area, a, b, c in ROW.iter_unpack(numbers)}


class Publisher(threading.Thread):
    """Runs `mapapp publish --now` again and again; every other run is killed half-way."""

    def __init__(
        self, site: Site, judge: Judge, watcher: Watcher, chance: random.Random, kills: bool
    ) -> None:
        super().__init__(daemon=True)
        self._site, self._judge, self._watcher = site, judge, watcher
        self._chance, self._kills = chance, kills
        self._over = threading.Event()
        self.runs: defaultdict[str, int] = defaultdict(int)
        self._last_was_killed = False

    def run(self) -> None:
        """Publish until ``end`` is called."""
        ends = cycle(STEPS)
        while not self._over.wait(self._chance.uniform(*RESTS)):
            if self._kills:
                self.publish(next(ends))
                self.verify()
            self.publish()

    def publish(self, last: str = "") -> None:
        """Run it once, to its end or into one of the steps."""
        self._watcher.made_since = time.monotonic()
        run = self._site.begin("publish", "--now", first=END_IN.format(step=last) if last else "")
        ended = run.wait()
        if ended == -signal.SIGKILL and last:
            self.runs["killed"] += 1
            self.runs[f"killed in {last}"] += 1
            time.sleep(0.5)  # a database server may still do what it was told last
        elif ended and self._last_was_killed:
            self.runs["held off by the server's memory of a killed one"] += 1
        elif ended:
            self._judge.find(f"`mapapp publish --now` ended with {ended}.")
        else:
            self.runs["done"] += 1
        self._last_was_killed = ended == -signal.SIGKILL
        self._watcher.settle(time.monotonic())

    def verify(self) -> None:
        """Let the program count again, which must find nothing."""
        done = self._site.command("counts", "verify")
        self.runs["counts verified"] += 1
        if done.returncode:
            self._judge.find(f"`mapapp counts verify`: {done.stdout}{done.stderr}")

    def end(self) -> None:
        """Publish no more."""
        self._over.set()
        self.join()
