"""Telling two worlds apart by likeness: the attacker does both on maps of their own, and compares.

All that comes back is evidence, whether its meaning is known or not: status, headers, each line and
how often it is there. What differs from map to map by nature is left out: ids, tokens, names.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle, islice
from typing import Any

from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from tests.attacks.duel import Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.target import Reply, Target, Visitor

BY_NATURE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # public ids
    r"|map-\d+|Map \d+|ATTACK:\d+|Person \d+"  # of ManyMaps
    r'|name="(?:csrf_token|pseudonym)"[^>]*>'
    r"|(?<=[?&;]at=)[\w.~-]+|(?<=[?&;]page=)[\w.~-]+"  # what an address veils
    r'|name="seen" value="[^"]*"'
)
PIECES = re.compile(r"\n|(?<=\}),")
SILENT = {"date", "etag", "content-length", "set-cookie"}

LISTED = 5
"""On each map, besides those who play a part."""

Look = Counter[tuple[object, ...]]
"""What a reader saw: each piece of each answer, and how often it was there."""


@dataclass(frozen=True)
class Scene:
    """What happens on each map.

    Attributes:
        kinds: the questions; the maps take turns.
        arrange: brings people on a map before anything happens.
        act: does the first of two things (True) or the second.
        see: reads what the attacker reads.
    """

    kinds: Sequence[str]
    arrange: Callable[["Stage", Condition], None]
    act: Callable[["Stage", Condition, bool], None]
    see: Callable[["Stage", Condition], Sequence[Reply]]


@dataclass
class Visitors:
    """Visitors of a site, of whom each has a network of their own."""

    target: Target
    networks: Iterator[int] = field(init=False, default_factory=lambda: count(1))

    def visitor(self, member_id: int | None = None) -> Visitor:
        """Return somebody who was never here: a visitor, or a member with a new browser."""
        n = next(self.networks)
        member = None if member_id is None else self.target.session.get_one(Member, member_id)
        self.target.session.commit()  # whoever has read cannot write after others have
        return self.target.visitor(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", member)


@dataclass
class Stage(Visitors):
    """Where it plays: a site with very many maps.

    Attributes:
        kind: what is asked on the map whose turn it is.
        cast: who plays a part on a map, by its number and the part.
    """

    maps: ManyMaps
    scene: Scene
    kind: str = ""
    cast: dict[tuple[int, str], int] = field(default_factory=dict)
    browsers: dict[tuple[int, str], Visitor] = field(default_factory=dict)

    def bring(self, condition: Condition, part: str, visibility: str = "", **said: object) -> None:
        """Bring a new member, on the map if they have a visibility, found by the part they play."""
        if visibility:
            found = self.maps.people(condition, 1, visibility, **said)
        else:
            found = self.maps.members(1)
        (self.cast[condition.id, part],) = found

    def player(self, condition: Condition, part: str) -> Visitor:
        """Return who plays this part; '' is a visitor. The browser is the same each time."""
        key = condition.id, part
        if key not in self.browsers:
            self.browsers[key] = self.visitor(self.cast[key] if part else None)
        return self.browsers[key]

    def play(self, asked: Sequence[tuple[str, bool]]) -> list[Look]:
        """Let it happen on as many new maps, and return what there is to see on each.

        It is looked at before, afterwards, and after the next publication.
        """
        turns = list(zip(self.maps.add(len(asked), LISTED), asked, strict=True))
        self._each(turns, lambda condition, _: self.scene.arrange(self, condition))
        self.target.publish()
        views = [self._each(turns, lambda condition, _: self.scene.see(self, condition))]
        self._each(turns, partial(self.scene.act, self))
        self.target.session.commit()
        views.append(self._each(turns, lambda condition, _: self.scene.see(self, condition)))
        self.target.publish()
        views.append(self._each(turns, lambda condition, _: self.scene.see(self, condition)))
        return [look(of_one) for of_one in zip(*views, strict=True)]

    def _each(
        self,
        turns: Sequence[tuple[Condition, tuple[str, bool]]],
        does: Callable[[Condition, bool], Any],
    ) -> list[Any]:
        done = []
        for condition, (self.kind, is_first) in turns:
            done.append(does(condition, is_first))
        return done


def tell_apart(target: Target, trials: int, scene: Scene, seed: int) -> Outcome:
    """Let something happen on so many maps, and say how often the attacker told which it was.

    First they do both themselves, and see for which questions that makes a difference: on these
    they bet, or on all if there is none.
    """
    chance = random.Random(seed)
    stage = Stage(target, ManyMaps(target.session, chance), scene)
    both = [(kind, is_first) for kind in scene.kinds for is_first in (True, False)]
    known = dict(zip(both, stage.play(both), strict=True))
    telling = [one for one in scene.kinds if known[one, True] != known[one, False]] or scene.kinds
    asked = [(kind, chance.random() < 0.5) for kind in islice(cycle(telling), trials)]
    right = 0
    for (kind, is_first), seen in zip(asked, stage.play(asked), strict=True):
        right += looks_like_first(seen, known[kind, True], known[kind, False], chance) == is_first
    return Outcome(trials, right)


def done(reply: Reply) -> None:
    """Refuse to go on when an act was not done."""
    if reply.status != 303:
        raise RuntimeError(f"The site did not do it: {reply.status} {reply.text}")


def look(views: Sequence[Sequence[Reply]]) -> Look:
    """Return what there is to see in the same pages, read again and again."""
    seen: Look = Counter()
    for when, replies in enumerate(views):
        for at, reply in enumerate(replies):
            seen.update((when, at, *piece) for piece in pieces_of(reply))
            if when:
                seen[when, at, _tag(reply) == _tag(views[when - 1][at])] += 1
    return seen


def pieces_of(reply: Reply) -> Iterator[tuple[object, ...]]:
    """Yield what an answer consists of, without what differs by nature."""
    yield (reply.status,)
    for name, value in reply.headers:
        if name.lower() not in SILENT:
            yield name.lower(), BY_NATURE.sub("", value)
    text = reply.body.decode(errors="backslashreplace")
    for piece in PIECES.split(BY_NATURE.sub("", text)):
        yield (piece.strip(),)


def _tag(reply: Reply) -> str:
    return next((value for name, value in reply.headers if name.lower() == "etag"), "")


def looks_like_first(seen: Look, first: Look, second: Look, chance: random.Random) -> bool:
    """Say whether what was seen is more like the first than the second; by lot if it is neither."""
    far, farther = _apart(seen, first), _apart(seen, second)
    return far < farther if far != farther else chance.random() < 0.5


def _apart(one: Look, other: Look) -> int:
    return (one - other).total() + (other - one).total()
