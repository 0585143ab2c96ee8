"""Whether releases and ledger agree, and nobody has spent more than they may."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.statistics.release_make import digest_of
from mapapp.domain.published.release_rules import FULL_BUDGET, THOUSAND, map_budget
from mapapp.errors import N_, Words
from mapapp.store.records import LedgerEntry, Release, ReleaseShare

CHANGED = N_(
    "A release was changed after it was made: condition %(condition)s, %(query)s, %(epoch)s."
)
UNPAID = N_("A release has no entry in the ledger: condition %(condition)s, %(query)s, %(epoch)s.")
OVERSPENT = N_("More was spent than a map may cost: condition %(condition)s, %(epoch)s.")
OVERCHARGED = N_("%(n)s accounts took part in more than they may.")


@dataclass(frozen=True)
class Found:
    """Something that must not be."""

    words: Words
    values: dict[str, object]


@dataclass(frozen=True)
class Ledger:
    """The ledger in numbers; ``lost`` was spent without an answer."""

    entries: int
    releases: int
    lost: int


def ledger_numbers(session: Session) -> Ledger:
    """Return how much was asked, and how much of it was answered."""
    entries = session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
    releases = session.scalar(select(func.count()).select_from(Release)) or 0
    return Ledger(entries, releases, entries - releases)


@dataclass(frozen=True)
class SpentOn:
    """One question in one epoch: on how many maps it was asked and answered, for which epsilon."""

    epoch: str
    query: str
    maps: int
    answered: int
    epsilon: int


def spent_by_question(session: Session) -> list[SpentOn]:
    """Return what was asked, the newest epoch first."""
    rows = (
        select(
            LedgerEntry.epoch,
            LedgerEntry.query,
            func.count(),
            func.count(Release.ledger_id),
            func.max(LedgerEntry.epsilon),
        )
        .outerjoin(Release, Release.ledger_id == LedgerEntry.id)
        .group_by(LedgerEntry.epoch, LedgerEntry.query)
        .order_by(LedgerEntry.epoch.desc(), LedgerEntry.query)
    )
    return [SpentOn(*row) for row in session.execute(rows)]


def check_releases(session: Session) -> Iterator[Found]:
    """Yield whatever is wrong with releases, ledger and shares."""
    yield from _changed(session)
    yield from _overspent(session)
    most = FULL_BUDGET * THOUSAND
    spent = func.sum(ReleaseShare.spent)
    accounts = (
        select(ReleaseShare.member_id)
        .group_by(ReleaseShare.member_id, ReleaseShare.year)
        .having((spent > most) | (func.max(ReleaseShare.spent) > map_budget(FULL_BUDGET)))
    )
    n = session.scalar(select(func.count()).select_from(accounts.subquery()))
    if n:
        yield Found(OVERCHARGED, {"n": n})


def _changed(session: Session) -> Iterator[Found]:
    entries = select(Release, LedgerEntry).outerjoin(
        LedgerEntry, LedgerEntry.id == Release.ledger_id
    )
    for release, entry in session.execute(entries.execution_options(yield_per=500)):
        named = {
            "condition": release.condition_id,
            "query": release.query,
            "epoch": release.epoch,
        }
        if digest_of(release.numbers) != release.digest:
            yield Found(CHANGED, named)
        if entry is None or named_of(entry) != named_of(release):
            yield Found(UNPAID, named)


def named_of(row: LedgerEntry | Release) -> tuple[int, str, str]:
    """Return what a row of either table is about."""
    return row.condition_id, row.query, row.epoch


def _overspent(session: Session) -> Iterator[Found]:
    """Yield the maps on which one membership could have spent more in a year than a map may cost.

    A membership is in a year's release or in those of quarters; as the ledger does not know whose
    was where, each kind is held to the budget, and ``ReleaseShare`` holds each person to it.
    """
    year = func.substr(LedgerEntry.epoch, 1, 4)
    kind = func.length(LedgerEntry.epoch)
    sums = (
        select(LedgerEntry.condition_id, year)
        .group_by(LedgerEntry.condition_id, year, kind)
        .having(func.sum(LedgerEntry.epsilon) > map_budget(FULL_BUDGET))
    )
    for condition_id, epoch in session.execute(sums):
        yield Found(OVERSPENT, {"condition": condition_id, "epoch": epoch})
