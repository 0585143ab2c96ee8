"""Attack 17: which card on one map and which on another are one person's?

People join, move and write on two maps on the same days, in the same areas and with the same words
of themselves: nothing that they chose tells them apart. The attacker reads everything every day,
has accounts on both maps, does something to half of the cards on one of them, and learns from the
own accounts which traits of cards tell anything.
"""

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import mean
from typing import Any
from unittest.mock import patch

from mapapp.actions.members import place_set
from mapapp.domain.published.listing_order import order_key
from tests.attacks.duel import Attack, Outcome
from tests.attacks.pairs_of_maps import (
    DAYS,
    JOIN,
    MOVE,
    OWN,
    PEOPLE,
    QUESTION,
    REGION,
    PairOfMaps,
    Pairs,
    first_and_second_place,
)
from tests.attacks.target import Target, Visitor

SEED = 17
ASKED = 2
"""A new account may ask so many people in a day."""
CHANGES = re.compile(r'<input[^>]*name="(?:csrf_token|key|words)"[^>]*>')
"""Fields of forms that differ each time a page is made."""
ID = r"[0-9a-f-]{36}"

Traits = dict[str, str | float]
"""What the attacker noted of a card: a text, or a place in an order."""


@dataclass
class Seen:
    """What the attacker knows of the cards on one map, by the name on them."""

    slug: str
    ids: dict[str, str] = field(default_factory=dict)
    traits: dict[str, Traits] = field(default_factory=lambda: defaultdict(dict))

    def look(self, visitor: Visitor, day: int) -> None:
        """Read the list of people, as everybody can each day."""
        cards = visitor.get(f"/conditions/{self.slug}/areas/{REGION}/people.json")
        for at, card in enumerate(_json(cards.text)["people"]):
            name = card["name"]
            self.ids[name] = re.search(ID, card["connect"])[0]  # type: ignore[index]
            mine = self.traits[name]
            mine |= {"id": self.ids[name], "order": at}
            mine.setdefault("came", day)
            mine.setdefault("first place", card["place"])
            if card["place"] != mine["first place"]:
                mine.setdefault("moved", day)

    def read_texts(self, visitor: Visitor) -> None:
        """Read what they wrote, newest first and most helpful first."""
        for order in ("newest", "helpful"):
            page = visitor.get(f"{self._answers}?order={order}").text
            for at, (piece, text) in enumerate(_texts(page)):
                for name in self.ids:
                    if name in text:
                        self.traits[name] |= {f"text {order}": at, "text": piece}

    @property
    def _answers(self) -> str:
        return f"/conditions/{self.slug}/questions/{QUESTION}/answers"

    def faces(self, account: Visitor) -> dict[str, str]:
        """Return all that an account of the attacker reads of each card."""
        page = account.get(self._answers).text
        text = {name: part for _, part in _texts(page) for name in self.ids if name in part}
        return {
            name: CHANGES.sub("", self.page(account, one, self.slug) + text.get(name, ""))
            for name, one in self.ids.items()
        }

    @staticmethod
    def page(account: Visitor, public_id: str, slug: str) -> str:
        """Return the page on which a person is asked for contact, on whatever map."""
        return account.get(f"/members/{public_id}/connect?condition={slug}").text

    def act_upon(self, account: Visitor, names: Sequence[str]) -> None:
        """Vote for what they wrote, ask some of them, and block the others."""
        for piece, text in _texts(account.get(self._answers).text):
            if any(name in text for name in names):
                account.post(f"/posts/{piece}/vote", {"helpful": "yes"})
        for at, name in enumerate(names):
            where = f"/members/{self.ids[name]}"
            asked = {"reason": "meet", "greeting": "hello"}
            if at < ASKED:
                account.post(f"{where}/connect?condition={self.slug}", asked)
            else:
                account.post(f"{where}/block?condition={self.slug}", {})


def one_person_on_two_maps(target: Target, trials: int) -> Outcome:
    """Attack 17: for each card on the first map, choose among those on the second."""
    chance = random.Random(SEED)
    worlds = Pairs(target, chance)
    with worlds.same_ids():
        pairs = [worlds.new() for _ in range(math.ceil(trials / PEOPLE))]
        seen = [_both(pair) for pair in pairs]
        first, second = first_and_second_place()
        for day in range(DAYS + 1):
            for pair in pairs if day in {JOIN, MOVE} else ():
                worlds.place(pair, day, second if day == MOVE else first)
            worlds.publish(day)
            for number, both in enumerate(seen):
                for one in both:
                    one.look(_reader(target, number), day)
        for pair in pairs:
            worlds.write(pair)
        target.session.commit()
    for number, (pair, both) in enumerate(zip(pairs, seen, strict=True)):
        _probe(target, number, pair, both, chance)
    worth = _worth(pairs, seen)
    right = sum(_linked(pair, both, worth, chance) for pair, both in zip(pairs, seen, strict=True))
    return Outcome(PEOPLE * len(pairs), right, guessing=1 / PEOPLE)


