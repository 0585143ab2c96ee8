"""Attacks on released numbers, by somebody who knows everything about everybody else.

They know all numbers but one person's part, so what they read differs from what they know by the
noise and that person. Nobody who knows less can do better.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from mapapp.actions.statistics import release_make
from mapapp.actions.statistics.release_make import make_one
from mapapp.domain.published import release_rules
from mapapp.domain.published.release_rules import (
    FULL_BUDGET,
    THOUSAND,
    Attribute,
    epochs_of,
    query_of,
)
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import BETWEEN, OLD, ManyMaps
from tests.attacks.target import Target

FIRST, SECOND = date(2027, 1, 2), date(2027, 4, 2)
KNOWN = 50
"""People who said it, or who hide, and of whom the attacker knows: enough to be shown."""
FAKES = 10
SEED = 15


def what_one_person_tried(target: Target, trials: int) -> Outcome:
    """Attack 15: ten fake accounts push a number up until it is shown; who else is in it?"""
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(trials)
    for condition in maps.conditions:
        others = maps.people(condition, KNOWN, "members")
        fakes = maps.people(condition, FAKES, "members")
        (person,) = maps.people(condition, 1, "members")
        went = "better" if maps.secrets[condition.id] else "worse"
        said = [(i, "better") for i in (*others, *fakes)]
        maps.treatment(condition, [*said, (person, went)])
    _release(maps, target, FIRST)
    right = sum(
        _guessed(_first_number(target.get(f"/conditions/{c.slug}/treatments")), KNOWN + FAKES)
        == maps.secrets[c.id]
        for c in maps.conditions
    )
    # One answer of five that the person may give; the rest of the bound is others' treatments.
    query = query_of(Attribute.OUTCOME)
    spent = 2 * query.spent(FULL_BUDGET) / THOUSAND / query.bound  # it is in one cell or another
    return Outcome(trials, right, spent)


def who_came_between_two_releases(target: Target, trials: int) -> Outcome:
    """Attack 18: the number of hidden people of two quarters, when one person may have come."""
    maps = ManyMaps(target.session, random.Random(SEED + 3))
    maps.add(trials)
    for condition in maps.conditions:
        maps.people(condition, KNOWN, "counted", OLD)
        if maps.secrets[condition.id]:
            maps.people(condition, 1, "counted", BETWEEN)
    _release(maps, target, FIRST)
    before = {c.id: _hidden(target, c.slug) for c in maps.conditions}
    _release(maps, target, SECOND)
    right = 0
    for condition in maps.conditions:
        # The first answers say nothing of who came later; they are read to see that they are there.
        assert before[condition.id]
        found = _hidden(target, condition.slug)
        # Both levels are evidence; a step hides half of its width on average.
        middle = sum(found) / len(found) + (release_rules.TOLD_IN_STEPS - 1) / 2
        guess = middle > KNOWN + 0.5
        right += guess == maps.secrets[condition.id]
    spent = epochs_of(SECOND)[0].spent(FULL_BUDGET) / THOUSAND
    return Outcome(trials, right, spent)


@contextmanager
def without_noise() -> Iterator[None]:
    """Release true numbers, and those of hidden people not in steps."""
    with (
        patch.object(release_make, "with_noise", lambda numbers, _scale: dict(numbers)),
        patch.object(release_rules, "TOLD_IN_STEPS", 1),
    ):
        yield


ATTACKS = (
    Attack("15", "what one person tried, with ten fakes", what_one_person_tried, without_noise, 30),
    Attack("18", "who came between releases", who_came_between_two_releases, without_noise, 30),
)


def _release(maps: ManyMaps, target: Target, day: date) -> None:
    maps.publish()
    for condition in maps.conditions:
        for epoch in epochs_of(day):
            make_one(target.engine, target.settings, condition.id, epoch, day)


def _guessed(number: int | None, known: int) -> bool:
    return number is not None and number > known


def _first_number(page: str) -> int | None:
    found = re.search(r'bar-better.*?<span class="bar-number">about ([\d,]+)', page, re.DOTALL)
    return int(found[1].replace(",", "")) if found else None


def _hidden(target: Target, slug: str) -> list[int]:
    """Return the estimates on the pages of the map, of the world and of the country."""
    pages = (f"/conditions/{slug}", f"/conditions/{slug}/areas/GB")
    found = [re.search(r"About <strong>([\d,]+) ", target.get(page)) for page in pages]
    return [int(one[1].replace(",", "")) for one in found if one]
