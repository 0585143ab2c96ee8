"""Makes releases: charge who takes part, count, pay in the ledger, draw the noise, freeze.

Each of these is committed before the next begins. Whatever stops a run, the ledger never says less
than was spent: what it says was asked is not asked again in this epoch, with or without an answer.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, Select, String, cast, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.published.listed_totals import totals
from mapapp.actions.statistics import spent_list
from mapapp.actions.statistics.release_counts import Counting
from mapapp.actions.statistics.release_shares import Taking, charge
from mapapp.domain.published.release_rules import (
    FEWEST_ON_MAP,
    Epoch,
    Query,
    Who,
    epochs_of,
    error_of,
    kept,
    last_month,
    shown_from,
)
from mapapp.domain.statistics.noise import MECHANISM, with_noise
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.published import AreaNumbers
from mapapp.store.records import LedgerEntry, Release, ReleaseShare

Advance = Callable[[int], None]
Cells = Mapping[str, int]


@dataclass(frozen=True)
class Made:
    """What a run made: releases of so many maps, for these epochs."""

    maps: int
    epochs: tuple[str, ...]


def make_due(
    engine: Engine, settings: Settings, now: float, advance: Advance = lambda done: None
) -> Made:
    """Make what this quarter and this year still lack; nothing where all is made.

    Args:
        now: Unix seconds.
        advance: called for each map that was looked at.
    """
    today = datetime.fromtimestamp(now, UTC).date()
    maps, epochs = 0, []
    for epoch in epochs_of(today):
        with transaction(engine, write=False) as session:
            if facts.fact(session, _made_key(epoch)) == epoch.name:
                continue
            conditions = _conditions(session, epoch)
        spent_list.forget_before(settings, epoch.year)
        for condition_id in conditions:
            maps += make_one(engine, settings, condition_id, epoch, today)
            advance(1)
        with transaction(engine) as session:
            facts.state(session, _made_key(epoch), epoch.name)
        epochs.append(epoch.name)
    return Made(maps, tuple(epochs))


def make_one(
    engine: Engine, settings: Settings, condition_id: int, epoch: Epoch, today: date
) -> bool:
    """Make the release of one map, unless it was made or begun before; return whether it was."""
    with transaction(engine, write=False) as session:
        if _is_spent(session, condition_id, epoch):
            return False
    if spent_list.is_listed(settings, condition_id, epoch):
        return False
    charge(engine, settings, Taking(condition_id, epoch, last_month(today)))
    with transaction(engine, write=False) as session:
        counting = Counting(session, condition_id, epoch, settings.secret)
        true = {query: counting.count(query) for query in epoch.queries}
    spent_list.put_on_list(settings, condition_id, epoch)
    try:
        with transaction(engine) as session:
            entries = _spend(session, settings, condition_id, epoch, today)
    except IntegrityError:  # another process was faster, and asks the same
        return False
    rows = [_frozen(settings, entries[query], query, cells) for query, cells in true.items()]
    with transaction(engine) as session:
        insert_rows(session, Release, rows)
        # The maps that browsers and processes keep are out of date now.
        newer = update(Condition).where(Condition.id == condition_id)
        session.execute(newer.values(version=Condition.version + 1))
    return True


def forget_releases(session: Session, members: Select[int]) -> None:
    """Delete the answers in which ``members`` may have been counted.

    What they cost stays spent: no others are made before the epochs end.
    """
    took_part = exists().where(
        ReleaseShare.member_id.in_(members),
        ReleaseShare.condition_id == Release.condition_id,
        Release.epoch.startswith(cast(ReleaseShare.year, String)),
    )
    session.execute(delete(Release).where(took_part))


def _spend(
    session: Session, settings: Settings, condition_id: int, epoch: Epoch, today: date
) -> dict[Query, LedgerEntry]:
    entries = {
        query: LedgerEntry(
            condition_id=condition_id,
            epoch=epoch.name,
            query=query.key,
            epsilon=query.spent(settings.epsilon),
            bound=query.bound,
            mechanism=MECHANISM,
            day=today.isoformat(),
        )
        for query in epoch.queries
    }
    session.add_all(entries.values())
    session.flush()
    session.expunge_all()
    return entries


def _frozen(settings: Settings, entry: LedgerEntry, query: Query, true: Cells) -> dict[str, object]:
    scale = query.scale(settings.epsilon)
    least = shown_from(scale, len(true))
    numbers = json.dumps(kept(query, with_noise(true, scale), least), sort_keys=True)
    return {
        "condition_id": entry.condition_id,
        "query": entry.query,
        "epoch": entry.epoch,
        "ledger_id": entry.id,
        "least": least,
        "error": error_of(scale),
        "numbers": numbers,
        "digest": digest_of(numbers),
    }


def digest_of(numbers: str) -> str:
    """Return the hash under which the text of a release is kept."""
    return hashlib.sha256(numbers.encode()).hexdigest()


def _is_spent(session: Session, condition_id: int, epoch: Epoch) -> bool:
    spent = exists().where(
        LedgerEntry.condition_id == condition_id, LedgerEntry.epoch == epoch.name
    )
    return bool(session.scalar(select(spent)))


def _conditions(session: Session, epoch: Epoch) -> list[int]:
    """Return the maps that get a release: chosen by published numbers alone."""
    least = FEWEST_ON_MAP if epoch.who == Who.LISTED else 1
    joined = exists().where(AreaNumbers.condition_id == Condition.id)
    found = session.scalars(select(Condition.id).where(Condition.shown, joined)).all()
    return [one for one in sorted(found) if totals(session, one).everywhere >= least]


def _made_key(epoch: Epoch) -> str:
    return f"released:{epoch.who}"
