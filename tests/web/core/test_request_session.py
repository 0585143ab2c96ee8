"""What no database can hold is refused at the door, and a request costs no thread."""

from threading import Thread

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/conditions/dys%00tonia", 404),
        ("/conditions?q=dys%00tonia", 400),
        ("/conditions/dystonia/nearby?town=%00", 400),
    ],
)
def test_a_null_character(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_null_character_in_a_form(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"email": "a\0@example.org"}).status_code == 400


def test_a_request_starts_no_thread(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Thread] = []
    start = Thread.start
    monkeypatch.setattr(Thread, "start", lambda one: (started.append(one), start(one)))
    for path in ("/healthz", "/conditions/dystonia", "/static/nothing"):
        client.get(path)
    client.post("/sign-in", data={"email": "anna@example.org"})
    assert started == []
