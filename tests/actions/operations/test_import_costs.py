"""What an import costs does not grow with the file: statements a part, and memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_members import ImportFile, add_members
from mapapp.actions.operations.import_run import Imported, ImportRules
from mapapp.actions.operations.import_undo import undo_import
from mapapp.domain.areas import point_files
from mapapp.domain.areas.point_files import read_points
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberLanguage, Membership

NO_RULES = ImportRules()
ALLOWED = 1.3
"""So many times the memory of five parts may twenty need: names of one import are remembered."""
Bring = Callable[..., Imported]


@pytest.fixture
def bring(session: Session, settings: Settings, tmp_path: Path) -> Bring:
    def _bring(rows: int, name: str = "people", rules: ImportRules = NO_RULES) -> Imported:
        path = tmp_path / f"{rows}.csv"
        lines = (f"{at % 60}.5,{at % 170}.5,Calm Heron,de en\n" for at in range(rows))
        path.write_text("lat,lng,pseudonym,languages\n" + "".join(lines))
        ctx = Context(session, settings)
        done, why = add_members(ctx, "dystonia", ImportFile(read_points(path), name), rules)
        assert why is None
        return done

    return _bring


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def _note(_connection: Any, _cursor: Any, words: str, *_given: Any) -> None:
        seen.append(words)

    event.listen(Engine, "before_cursor_execute", _note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", _note)


@pytest.mark.both
def test_a_part_takes_as_many_statements_whatever_its_size(bring: Bring, session: Session) -> None:
    counts = []
    for rows in (50, 500):
        with statements() as seen:
            done = bring(rows, f"{rows} people", ImportRules(add=True))
        counts.append(len(seen))
        assert done.added
    assert counts[1] <= counts[0] + 1  # contents of the first import are read by the second
    people = session.scalar(select(func.count()).select_from(Member))
    assert people == session.scalar(select(func.count()).select_from(Membership))
    assert session.scalar(select(func.count()).select_from(MemberLanguage)) == 2 * (people or 0)


@pytest.mark.both
def test_again_and_out_take_few_statements(
    bring: Bring, session: Session, settings: Settings
) -> None:
    added = bring(500).added
    with statements() as seen:
        again = bring(500)
    assert (again.added, again.unchanged) == (0, added)
    assert len(seen) < 20
    settings = settings.model_copy(update={"publish": "daily@04:00"})
    with statements() as seen:
        assert undo_import(Context(session, settings), "people", "dystonia") == added
    assert len(seen) < 60
    assert session.scalar(select(func.count()).select_from(Member)) == 0


def test_memory_is_that_of_a_part(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_files, "CHUNK", 1_000)
    bring(1_000, rules=ImportRules(check=True))  # loads what is loaded once
    peaks = []
    for rows in (5_000, 20_000):
        tracemalloc.start()
        try:
            bring(rows, f"{rows} people", ImportRules(add=True))
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < ALLOWED * peaks[0], peaks
