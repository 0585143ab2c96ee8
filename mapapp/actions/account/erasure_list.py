"""The list of erased members: kept beside the database, and applied again after a restore.

Restoring a backup brings back people who have left since. The transaction that erases a member
writes to the list in the database, and the worker copies it to a file in the instance folder, which
is not part of the database's backup. ``mapapp init`` applies the file to the database it finds.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from mapapp.actions.core.context import Context
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.settings import Settings
from mapapp.store.bulk import insert_rows
from mapapp.store.members import Member
from mapapp.store.records import Erasure
from mapapp.whole_files import make_folder, replace_file


def erasure_file(settings: Settings) -> Path:
    """Return the path of the list, which has a keyed hash and a month in each line."""
    return settings.instance / "erased"


def note(ctx: Context, public_id: str) -> None:
    """Put a member who is being erased on the list."""
    try:
        with ctx.session.begin_nested():
            ctx.session.add(Erasure(mark=_mark(ctx.settings, public_id), month=this_month()))
    except IntegrityError:  # erased before, brought back by a backup, and erased again
        return


def note_many(ctx: Context, public_ids: Sequence[str]) -> None:
    """Put many members who are being erased on the list, with one statement."""
    month = this_month()
    marks = {_mark(ctx.settings, public_id) for public_id in public_ids}
    known = set(ctx.session.scalars(select(Erasure.mark).where(Erasure.mark.in_(marks))))
    insert_rows(
        ctx.session, Erasure, [{"mark": mark, "month": month} for mark in sorted(marks - known)]
    )


def keep_list(ctx: Context) -> int:
    """Make database and file the union of both lists; return its length."""
    known = {
        row.mark: row.month for row in ctx.session.execute(select(Erasure.mark, Erasure.month))
    }
    kept = _read(erasure_file(ctx.settings))
    ctx.session.add_all(Erasure(mark=m, month=kept[m]) for m in sorted(kept.keys() - known.keys()))
    ctx.session.flush()
    together = {**kept, **known}
    if together != kept:
        _write(erasure_file(ctx.settings), together)
    return len(together)


def still_here(ctx: Context) -> list[int]:
    """Return the ids of members on the list: only a backup can have brought them back.

    ``keep_list`` comes first: a restored database lacks the marks that the file has.
    """
    erased = set(ctx.session.scalars(select(Erasure.mark)))
    if not erased:
        return []
    members = ctx.session.execute(select(Member.id, Member.account_id).order_by(Member.id))
    return [i for i, public_id in members if _mark(ctx.settings, public_id) in erased]


def erased_in(ctx: Context, public_id: str) -> str:
    """Return the month in which a member was erased before, '' for whom a backup did not bring."""
    mark = _mark(ctx.settings, public_id)
    return ctx.session.scalar(select(Erasure.month).where(Erasure.mark == mark)) or ""


def forget(ctx: Context, before: str) -> None:
    """Remove entries older than the month ``before``; no backup is kept so long."""
    ctx.session.execute(delete(Erasure).where(Erasure.month < before))
    kept = _read(erasure_file(ctx.settings))
    young = {mark: month for mark, month in kept.items() if month >= before}
    if young != kept:
        _write(erasure_file(ctx.settings), young)


def _mark(settings: Settings, public_id: str) -> str:
    return keyed_hash(settings.secret, "erased", public_id)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {parts[0]: parts[1] for parts in lines if len(parts) == 2}


def _write(path: Path, marks: dict[str, str]) -> None:
    make_folder(path.parent)
    lines = (f"{mark} {month}\n" for mark, month in sorted(marks.items()))
    replace_file(path, "".join(lines))
