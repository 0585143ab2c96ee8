"""Commands that make and run a site."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from granian.server import Server
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.addresses import address_of
from mapapp.actions.letters import Letter
from mapapp.actions.outbox import queue
from mapapp.domain.conditions import load_catalogue
from mapapp.domain.towns import load_towns
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.store.service import Outbox
from tests.databases import PostgresDatabases, SqliteDatabases

Shell = Callable[..., Result]


def test_init_makes_a_site_and_may_be_repeated(
    shell: Shell, databases: SqliteDatabases | PostgresDatabases
) -> None:
    url = databases.empty()
    first = shell("init", MAPAPP_DATABASE_URL=url)
    assert first.exit_code == 0, first.output
    assert re.search(r"2\d,\d{3} new conditions", first.stdout)
    again = shell("init", MAPAPP_DATABASE_URL=url)
    assert "(0 new conditions)" in again.stdout
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
        "mapapp: MAPAPP_BASE_URL: must begin with http:// or https://.\n",
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
    assert address_of(session, settings, member_id) == "robin@example.org"


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
    queue(session, settings, "a@example.org", Letter("Hello", "There.\n"))
    session.commit()
    done = shell("worker", "--once")
    assert done.exit_code == 0, done.output
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_serve_refuses_a_port_that_is_taken(shell: Shell) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = shell("serve", "--port", str(taken.getsockname()[1]))
    assert refused.exit_code == 2
    assert "Try another" in refused.stderr


@pytest.mark.parametrize("bad", [["--port", "0"], ["--port", "many"], ["--workers", "0"]])
def test_serve_refuses_bad_numbers(shell: Shell, bad: list[str]) -> None:
    refused = shell("serve", *bad)
    assert refused.exit_code == 2
    assert "mapapp serve --help" in refused.stderr


def test_serve_answers_and_its_log_names_nobody(settings: Settings, tmp_path: Path) -> None:
    with _serving(settings, tmp_path) as (_server, address):
        page = _get(f"{address}/conditions/dystonia?area=4711")
    assert b"ystonia" in page
    words = (tmp_path / "log").read_text()
    assert "127.0.0.1:" in words  # where it listens; so something was logged at all
    for secret in ("dystonia", "4711", "GET", "Mozilla"):
        assert secret not in words


@pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="workers share nothing where they spawn"
)
def test_serve_loads_what_searches_need_before_there_are_workers(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = (load_towns, load_catalogue)
    for load in loads:
        load.cache_clear()
    loaded = []
    monkeypatch.setattr(Server, "serve", lambda _: loaded.extend(f.cache_info() for f in loads))
    monkeypatch.setattr("gc.freeze", lambda: None)
    assert shell("serve", "--port", str(_free_port())).exit_code == 0
    assert [found.currsize for found in loaded] == [1, 1]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_when_stopped_before_it_listens(
    settings: Settings, tmp_path: Path, kind: signal.Signals
) -> None:
    with _serving(settings, tmp_path) as (server, _address):
        while "Spawning worker" not in (tmp_path / "log").read_text():
            assert server.poll() is None
            time.sleep(0.01)
        server.send_signal(kind)
        assert server.wait(60) == 0


@contextmanager
def _serving(settings: Settings, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the server, which writes ``log`` in ``folder``; give it and its address; end it."""
    port = _free_port()
    variables = {
        **os.environ,
        "MAPAPP_INSTANCE": str(folder),
        "MAPAPP_DATABASE_URL": settings.database_url,
        "MAPAPP_SECRET_KEY": settings.secret_key,
        "MAPAPP_ADDRESS_KEY": settings.address_key,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-c", "from mapapp.cli import main; main()", "serve"]
    with (folder / "log").open("wb") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "1"],
            env=variables,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield server, f"http://127.0.0.1:{port}"
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        finally:
            server.kill()


def _free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _get(url: str) -> bytes:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
                return bytes(answer.read())
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not come up")


def test_conditions_edited_by_staff_survive_init(shell: Shell, session: Session) -> None:
    row = session.scalars(select(Condition).where(Condition.slug == "dystonia")).one()
    other = session.scalars(select(Condition).where(Condition.slug == "als")).one()
    row.name, row.edited, other.name = "Dystonia, all kinds", True, "An old name"
    session.commit()
    assert shell("init").exit_code == 0
    session.expire_all()
    assert row.name == "Dystonia, all kinds"
    assert other.name != "An old name"
