"""Commands that set up and run a site."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import address_of
from mapapp.actions.mail.outbox import queue
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from tests.databases import PostgresDatabases, SqliteDatabases, rows_of

Shell = Callable[..., Result]


def test_init_makes_a_site_and_may_be_repeated(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases
) -> None:
    url = databases.empty()
    first = shell("init", MAPAPP_DATABASE_URL=url)
    assert first.exit_code == 0, first.output
    assert re.search(r"2\d,\d{3} new conditions", first.stdout)
    engine = make_engine(url)
    before = rows_of(engine)
    again = shell("init", MAPAPP_DATABASE_URL=url)
    assert "(0 new conditions)" in again.stdout
    assert rows_of(engine) == before
    engine.dispose()
    assert shell("counts", "verify", MAPAPP_DATABASE_URL=url).exit_code == 0


def test_init_makes_the_folder_of_the_default_database(
    shell: Shell, settings: Settings, tmp_path: Path
) -> None:
    place = tmp_path / "deep" / "instance"
    made = shell("init", MAPAPP_DATABASE_URL="", MAPAPP_INSTANCE=str(place))
    assert made.exit_code == 0, made.output
    assert (place / "mapapp.sqlite").exists()


def test_init_keeps_the_password_of_the_database_to_itself(shell: Shell) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:1/nowhere"
    refused = shell("init", MAPAPP_DATABASE_URL=url)
    assert refused.exit_code == 1
    assert "hunter2" not in refused.output
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["demo"],
        ["serve"],
        ["worker", "--once"],
        ["admin", "a@example.org"],
        ["counts", "verify"],
        ["counts", "repair"],
    ],
)
def test_without_init_each_command_says_what_to_do(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases, command: list[str]
) -> None:
    refused = shell(*command, MAPAPP_DATABASE_URL=databases.empty())
    assert refused.exit_code == 2
    assert refused.stderr == (
        "mapapp: This site has no database yet. Create it with: mapapp init\n"
    )


def test_looking_makes_no_empty_database(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "nothing" / "here"
    refused = shell("serve", MAPAPP_DATABASE_URL="", MAPAPP_INSTANCE=str(place))
    assert refused.exit_code == 2
    assert "mapapp init" in refused.stderr
    assert not place.exists()


def test_wrong_settings_are_one_line(shell: Shell) -> None:
    refused = shell("init", MAPAPP_BASE_URL="nowhere")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "mapapp: MAPAPP_BASE_URL: must start with http:// or https://.\n",
    )
    unknown = shell("init", MAPAPP_COLOUR="blue")
    assert unknown.exit_code == 2
    assert "MAPAPP_COLOUR" in unknown.stderr


def test_admin_makes_a_member_of_staff_once(
    shell: Shell, session: Session, settings: Settings
) -> None:
    for _ in range(2):
        made = shell("admin", "Robin@example.org", MAPAPP_DEV="1")
        assert made.exit_code == 0, made.output
        assert "/sign-in" in made.stdout
        assert "/dev/mail" in made.stdout
        assert "http" not in made.stdout  # nobody said where the site is
    told = shell("admin", "robin@example.org", MAPAPP_BASE_URL="https://site.example")
    assert "https://site.example/sign-in" in told.stdout
    assert session.scalar(select(func.count()).select_from(MemberStaffRole)) == 1
    (member_id,) = session.scalars(select(Member.id))
    assert address_of(Context(session, settings), member_id) == "robin@example.org"


def test_admin_makes_moderators_too(shell: Shell, session: Session) -> None:
    made = shell("admin", "robin@example.org", "--role", "moderator")
    assert made.exit_code == 0, made.output
    assert "moderator" in made.stdout
    assert "/admin" not in made.stdout  # that page is not open to them
    assert list(session.scalars(select(StaffRole.name))) == ["moderator"]
    refused = shell("admin", "robin@example.org", "--role", "king")
    assert refused.exit_code == 2
    assert "admin" in refused.stderr


def test_admin_refuses_what_is_no_address(shell: Shell) -> None:
    refused = shell("admin", "robin")
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1


def test_worker_sends_what_is_due(shell: Shell, session: Session, settings: Settings) -> None:
    queue(Context(session, settings), "a@example.org", MailText("Hello", "There.\n"))
    session.commit()
    done = shell("worker", "--once")
    assert done.exit_code == 0, done.output
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


@pytest.mark.both
def test_conditions_edited_by_staff_survive_init(shell: Shell, session: Session) -> None:
    row = session.scalars(select(Condition).where(Condition.slug == "dystonia")).one()
    other = session.scalars(select(Condition).where(Condition.slug == "als")).one()
    row.name, row.edited, other.name = "Dystonia, all kinds", True, "An old name"
    session.commit()
    assert shell("init").exit_code == 0
    session.expire_all()
    assert row.name == "Dystonia, all kinds"
    assert other.name != "An old name"
