"""The server as people start it, with real processes."""

import multiprocessing
import os
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

from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.zone_towns import town_zones
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.paths import DATA
from mapapp.settings import Settings

sys.path.insert(0, str(DATA.parent / "scripts"))
from attack_slow import KINDS, besieged, visit

Shell = Callable[..., Result]
EACH = 25  # connections of each kind, 200 in all
PATIENCE = 60  # seconds; a test that fails waits this long


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
    loads = (load_towns, town_zones, load_catalogue)
    for load in loads:
        load.cache_clear()
    loaded = []
    monkeypatch.setattr(Server, "serve", lambda _: loaded.extend(f.cache_info() for f in loads))
    monkeypatch.setattr("gc.freeze", lambda: None)
    assert shell("serve", "--port", str(_free_port())).exit_code == 0
    assert [found.currsize for found in loaded] == [1, 1, 1]


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


def test_slow_strangers_keep_nobody_waiting(settings: Settings, tmp_path: Path) -> None:
    with _serving(settings, tmp_path) as (_server, address):
        _get(f"{address}/healthz")
        port = int(address.rpartition(":")[2])
        with besieged(port, EACH) as siege:
            _until(lambda: all(siege.open[kind] == EACH for kind in KINDS))
            assert [visit(port, PATIENCE)[1] for _ in range(5)] == [""] * 5
            # Forms and endless chunks are still held; otherwise nobody would have been besieged.
            assert all(siege.open[kind] for kind in KINDS)


def test_nothing_is_left_of_a_server_that_was_killed(settings: Settings, tmp_path: Path) -> None:
    with _serving(settings, tmp_path) as (server, address):
        _get(f"{address}/healthz")
        server.kill()
        server.wait(PATIENCE)
        _until(lambda: not _listens(int(address.rpartition(":")[2])))


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def _serving(settings: Settings, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the server, which writes ``log`` in ``folder``; yield it and its URL; stop it."""
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
