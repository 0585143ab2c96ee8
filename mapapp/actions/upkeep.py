"""What the worker does once a day: ask whether things are still right, and forget what is old."""

import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions import consents, erasures
from mapapp.actions.knock import lapse
from mapapp.actions.old_cases import forget_evidence
from mapapp.actions.still_right import ask_around
from mapapp.domain.areas import load_areas
from mapapp.domain.months import month_of
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import empty_journal, forget_erased, transaction

DAY_DONE = "upkeep_day"
EVIDENCE_KEPT = timedelta(days=365)
"""After a case was decided."""


def upkeep(engine: Engine, settings: Settings, now: float | None = None) -> bool:
    """Do today's work unless it is done; return whether anything was to do."""
    today = _moment(now).date()
    with transaction(engine, write=False) as session:
        if facts.fact(session, DAY_DONE) == today.isoformat():
            return False
    with transaction(engine) as session:
        if not facts.claim(session, DAY_DONE, today.isoformat()):  # another worker was faster
            return False
        _work(session, settings, today)
    after_erasing(engine, settings, now)
    return True


def after_erasing(engine: Engine, settings: Settings, now: float | None = None) -> bool:
    """Copy the list of erasures out of the database, and leave no copy of erased rows in its file.

    The journal is emptied as soon as nobody reads an older state. The file is written anew once in
    an hour at most: however many people leave, a large site writes it no more often.

    Returns:
        Whether the file was written anew.
    """
    if _is_stated(engine, facts.ERASED):
        _copy_list(engine, settings)
    wrote = _is_stated(engine, facts.FILE_UNCLEAN) and _write_file(engine, now)
    if not wrote and _is_stated(engine, facts.JOURNAL_FULL) and empty_journal(engine):
        with transaction(engine) as session:
            facts.state(session, facts.JOURNAL_FULL, "")
    return wrote


def _is_stated(engine: Engine, key: str) -> bool:
    with transaction(engine, write=False) as session:
        return bool(facts.fact(session, key))


def _copy_list(engine: Engine, settings: Settings) -> None:
    with transaction(engine) as session:
        # First, because it waits for whoever is being erased just now: the list is read after it.
        facts.state(session, facts.ERASED, "")
        erasures.keep_list(session, settings)
        facts.step_up(session, facts.FILE_UNCLEAN)
        facts.state(session, facts.JOURNAL_FULL, "1")


def _write_file(engine: Engine, now: float | None) -> bool:
    """Write the file anew unless that was tried in this hour already; return whether it was."""
    with transaction(engine) as session:
        if not facts.claim(session, facts.FILE_WRITTEN, f"{_moment(now):%Y-%m-%dT%H}"):
            return False
        seen = facts.fact(session, facts.FILE_UNCLEAN)
    emptied = forget_erased(engine)
    # Only now: whatever stops the work, a full disk or the end of this process, it is tried again.
    with transaction(engine) as session:
        if facts.fact(session, facts.FILE_UNCLEAN) == seen:  # else there is more since
            facts.state(session, facts.FILE_UNCLEAN, "")
        facts.state(session, facts.JOURNAL_FULL, "" if emptied else "1")
    return True


def _moment(now: float | None) -> datetime:
    return datetime.fromtimestamp(time.time() if now is None else now, UTC)


def _work(session: Session, settings: Settings, today: date) -> None:
    a_year_ago = month_of(today.replace(year=today.year - 1, day=1))
    lapse(session, today)
    forget_evidence(session, today - EVIDENCE_KEPT)
    ask_around(session, settings, load_areas(), today)
    consents.forget_old(session, a_year_ago)
    erasures.keep_list(session, settings)
    erasures.forget(session, settings, a_year_ago)