def _both(pair: PairOfMaps) -> tuple[Seen, Seen]:
    first, second = (Seen(one.slug) for one in pair.maps)
    return first, second


def _reader(target: Target, number: int) -> Visitor:
    """Return a visitor from a network of its own, who may read so many names in a day."""
    return target.visitor(f"203.0.{number // 250}.{number % 250 + 1}", None)


def _probe(
    target: Target,
    number: int,
    pair: PairOfMaps,
    both: tuple[Seen, Seen],
    chance: random.Random,
) -> None:
    """Note what texts tell, what other addresses tell, and what changes where something is done."""
    first, second = both
    for one in both:
        one.read_texts(_reader(target, number))
    account = target.visitor("198.51.100.7", pair.cards[0][0].who)
    own = {card.pseudonym for cards in pair.cards for card in cards[:1]}
    for name, public_id in first.ids.items():
        page = first.page(account, public_id, second.slug)
        first.traits[name]["opens"] = next((f"{o}." for o in second.ids if o in page), "")
    for name in second.ids:
        second.traits[name]["opens"] = f"{name}."
    others = sorted(first.ids.keys() - own)
    touched = chance.sample(others, len(others) // 2)
    before = second.faces(account)
    first.act_upon(account, touched)
    after = second.faces(account)
    for name in first.ids:
        first.traits[name]["changes"] = float(name in touched)
    for name in second.ids:
        second.traits[name]["changes"] = float(before[name] != after[name])


def _surprise(a: Traits, b: Traits, others: Sequence[Traits]) -> dict[str, float]:
    """Return for each trait how much nearer two cards are than one and any other are."""
    found = {}
    for trait in a.keys() & b.keys():
        near = _nearness(a[trait], b[trait])
        as_near = sum(_nearness(a[trait], one.get(trait, "")) >= near for one in others)
        found[trait] = -math.log(as_near / len(others))
    return found


def _nearness(one: str | float, other: str | float) -> float:
    if isinstance(one, str) and isinstance(other, str):
        return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 99)
    if isinstance(one, str) or isinstance(other, str):
        return -math.inf
    return -abs(one - other)


def _worth(pairs: Sequence[PairOfMaps], seen: Sequence[tuple[Seen, Seen]]) -> Mapping[str, float]:
    """Return what each trait tells, judged by the attacker's own accounts."""
    same: dict[str, list[float]] = defaultdict(list)
    different: dict[str, list[float]] = defaultdict(list)
    for pair, (first, second) in zip(pairs, seen, strict=True):
        others = list(second.traits.values())
        for i, mine in enumerate(pair.cards[0][:OWN]):
            for j, other in enumerate(pair.cards[1][:OWN]):
                both = first.traits[mine.pseudonym], second.traits[other.pseudonym]
                for trait, much in _surprise(*both, others).items():
                    (same if i == j else different)[trait].append(much)
    return {trait: max(0.0, mean(same[trait]) - mean(different[trait])) for trait in same}


def _linked(
    pair: PairOfMaps, both: tuple[Seen, Seen], worth: Mapping[str, float], chance: random.Random
) -> int:
    """Return for how many people the attacker chose the right card on the second map."""
    first, second = both
    theirs = {card.pseudonym: card.who.id for card in pair.cards[1][OWN:]}
    others = list(second.traits.values())
    right = 0
    for card in pair.cards[0][OWN:]:
        mine = first.traits[card.pseudonym]
        points = {
            name: sum(
                worth.get(trait, 0.0) * much
                for trait, much in _surprise(mine, second.traits[name], others).items()
            )
            for name in theirs
        }
        best = max(points.values())
        guess = chance.choice(sorted(name for name, much in points.items() if much == best))
        right += theirs[guess] == card.who.id
    return right


def _texts(page: str) -> list[tuple[str, str]]:
    """Return the texts of a page with their ids, in its order."""
    parts = re.split(rf'<li class="post" id="post-({ID})">', page)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


@contextmanager
def _one_order_for_an_account() -> Iterator[None]:
    """Let the order of cards follow from the account, the same on each map."""
    insert = place_set._insert

    def _insert(ctx: Any, who: Any, condition_id: int, wanted: Any) -> Any:
        def _key(secret: str, _condition_id: int, _public_id: str) -> int:
            return order_key(secret, 0, str(who.id))

        with patch.object(place_set, "order_key", _key):
            return insert(ctx, who, condition_id, wanted)

    with patch.object(place_set, "_insert", _insert):
        yield


ATTACKS = (
    Attack(
        "17",
        "one person on two maps",
        one_person_on_two_maps,
        _one_order_for_an_account,
        short=30,
    ),
)
