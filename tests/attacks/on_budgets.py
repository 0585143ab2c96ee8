"""Attacks on what is paid for once: asking for it fifty times at the same moment.

Releases cost epsilon, so asking again must draw nothing new. Exports cost nothing, and must be the
same file all day, or their differences would tell what happened between two publications.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics.export_asked import ask_for, make_asked
from mapapp.actions.statistics.export_make import Request
from mapapp.actions.statistics.release_check import check_releases
from mapapp.actions.statistics.release_make import make_one
from mapapp.actions.statistics.release_shares import Shares
from mapapp.domain.published.release_rules import FULL_BUDGET, epochs_of, map_budget
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS
from mapapp.store.database import make_engine
from mapapp.store.members import Member
from mapapp.store.records import Export, LedgerEntry, Release, ReleaseShare
from tests import factories
from tests.at_once import at_once, outcomes
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.members_made import token_of
from tests.attacks.target import PATIENCE, SOME_NETWORK, Reply, Target, Visitor

AT_ONCE = 50
YEAR = 2027
QUARTERS = tuple(epochs_of(date(YEAR, month, 2))[0] for month in (1, 4, 7, 10))
COST = QUARTERS[0].spent(FULL_BUDGET)
PAID_BEFORE = map_budget(FULL_BUDGET) - 3 * COST
"""What the person has spent this year, so that three quarters are left for them and no fourth."""
HIDDEN = 50
FORMATS = ("csv", "xlsx")
OK, SEE_OTHER = 200, 303
SEED = 13


def more_than_paid_for(target: Target, trials: int) -> Outcome:
    """Attack 13: fifty runs at once ask for four quarters, on a budget for three."""
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(trials)
    people = {}
    for condition in maps.conditions:
        (people[condition.id],) = maps.people(condition, 1, "counted")
        maps.people(condition, HIDDEN, "counted")
        paid = {"year": YEAR, "spent": PAID_BEFORE, "epoch": "before"}
        share = ReleaseShare(condition_id=condition.id, member_id=people[condition.id], **paid)
        target.session.add(share)
    maps.publish()
    runs = [_run(target, maps.chance.sample(list(people), trials), n) for n in range(AT_ONCE)]
    failed = at_once(runs)
    if failed:
        raise failed[0]
    runs[0]()  # what was refused is asked once more
    target.session.expire_all()
    right = sum(_took_part(target.session, *one) != 3 for one in people.items())
    wrong = len(list(check_releases(target.session))) + _asked_twice(target.session)
    target.session.commit()
    return Outcome(trials, right + wrong, guessing=0, note=f"{AT_ONCE} at once, 3 of 4 answered")


def _run(target: Target, conditions: list[int], number: int) -> Callable[[], None]:
    """Return a run like that of a process: with connections of its own."""

    def _ask() -> None:
        engine = make_engine(target.settings.sqlalchemy_url)
        try:
            _ask_all(engine)
        finally:
            engine.dispose()

    def _ask_all(engine: Engine) -> None:
        for condition_id in conditions:
            for i in range(len(QUARTERS)):
                epoch = QUARTERS[(i + number) % len(QUARTERS)]
                with suppress(IntegrityError):  # a run that many are in the way of is refused
                    make_one(engine, target.settings, condition_id, epoch, date(YEAR, 12, 31))

    return _ask


def _took_part(session: Session, condition_id: int, member_id: int) -> int:
    """Return in how many quarters somebody was counted, by what they paid."""
    spent = session.get_one(ReleaseShare, (condition_id, member_id)).spent
    return (spent - PAID_BEFORE) // COST


def _asked_twice(session: Session) -> int:
    """Return how many questions have more than one entry, or another number of answers."""
    key = (LedgerEntry.condition_id, LedgerEntry.epoch, LedgerEntry.query)
    answers = func.count(Release.ledger_id)
    rows = (
        select(func.count(), answers)
        .select_from(LedgerEntry)
        .outerjoin(Release, Release.ledger_id == LedgerEntry.id)
    )
    return sum(tuple(row) != (1, 1) for row in session.execute(rows.group_by(*key)))


def other_bytes_of_an_export(target: Target, trials: int) -> Outcome:
    """Attack 13b: fifty ask for the same file at once, while people come; do the bytes differ?"""
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(trials)
    admin = factories.make_member(target.session, staff=True, email=None)
    maps.publish()
    right = 0
    for number, condition in enumerate(maps.conditions):
        asked = {"conditions": condition.slug, "reason": "The numbers of the year"}
        asked |= {"level": EXPORT_LEVELS[0], "file_format": FORMATS[number % len(FORMATS)]}
        led = _all_at_once(target, admin, partial(_ask_for, asked))
        make_asked(target.engine, target.settings)
        files = sorted({f"{reply.location}/file" for reply in led})
        first = {_file(target, admin, path) for path in files}
        maps.people(condition, 5, "public")
        maps.publish()
        _all_at_once(target, admin, partial(_ask_for, asked))
        make_asked(target.engine, target.settings)
        right += len(files) != 1 or {_file(target, admin, path) for path in files} != first
    return Outcome(trials, right, guessing=0, note=f"{AT_ONCE} asked at once for each, twice")


def _ask_for(asked: dict[str, str], browser: Visitor) -> Reply:
    return browser.post("/admin/export", {"csrf_token": token_of(browser, "/admin"), **asked})


def _all_at_once(target: Target, admin: Member, ask: Callable[[Visitor], Reply]) -> list[Reply]:
    browsers = [target.visitor(SOME_NETWORK, admin) for _ in range(AT_ONCE)]
    found = outcomes([partial(ask, one) for one in browsers])
    refused = [one for one in found if not isinstance(one, Reply) or one.status != SEE_OTHER]
    if refused:
        raise RuntimeError(f"{len(refused)} were not answered: {refused[0]}")
    return found


def _file(target: Target, admin: Member, path: str) -> bytes:
    """Return a file once it is there: the site's own worker may be making it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        reply = target.visitor(SOME_NETWORK, admin).get(path)
        if reply.status == OK:
            return reply.body
        time.sleep(0.1)
    raise RuntimeError(f"{path}: {reply.status}")


@contextmanager
def _without_budget() -> Iterator[None]:
    def _opens(door: Any, _member_id: int, _maps: object, shares: Shares) -> bool:
        own = shares.get(door.taking.condition_id)
        return own is None or own.epoch != door.taking.epoch.name

    with patch("mapapp.actions.statistics.release_shares._Door.opens", _opens):
        yield


@contextmanager
def _made_anew() -> Iterator[None]:
    def _forgetting(session: Session, request: Request, by: By, **told: bool) -> str:
        session.execute(delete(Export))
        return ask_for(session, request, by, **told)

    with patch("mapapp.web.operations.staff_exports.ask_for", _forgetting):
        yield


ATTACKS = (
    Attack("13", "releases beyond the budget", more_than_paid_for, _without_budget, 1, 20),
    Attack("13b", "another file of the same export", other_bytes_of_an_export, _made_anew, 1, 20),
)
