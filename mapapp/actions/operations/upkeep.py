"""What the worker does once a day: ask whether things are still right, and delete what is old."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from mapapp.actions.account import erasure_list
from mapapp.actions.account.kept_restrictions import end_kept
from mapapp.actions.account.yearly_check import run_yearly_check
from mapapp.actions.contact.request_send import lapse
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.moderation.case_expiry import forget_evidence
from mapapp.actions.statistics.export_kept import forget_old_exports
from mapapp.domain.core.dates import month_of
from mapapp.errors import N_, Words
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import empty_journal, forget_erased, transaction

DAY_DONE = "upkeep_day"
EVIDENCE_KEPT = timedelta(days=365)
"""After a case was decided."""


def _forget_evidence(ctx: Context) -> None:
    forget_evidence(ctx.session, ctx.today - EVIDENCE_KEPT)


def _forget_receipts(ctx: Context) -> None:
    consent_receipts.forget_old(ctx.session, _a_year_ago(ctx))


def _keep_erasures(ctx: Context) -> None:
    erasure_list.keep_list(ctx)
    erasure_list.forget(ctx, _a_year_ago(ctx))


DAILY: dict[Words, Callable[[Context], object]] = {
    N_("ending old contact requests"): lambda ctx: lapse(ctx.session, ctx.today),
    N_("deleting old evidence"): _forget_evidence,
    N_("deleting old exports"): lambda ctx: forget_old_exports(ctx.session, ctx.today),
    N_("asking the yearly question"): lambda ctx: run_yearly_check(ctx),
    N_("deleting old receipts"): _forget_receipts,
    N_("ending what outlasted an erasure"): end_kept,
    N_("keeping the list of erasures"): _keep_erasures,
}
"""What is done once a day. Each has its own transaction, so that one that fails stops no other."""


def do_today(engine: Engine, settings: Settings, part: Words, now: float | None = None) -> bool:
    """Do one part of today's work unless it is done; return whether it was done now."""
    today = _moment(now).date().isoformat()
    done = f"{DAY_DONE}:{part}"[: facts.LONGEST_KEY]
    with transaction(engine, write=False) as session:
        if facts.fact(session, done) == today:
            return False
    with transaction(engine) as session:
        if not facts.claim(session, done, today):  # another worker was faster
            return False
        DAILY[part](Context(session, settings, now=int(_moment(now).timestamp())))
    return True


def after_erasing(engine: Engine, settings: Settings, now: float | None = None) -> bool:
    """Copy the list of erasures out of the database, and leave no copy of erased rows in its file.

    The journal is emptied as soon as nobody reads an older state. The file is rewritten once in
    an hour at most: however many people leave, a large site writes it no more often.

    Returns:
        Whether the file was rewritten.
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
        # First, because it waits for any erasure under way: the list is read after it.
        facts.state(session, facts.ERASED, "")
        erasure_list.keep_list(Context(session, settings))
        facts.step_up(session, facts.FILE_UNCLEAN)
        facts.state(session, facts.JOURNAL_FULL, "1")


def _write_file(engine: Engine, now: float | None) -> bool:
    """Rewrite the file unless that was already tried in this hour; return whether it was."""
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


def _a_year_ago(ctx: Context) -> str:
    return month_of(ctx.today.replace(year=ctx.today.year - 1, day=1))
