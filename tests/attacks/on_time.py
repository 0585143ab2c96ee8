"""Attacks on the moment at which somebody came, by watching everything public for a month.

All members are on one map, each in a zone of their own, so one answer tells whoever watches which
of them have come. A page can change when somebody writes, when the site publishes and when an hour
begins. So looking just before and just after each sees all that looking every minute does.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from unittest.mock import PropertyMock, patch

from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.actions.members.place_set import Placement
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published import publication_lots
from mapapp.schedule import Schedule
from mapapp.store.members import Member
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.target import SOME_NETWORK, Target, Visitor

HOUR, DAY, DAYS = 3_600, 86_400, 30
MINUTES_A_DAY = 1_440
FIRST = 1_798_761_600  # 2027-01-01, a midnight
PUBLISHED_AT, PUBLICATION = "daily@04:00", 4 * HOUR
ZONE = 3  # level of an area
BETWEEN = 6 * HOUR
"""So often it looks when nothing happens, too."""
LOTS = publication_lots.LOTS
SEED = 19


@dataclass
class Watcher:
    """Somebody who looks, and remembers when anything changed.

    Attributes:
        changed: moments at which some answer differed from the one before.
        seen: by zone, the first moment at which anybody was there.
    """

    who: Visitor
    slug: str
    changed: list[int] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    _last: dict[str, object] = field(default_factory=dict)

    def look(self, now: int) -> None:
        """Ask for the numbers by zone, and for pages that may tell of somebody by a byte."""
        here = f"/conditions/{self.slug}"
        for path in (f"/api/v1{here}/counts?level=zone", here, f"{here}/areas/world"):
            reply = self.who.get(path)
            headers = [pair for pair in reply.headers if pair[0] != "Date"]
            answer = (reply.status, headers, reply.body)
            if answer != self._last.get(path) and path in self._last:
                self.changed.append(now)
            self._last[path] = answer
            if path.startswith("/api"):
                for zone in _zones_told(reply.text):
                    self.seen.setdefault(zone, now)

    def guess(self, zone: int, chance: random.Random) -> int:
        """Return the moment at which the person in this zone is thought to have come."""
        shown = self.seen.get(zone)
        if shown is None:
            return chance.randrange(FIRST, FIRST + DAYS * DAY)
        first = shown - publication_lots.LOTS * DAY
        # What changed when nothing was published betrays an act; a publication tells of three days.
        betrayed = [one for one in self.changed if first < one <= shown and not _is_published(one)]
        if betrayed:
            return betrayed[-1]
        return chance.randrange(first, shown)


def when_somebody_came(target: Target, trials: int, grain: int) -> Outcome:
    """Attack 19: poll every minute for a month; on which day, or in which hour, did each come?"""
    chance = random.Random(SEED)
    maps = ManyMaps(target.session, chance)
    maps.add(1)
    maps.publish()
    (condition,) = maps.conditions
    newcomers = _newcomers(target.session, chance, trials)
    settings = target.settings.model_copy(update={"publish": PUBLISHED_AT})
    watcher = Watcher(target.visitor(SOME_NETWORK, None), condition.slug)
    published = range(FIRST + PUBLICATION, FIRST + DAYS * DAY, DAY)
    moments = {*newcomers, *published, *range(FIRST, FIRST + DAYS * DAY, BETWEEN)}
    for now in sorted(moments):
        watcher.look(now - 1)
        if now in newcomers:
            _join(Context(target.session, settings, now=now), condition.id, *newcomers[now])
        if now in published:
            publish(target.engine, settings, now)
        watcher.look(now)
    right = sum(
        watcher.guess(zone, chance) // grain == moment // grain
        for moment, (_member, zone) in newcomers.items()
    )
    return Outcome(trials, right, guessing=grain / (LOTS * DAY))


def _newcomers(session: Session, chance: random.Random, n: int) -> dict[int, tuple[int, int]]:
    """Return who will come when, and into which zone; no two come in the same minute."""
    zones = chance.sample([int(one) for one in (load_areas().level == ZONE).nonzero()[0]], n)
    minutes = chance.sample(range(MINUTES_A_DAY, (DAYS - LOTS) * MINUTES_A_DAY), n)
    members = [Member(active=True) for _ in range(n)]
    session.add_all(members)
    session.flush()
    who = zip((one.id for one in members), zones, strict=True)
    found = dict(zip((FIRST + 60 * minute for minute in minutes), who, strict=True))
    session.commit()
    return found


def _join(ctx: Context, condition_id: int, member_id: int, zone: int) -> None:
    wanted = Placement(zone, ctx.areas.version, "members", "self", f"Person {member_id}")
    place_set.put(ctx, member_id, condition_id, wanted)
    ctx.session.commit()


def _zones_told(answer: str) -> list[int]:
    told: list[int] = json.loads(answer)["ids"]
    return told


def _is_published(moment: int) -> bool:
    return (moment - FIRST) % DAY == PUBLICATION


@contextmanager
def _with_the_next() -> Iterator[None]:
    with patch.object(publication_lots, "LOTS", 1):
        yield


@contextmanager
def _at_once() -> Iterator[None]:
    with patch.object(Schedule, "is_live", new_callable=PropertyMock, return_value=True):
        yield


_day, _hour = (partial(when_somebody_came, grain=grain) for grain in (DAY, HOUR))
ATTACKS = (
    Attack("19", "on which day somebody came, by polling for a month", _day, _with_the_next, 40),
    Attack("19b", "in which hour somebody came, by polling for a month", _hour, _at_once, 40),
)
