"""What is left where a process of the site crashes: no copy of its memory."""

import resource
from collections.abc import Callable, Iterator

import pytest
from click.testing import Result

from mapapp.cli import server


@pytest.fixture
def core() -> Iterator[Callable[[], int]]:
    """Return how many bytes of its memory this process may leave; as many as it can at first."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    if before[1] == 0:
        pytest.fail("This machine allows no core files at all, so there is nothing to see.")
    yield lambda: resource.getrlimit(resource.RLIMIT_CORE)[0]
    resource.setrlimit(resource.RLIMIT_CORE, before)


class _Served:
    def serve(self) -> None:
        """End at once."""


def test_the_worker_leaves_none(shell: Callable[..., Result], core: Callable[[], int]) -> None:
    assert core() != 0
    assert shell("worker", "--once").exit_code == 0
    assert core() == 0


def test_the_server_leaves_none(
    shell: Callable[..., Result], core: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert core() != 0
    monkeypatch.setattr(server, "_load_for_all_workers", lambda: None)
    monkeypatch.setattr(server, "make_server", lambda *_given: _Served())
    monkeypatch.setattr(server, "_check_port", lambda *_given: None)
    assert shell("serve", "--port", "8000").exit_code == 0
    assert core() == 0
