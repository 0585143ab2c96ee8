"""Pairs of maps with the same people on both, who do the same on the same days."""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from unittest.mock import patch

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import post_write
from mapapp.actions.knowledge.post_write import Draft
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.members import place_set
from mapapp.actions.members.place_set import Placement
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.schedule import DAY_LONG
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from tests import factories
from tests.attacks.target import Target
from tests.moments import midnight
from tests.places import zones_of

REGION = "GB-ENG"
QUESTION = "treatments"
PEOPLE, OWN = 10, 3
"""On both maps of a pair: people whom the attacker does not know, and accounts of the attacker."""
NOON = midnight(date(2027, 3, 1)) + DAY_LONG // 2
JOIN, MOVE, DAYS = 0, 4, 8
"""On which days all join and all move, and so many publications."""
TEXT = "I walk every morning, and plan one thing a day."


@dataclass(frozen=True)
class Card:
    """Whose card it is, which the attacker knows of the own ones alone."""

    who: Member
    pseudonym: str


@dataclass(frozen=True)
class PairOfMaps:
    """Two maps with the cards of the same people; the attacker's own come first in both."""

    maps: tuple[Condition, Condition]
    cards: tuple[list[Card], list[Card]]


@dataclass
class Pairs:
    """Arranges pairs of maps on a site that publishes once a day, whatever its setting is."""

    target: Target
    chance: random.Random

    @property
    def daily(self) -> Settings:
        """The settings of the site, with one publication a day."""
        return self.target.settings.model_copy(update={"publish": "daily@04:00"})

    def _at(self, day: int, who: Member) -> Context:
        now = NOON + day * DAY_LONG
        return Context(self.target.session, self.daily, load_areas(), who.id, now)

    def new(self) -> PairOfMaps:
        """Return two maps, which nobody has joined yet."""
        session = self.target.session
        first, second = (factories.make_condition(session) for _ in range(2))
        people = [factories.make_member(session) for _ in range(OWN + PEOPLE)]
        named = [[Card(one, f"Bird {self._word()}") for one in people] for _ in range(2)]
        return PairOfMaps((first, second), (named[0], named[1]))

    def _word(self) -> str:
        return "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=10)).capitalize()

    def place(self, pair: PairOfMaps, day: int, zone: int) -> None:
        """Let all of them place themselves, in whatever order."""
        for condition, card in self._in_any_order(pair):
            wanted = Placement(
                zone, load_areas().version, "public", "self", card.pseudonym, soon=False
            )
            place_set.place(self._at(day, card.who), condition.id, wanted)

    def write(self, pair: PairOfMaps) -> None:
        """Let all of them answer the same question on both maps."""
        asked = {c.id: take_from_set(self.target.session, c.id, QUESTION) for c in pair.maps}
        for condition, card in self._in_any_order(pair):
            draft = Draft(TEXT, "self", "public")
            ctx = self._at(DAYS, card.who)
            post_write.write(ctx, condition.id, asked[condition.id], draft, str(uuid.uuid4()))

    def _in_any_order(self, pair: PairOfMaps) -> list[tuple[Condition, Card]]:
        acts = [
            (condition, card)
            for condition, cards in zip(pair.maps, pair.cards, strict=True)
            for card in cards
        ]
        self.chance.shuffle(acts)
        return acts

    def publish(self, day: int) -> None:
        """Make the publication of a day."""
        self.target.session.commit()
        publish(self.target.engine, self.daily, NOON + day * DAY_LONG)

    @contextmanager
    def same_ids(self) -> Iterator[None]:
        """Let new ids be the same in each run, so that a run can be repeated."""

        def _drawn() -> uuid.UUID:
            return uuid.UUID(int=self.chance.getrandbits(128), version=4)

        with patch.object(uuid, "uuid4", _drawn):
            yield


def first_and_second_place() -> tuple[int, int]:
    """Return the zones in which all are, before and after they move."""
    first, second, *_ = zones_of(REGION)
    return first, second
