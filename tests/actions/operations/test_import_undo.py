"""What an import says of itself is true, and taking it out works as it is printed."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from mapapp.actions.operations.import_undo import MOST_IMPORTS
from mapapp.store.conditions import Condition
from mapapp.store.members import MemberImport
from tests.databases import rows_of

Shell = Callable[..., Result]
Bring = Callable[..., Result]
MUNICH, BERLIN = "48.137154,11.576124", "52.519719,13.413713"
TWO = f"lat,lng,role\n{MUNICH},self\n{BERLIN},parent\n"


@pytest.fixture
def bring(shell: Shell, tmp_path: Path) -> Bring:
    def _bring(content: str, *options: str, name: str = "members.csv") -> Result:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return shell("import", str(path), "--condition", "dystonia", *options)

    return _bring


@pytest.mark.both
def test_checking_an_undo_takes_nobody_out(bring: Bring, shell: Shell, engine: Engine) -> None:
    bring(TWO)
    before = rows_of(engine)
    tried = shell("import", "--undo", "members.csv", "--check")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout == "2 people of “members.csv” would be taken out. Nothing was written.\n"
    assert rows_of(engine) == before
    assert shell("import", "--undo", "nobody.csv", "--check").exit_code == 2


@pytest.mark.parametrize(
    "name", ["plain", "two words", "it's “theirs”", '"quoted" $HOME `id`', "-n", "*"]
)
def test_the_command_that_is_printed_works_as_it_is(bring: Bring, shell: Shell, name: str) -> None:
    done = bring(TWO, "--name", name)
    assert done.exit_code == 0, done.output
    _program, *words = shlex.split(done.stdout.splitlines()[-1].partition(": ")[2])
    assert words[-2:] == ["--condition", "dystonia"]
    undone = shell(*words)
    assert undone.exit_code == 0, undone.output
    assert undone.stdout == f"2 people of “{name}” taken out.\n"


@pytest.mark.usefixtures("bring")
def test_a_name_that_is_unknown_is_answered_on_a_short_line(
    bring: Bring, shell: Shell, session: Session
) -> None:
    assert "There is no import" in shell("import", "--undo", "x").stderr
    bring(TWO)
    condition_id = session.query(Condition.id).filter_by(slug="dystonia").scalar()
    session.add_all(
        MemberImport(condition_id=condition_id, name=f"import {n:03}", has_ids=False)
        for n in range(200)
    )
    session.commit()
    for refused in (shell("import", "--undo", "x"), bring(TWO, "--name", "new")):
        assert refused.exit_code == 2
        assert refused.stderr.count("import 0") == MOST_IMPORTS
        assert ", …" in refused.stderr


REFUSED = {
    "strict": (TWO + "91,11,self\n", "--strict"),
    "a second name": (TWO, "--name", "second"),
    "no ids": (f"lat,lng,role\n{MUNICH},self\n{BERLIN},clinician\n",),
    "replace": (TWO + "91,11,self\n", "--replace"),
    "no good row": ("lat,lng\n91,11\n", "--name", "other"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_not_said_to_be_imported(
    bring: Bring, engine: Engine, kind: str
) -> None:
    bring(TWO)
    before = rows_of(engine)
    content, *options = REFUSED[kind]
    refused = bring(content, *options)
    assert refused.exit_code == 2
    assert rows_of(engine) == before
    assert "Nothing was written." in refused.stdout.splitlines()[0]
    assert " imported" not in refused.stdout.replace("to be imported", "")
    assert "--undo" not in refused.stdout


def test_what_could_not_be_kept_is_not_said_to_be_imported(bring: Bring) -> None:
    def _stop(_connection: object) -> None:
        raise KeyboardInterrupt

    event.listen(Engine, "commit", _stop)
    try:
        stopped = bring(TWO)
    finally:
        event.remove(Engine, "commit", _stop)
    assert stopped.exit_code == 130
    assert stopped.stdout == ""
