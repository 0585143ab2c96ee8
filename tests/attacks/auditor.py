"""Attack 16: an auditor puts all that can be had in two epochs into linear programs.

In the first attack everybody is known but one person, and the auditor asks which of two lives
explains all numbers best. In the second nobody is known, and the auditor asks between which numbers
those must be that are not shown.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from statistics import mean
from unittest.mock import patch

from sqlalchemy import update

from mapapp.actions.mail import consent_receipts
from mapapp.actions.statistics import release_make
from mapapp.actions.statistics.release_make import make_one
from mapapp.domain.core.choices import ROLE_LABELS, ROLES
from mapapp.domain.mail.consent_wordings import DECADES
from mapapp.domain.published.release_rules import Attribute, Epoch, Level, epochs_of
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Membership
from tests.attacks.audited import (
    Told,
    bars_told,
    epsilon_of,
    hidden_told,
    likeliest,
    people_told,
    widths,
)
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import LISTED, ManyMaps
from tests.attacks.on_releases import without_noise
from tests.attacks.target import Target

SEED = 16
KNOWN = 45
"""People of either kind, of whom the attacker knows: enough for both numbers to be shown."""
QUARTERS = tuple(epochs_of(date(2027, month, 2))[0] for month in (1, 4))
YEARS = tuple(epochs_of(date(year, 1, 2))[1] for year in (2027, 2028))
MOST_OF_A_ROLE = 50
NARROW = 4
"""An auditor bounded 5,805 of 30,618 numbers of an older export to fewer values than these."""


@dataclass(frozen=True)
class Secret:
    """What of one person is not known.

    Attributes:
        lives: as the person says it, and as pages say it.
        epochs: in which it was released.
        spent: epsilon, of both epochs.
        put: lets people say it on a map.
        read: returns what the pages of a map tell.
    """

    lives: dict[object, str | None]
    epochs: Sequence[Epoch]
    spent: float
    put: Callable[[ManyMaps, Condition, dict[object, list[int]]], None]
    read: Callable[[Target, str], list[Told]]


def one_person_in_two_epochs(target: Target, trials: int) -> Outcome:
    """Attack 16: for each map, which of two lives does the one person lead who is not known?"""
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(trials)
    secrets = {c.id: SECRETS[at % len(SECRETS)] for at, c in enumerate(maps.conditions)}
    for condition in maps.conditions:
        _fill(maps, condition, secrets[condition.id])
    maps.publish()
    told: dict[int, list[Told]] = {c.id: [] for c in maps.conditions}
    for epoch in range(2):
        for condition in maps.conditions:
            secret = secrets[condition.id]
            _release(target, condition, secret.epochs[epoch])
            told[condition.id] += secret.read(target, condition.slug)
    right = sum(_guessed(secrets[c.id], told[c.id]) == maps.secrets[c.id] for c in maps.conditions)
    return Outcome(trials, right, _all_spent([one.spent for one in secrets.values()]))


def numbers_that_are_not_shown(target: Target, trials: int) -> Outcome:
    """Attack 16: how many maps have a number that is not shown, and still is all but told?"""
    chance = random.Random(SEED)
    maps = ManyMaps(target.session, chance)
    maps.add(trials)
    for condition in maps.conditions:
        for role in ROLES:
            people = maps.people(condition, chance.randrange(MOST_OF_A_ROLE), "members")
            _say(maps, condition, people, role=role)
    maps.publish()
    told: dict[int, list[Told]] = {c.id: [] for c in maps.conditions}
    for epoch in YEARS:
        for condition in maps.conditions:
            _release(target, condition, epoch)
            told[condition.id] += _roles(target, condition.slug)
    bounded = 0
    for condition in maps.conditions:
        people = people_told(target.get(f"/conditions/{condition.slug}/statistics"))
        bounded += any(width < NARROW for width in widths(told[condition.id], people))
    return Outcome(trials, bounded, guessing=0.0)


def _fill(maps: ManyMaps, condition: Condition, secret: Secret) -> None:
    """Put as many people of either kind on a map, and the one person."""
    first, second = secret.lives
    said = {life: _people(maps, condition, secret, life, KNOWN) for life in (first, second)}
    mine = second if maps.secrets[condition.id] else first
    said[mine] += _people(maps, condition, secret, mine, 1)
    secret.put(maps, condition, said)


def _people(
    maps: ManyMaps, condition: Condition, secret: Secret, life: object, n: int
) -> list[int]:
    if secret.lives[life] is None:
        return []  # who is not there
    return maps.people(condition, n, "counted" if secret is HIDDEN else "members")


def _guessed(secret: Secret, told: Sequence[Told]) -> bool:
    cells = list(secret.lives.values())
    known = {cell: KNOWN for cell in cells if cell}
    if secret is ROLE:
        known[ROLE_LABELS["self"]] += LISTED
    return likeliest(told, known, cells) == 1


def _release(target: Target, condition: Condition, epoch: Epoch) -> None:
    day = date(epoch.year, 4 if epoch is QUARTERS[1] else 1, 2)
    make_one(target.engine, target.settings, condition.id, epoch, day)


def _all_spent(spent: Sequence[float]) -> float:
    """Return the epsilon that allows as much as these do on average."""
    allowed = mean(1 / (1 + math.exp(-one)) for one in spent)
    return math.log(allowed / (1 - allowed))


def _say(maps: ManyMaps, condition: Condition, people: Sequence[int], **said: object) -> None:
    mine = (Membership.condition_id == condition.id, Membership.member_id.in_(people))
    maps.session.execute(update(Membership).where(*mine).values(said))


def _say_role(maps: ManyMaps, condition: Condition, said: dict[object, list[int]]) -> None:
    for role, people in said.items():
        _say(maps, condition, people, role=role)


def _say_birth(maps: ManyMaps, condition: Condition, said: dict[object, list[int]]) -> None:
    for decade, people in said.items():
        _say(maps, condition, people, birth_decade=decade)
        agreed = (consent_receipts.receipt(i, DECADES, condition.id) for i in people)
        insert_rows(maps.session, Consent, list(agreed))


def _say_outcome(maps: ManyMaps, condition: Condition, said: dict[object, list[int]]) -> None:
    maps.treatment(condition, [(i, str(went)) for went, all_of in said.items() for i in all_of])


def _say_nothing(_maps: ManyMaps, _condition: Condition, _said: dict[object, list[int]]) -> None:
    """Hidden people are counted, whatever they say."""


def _roles(target: Target, slug: str) -> list[Told]:
    page = target.get(f"/conditions/{slug}/statistics")
    return bars_told(page, "role", Attribute.ROLE)


def _births(target: Target, slug: str) -> list[Told]:
    page = target.get(f"/conditions/{slug}/statistics")
    return bars_told(page, "birth", Attribute.BIRTH)


def _outcomes(target: Target, slug: str) -> list[Told]:
    page = target.get(f"/conditions/{slug}/treatments")
    return bars_told(page, "chart", Attribute.OUTCOME)


def _of_two_cells(attribute: Attribute) -> float:
    """Return what two years cost somebody who is in one number or in another."""
    return 2 * epsilon_of(attribute) * len(YEARS)


HIDDEN = Secret(
    {"counted": "hidden", "elsewhere": None},
    QUARTERS,
    len(QUARTERS) * sum(epsilon_of(Attribute.PEOPLE, level) for level in Level),
    _say_nothing,
    hidden_told,
)
ROLE = Secret(
    {role: ROLE_LABELS[role] for role in ("self", "parent")},
    YEARS,
    _of_two_cells(Attribute.ROLE),
    _say_role,
    _roles,
)
SECRETS = (
    HIDDEN,
    ROLE,
    Secret(
        {decade: f"{decade} to {decade + 9}" for decade in (1970, 1980)},
        YEARS,
        _of_two_cells(Attribute.BIRTH),
        _say_birth,
        _births,
    ),
    Secret(
        {"better": "Better", "worse": "Worse"},
        YEARS,
        _of_two_cells(Attribute.OUTCOME),
        _say_outcome,
        _outcomes,
    ),
)


@contextmanager
def _without_noise_or_error() -> Iterator[None]:
    """Release true numbers, and say that they are."""
    with without_noise(), patch.object(release_make, "error_of", lambda _scale: 0):
        yield


ATTACKS = (
    Attack("16", "one person in two epochs", one_person_in_two_epochs, without_noise, short=40),
    Attack(
        "16b",
        "numbers that are not shown",
        numbers_that_are_not_shown,
        _without_noise_or_error,
        short=12,
    ),
)
