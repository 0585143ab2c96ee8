"""What the worker does once a day: ask whether things are still right, and forget what is old."""

import time
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions import consents, erasures
from mapapp.actions.knock import lapse
from mapapp.actions.still_right import ask_around
from mapapp.domain.areas import load_areas
from mapapp.domain.months import month_of
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import forget_erased, transaction

DAY_DONE = "upkeep_day"


def upkeep(engine: Engine, settings: Settings, now: float | None = None) -> bool:
    """Do today's work unless it is done; return whether anything was to do."""
    today = datetime.fromtimestamp(time.time() if now is None else now, UTC).date()
    with transaction(engine, write=False) as session:
        if facts.fact(session, DAY_DONE) == today.isoformat():
            return False
    with transaction(engine) as session:
        if not facts.claim(session, DAY_DONE, today.isoformat()):  # another worker was faster
            return False
        _work(session, settings, today)
    clear_erased(engine)
    return True


def after_erasing(engine: Engine, settings: Settings) -> bool:
    """Copy the list of erasures out of the database, then clear its file; False: no need."""
    with transaction(engine, write=False) as session:
        if not facts.fact(session, facts.ERASED):
            return False
    with transaction(engine) as session:
        erasures.keep_list(session, settings)
    return clear_erased(engine)


def clear_erased(engine: Engine) -> bool:
    """Leave no copy of erased rows in the database's file; return whether that was done."""
    with transaction(engine, write=False) as session:
        if not facts.fact(session, facts.ERASED):
            return False
    with transaction(engine) as session:
        facts.state(session, facts.ERASED, "")
    done = False
    try:
        done = forget_erased(engine)
    finally:
        if not done:  # somebody reads for very long, or the disk is full: it must be tried again
            with transaction(engine) as session:
                facts.state(session, facts.ERASED, "1")
    return done


def _work(session: Session, settings: Settings, today: date) -> None:
    a_year_ago = month_of(today.replace(year=today.year - 1, day=1))
    lapse(session, today)
    ask_around(session, settings, load_areas(), today)
    consents.forget_old(session, a_year_ago)
    erasures.keep_list(session, settings)
    erasures.forget(session, settings, a_year_ago)
