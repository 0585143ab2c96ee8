"""The layer between the server and the site, given what a server gives, by hand."""

import asyncio
from typing import Any

import pytest
from flask import Flask, Response, request

from mapapp.web.core import serving
from mapapp.web.core.serving import Patience, WholeRequests, init_bodies

LARGEST = 10_000  # bytes
FOR_EVER = Patience(1000, 1000)
HEADERS = [
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"cookie", b"a=1"),
    (b"cookie", b"b=2"),
    (b"x_forwarded_for", b"192.0.2.7"),
]


class Stranger:
    """Who sends pieces of a body and then waits for ever, and may not read the answer."""

    def __init__(self, *pieces: bytes, ends: bool = True, reads: bool = True) -> None:
        self.pieces = list(pieces)
        self.ends, self.reads = ends, reads
        self.asked = 0
        self.seen: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        if self.pieces:
            more = len(self.pieces) > 1 or not self.ends
            return {"type": "http.request", "body": self.pieces.pop(0), "more_body": more}
        if self.ends:
            return {"type": "http.disconnect"}
        return await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(self, message: dict[str, Any]) -> None:
        self.seen.append(message)
        if not self.reads and len(self.seen) > 1:
            await asyncio.Event().wait()

    @property
    def status(self) -> int:
        return int(self.seen[0]["status"])

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.seen[1:])


@pytest.fixture
def site() -> Flask:
    """A small site that tells what it was given."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    init_bodies(app)

    @app.post("/<path:_path>")
    def _echo(_path: str) -> Response:
        names = ("PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
        lines = [f"{name}={request.environ.get(name)}" for name in names]
        return Response("\n".join([*lines, request.form.get("text", "")]))

    @app.post("/large")
    def _large() -> Response:
        return Response("x" * 1_000_000)

    return app


def _ask(
    site: Flask,
    stranger: Stranger,
    *headers: tuple[bytes, bytes],
    patience: Patience = FOR_EVER,
    path: bytes = b"/a/%ff%C3%BC",
) -> None:
    scope = _scope(*headers, path=path)
    asyncio.run(WholeRequests(site, 1, patience)(scope, stranger.receive, stranger.send))


def _scope(*headers: tuple[bytes, bytes], path: bytes = b"/a/b") -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "raw_path": path,
        "query_string": b"q=%20",
        "headers": [*HEADERS, *headers],
        "server": ("127.0.0.1", "80"),
        "client": ("192.0.2.1", "4711"),
    }


def _announced(length: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(length).encode())


def test_what_comes_in_pieces_arrives_whole(site: Flask) -> None:
    stranger = Stranger(b"te", b"xt=Hel", b"lo")
    _ask(site, stranger, _announced(10))
    assert stranger.status == 200
    assert stranger.content.decode().splitlines() == [
        "PATH_INFO=/a/\xff\xc3\xbc",
        "QUERY_STRING=q=%20",
        "HTTP_COOKIE=a=1;b=2",
        "HTTP_X_FORWARDED_FOR=None",
        "REMOTE_ADDR=192.0.2.1",
        "Hello",
    ]


def test_chunks_without_a_length_arrive_too(site: Flask) -> None:
    stranger = Stranger(b"text=", b"Hello")
    _ask(site, stranger)
    assert stranger.content.endswith(b"Hello")


@pytest.mark.parametrize("pieces", [(), (b"text=Hel",)])
def test_who_does_not_finish_is_refused(site: Flask, pieces: tuple[bytes, ...]) -> None:
    stranger = Stranger(*pieces, ends=False)
    _ask(site, stranger, _announced(50), patience=Patience(body=0.01))
    assert stranger.status == 408
    assert (b"connection", b"close") in stranger.seen[0]["headers"]


def test_too_much_is_refused_unread(site: Flask) -> None:
    stranger = Stranger(ends=False)
    _ask(site, stranger, _announced(LARGEST + 1))
    assert (stranger.status, stranger.asked) == (413, 0)


def test_endless_chunks_are_refused_at_the_limit(site: Flask) -> None:
    stranger = Stranger(*[b"x" * 1000] * 500, ends=False)
    _ask(site, stranger)
    assert stranger.status == 413
    assert stranger.asked <= LARGEST // 1000 + 1


def test_who_left_is_not_answered(site: Flask) -> None:
    stranger = Stranger()
    _ask(site, stranger, _announced(50))
    assert stranger.seen == []


def test_an_answer_leaves_in_pieces(site: Flask) -> None:
    stranger = Stranger(b"x")
    _ask(site, stranger, path=b"/large")
    assert stranger.content == b"x" * 1_000_000
    assert [m["more_body"] for m in stranger.seen[-2:]] == [True, False]


def test_who_does_not_read_is_left(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "BYTES_A_SECOND", 10**9)
    stranger = Stranger(b"x", reads=False)
    _ask(site, stranger, path=b"/large", patience=Patience(send=0.01))
    assert all(message.get("more_body", True) for message in stranger.seen)


def test_long_forms_are_read_a_few_at_a_time(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SHORT_FORM", 1_000)
    monkeypatch.setattr(serving, "LONG_AT_A_TIME", 2)
    long = [Stranger(b"text=", b"x" * 2_000, ends=False) for _ in range(3)]
    short = Stranger(b"text=Hello")
    scopes = [*(_scope(_announced(2_500)) for _ in long), _scope()]

    async def _all_at_once() -> None:
        served = WholeRequests(site, 1, Patience(body=0.2))
        calls = zip(scopes, [*long, short], strict=True)
        await asyncio.gather(*(served(s, one.receive, one.send) for s, one in calls))

    asyncio.run(_all_at_once())
    assert [one.status for one in long] == [408] * 3
    assert [one.asked for one in long] == [3, 3, 0]  # the third was not even read
    assert short.content.endswith(b"Hello")


def test_after_long_forms_there_is_room_again(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SHORT_FORM", 1_000)
    monkeypatch.setattr(serving, "LONG_AT_A_TIME", 1)
    strangers = [Stranger(b"text=", b"x" * 2_000, b"y") for _ in range(5)]

    async def _all_at_once() -> None:
        served = WholeRequests(site, 1, FOR_EVER)
        await asyncio.gather(*(served(_scope(), one.receive, one.send) for one in strangers))

    asyncio.run(_all_at_once())
    assert [one.status for one in strangers] == [200] * 5
