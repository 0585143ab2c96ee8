"""Attacks on the numbers of a map by made-up people, with accounts as anybody can make them."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count, cycle, islice
from unittest.mock import PropertyMock, patch

from sqlalchemy import select

from mapapp.actions.core import quotas
from mapapp.actions.published.publishing import publish
from mapapp.actions.safety import growth_notice
from mapapp.domain.safety.case_rules import GROWTH
from mapapp.domain.safety.growth_rules import MONTH_PEOPLE, SUDDEN_PEOPLE
from mapapp.schedule import USUAL, schedule
from mapapp.settings import Settings
from mapapp.store.moderation import Case
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.members_made import OverLimitError, joined
from tests.attacks.target import Target

DAY = 86_400
PUBLICATIONS = 3
"""After so many everybody who joined on one day is published."""
SEED = 20
_numbers = count(1)


@dataclass(frozen=True)
class Map:
    """A map of the site, by number and short name."""

    id: int
    slug: str


@dataclass(frozen=True)
class Campaign:
    """Accounts that are made on one day, from networks in turn."""

    accounts: int
    networks: int

    def __str__(self) -> str:
        return f"{self.accounts} from {self.networks}"


CAMPAIGNS = (
    Campaign(33, 3),
    Campaign(10, 1),
    Campaign(10, 10),
    Campaign(100, 1),
    Campaign(100, 10),
)


def how_far_they_move_a_map(target: Target, trials: int) -> Outcome:
    """Attack 20: put made-up people on a map of sixty; how many come, and who notices?

    Wrong is what is more than a network may add in a day, and what grows a map as much as
    moderators are to be told of, and is not told.
    """
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(trials)
    maps.publish()
    wrong, seen = 0, {}
    # Plain values: reading a row again would hold what the site waits for.
    conditions = [Map(one.id, one.slug) for one in maps.conditions]
    for condition, campaign in zip(conditions, islice(cycle(CAMPAIGNS), trials), strict=True):
        before, most, moment = _listed(target, condition), 0, int(time.time())
        with _once_a_day(target):
            _join(target, condition, campaign)
        for _ in range(PUBLICATIONS):
            moment += DAY
            most = max(most, _publish(target, condition, moment))
        moved, told = _listed(target, condition) - before, _is_told(target, condition)
        too_many = moved > quotas.ACCOUNTS_MADE.most * campaign.networks
        wrong += too_many or (not told and (most >= SUDDEN_PEOPLE or moved >= MONTH_PEOPLE))
        seen[campaign] = f"{campaign}: {moved}{' told' if told else ''}"
    note = "networks, people added to 60: " + ", ".join(seen.values())
    return Outcome(trials, wrong, guessing=0, note=note)


def _join(target: Target, condition: Map, campaign: Campaign) -> None:
    networks = [f"2001:db8:{next(_numbers):x}::1" for _ in range(campaign.networks)]
    for number in range(campaign.accounts):
        address, name = f"made.up.{next(_numbers)}@example.org", f"Person {next(_numbers)}"
        with suppress(OverLimitError):
            joined(target, condition.slug, networks[number % len(networks)], address, name)


def _publish(target: Target, condition: Map, moment: int) -> int:
    """Publish, and return by how many the map grew; moderators are told as the worker does it."""
    before = _listed(target, condition)
    target.session.rollback()
    with _once_a_day(target):
        publish(target.engine, target.settings, moment)
    growth_notice.tell_of_growth(target.engine, moment)
    return _listed(target, condition) - before


def _listed(target: Target, condition: Map) -> int:
    told = target.get(f"/api/v1/conditions/{condition.slug}/counts?level=country")
    return int(re.findall(r'"total":(\d+)', told)[0])


def _is_told(target: Target, condition: Map) -> bool:
    case = select(Case.id).where(Case.kind == GROWTH, Case.condition_id == condition.id)
    found = target.session.scalar(case.limit(1)) is not None
    target.session.rollback()
    return found


@contextmanager
def _once_a_day(target: Target) -> Iterator[None]:
    """Let the site of tests, on which others see each act at once, publish as others do."""
    if not target.settings.schedule.is_live:
        yield
        return
    daily = schedule(USUAL)
    with patch.object(Settings, "schedule", new_callable=PropertyMock, return_value=daily):
        yield


@contextmanager
def _unnoticed() -> Iterator[None]:
    with patch("mapapp.actions.safety.growth_notice.how_it_grew", lambda *_given: ""):
        yield


ATTACKS = (Attack("20", "people made up on a map", how_far_they_move_a_map, _unnoticed, 1, 200),)
