"""The list of those who were erased: kept beside the database, applied again after a restore.

Whoever brings back a backup brings back people who left since. The list stands in the database, in
the transaction that erases, and the worker copies it to a file in the instance folder, which is not
part of the database's backup. ``mapapp init`` applies the file to whatever database it finds.
"""

import os
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.domain.keyed import keyed_hash
from mapapp.domain.months import this_month
from mapapp.settings import Settings, make_folder
from mapapp.store.members import Member
from mapapp.store.service import Erasure


def erasure_file(settings: Settings) -> Path:
    """Return where the list is kept: a keyed hash and a month in each line."""
    return settings.instance / "erased"


def note(session: Session, settings: Settings, public_id: str) -> None:
    """Put somebody who is being erased on the list."""
    try:
        with session.begin_nested():
            session.add(Erasure(mark=_mark(settings, public_id), month=this_month()))
    except IntegrityError:  # erased before, brought back by a backup, and erased again
        return


def keep_list(session: Session, settings: Settings) -> int:
    """Bring database and file to the same list, the union of both; return how long it is."""
    known = {row.mark: row.month for row in session.execute(select(Erasure.mark, Erasure.month))}
    kept = _read(erasure_file(settings))
    session.add_all(Erasure(mark=m, month=kept[m]) for m in sorted(kept.keys() - known.keys()))
    session.flush()
    together = {**kept, **known}
    if together != kept:
        _write(erasure_file(settings), together)
    return len(together)


def still_here(session: Session, settings: Settings) -> list[int]:
    """Return the ids of members who are on the list: only a backup can have brought them back."""
    erased = _read(erasure_file(settings)).keys() | set(session.scalars(select(Erasure.mark)))
    if not erased:
        return []
    members = session.execute(select(Member.id, Member.public_id).order_by(Member.id))
    return [i for i, public_id in members if _mark(settings, public_id) in erased]


def forget(session: Session, settings: Settings, before: str) -> None:
    """Take off the list who was erased before the month ``before``; no backup is kept so long."""
    session.execute(delete(Erasure).where(Erasure.month < before))
    kept = _read(erasure_file(settings))
    young = {mark: month for mark, month in kept.items() if month >= before}
    if young != kept:
        _write(erasure_file(settings), young)


def _mark(settings: Settings, public_id: str) -> str:
    return keyed_hash(settings.secret, "erased", public_id)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {parts[0]: parts[1] for parts in lines if len(parts) == 2}


def _write(path: Path, marks: dict[str, str]) -> None:
    make_folder(path.parent)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{mark} {month}\n" for mark, month in sorted(marks.items()))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
