"""No other page is ever kept, and what is kept is sent without a thread."""

import asyncio
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Map

from mapapp.web.core.serving import WholeRequests
from mapapp.web.published.finished_answers import at_once
from mapapp.web.published.finished_pages import FINISHED
from mapapp.web.published.finished_store import Named
from tests.finished import ALL, BROWSER, STORY, emptied, fill_pages, whole, without
from tests.posts import Board
from tests.searchable import PAGE, make_post, make_question

GIVEN = {
    "slug": "dystonia",
    "question": "heredity",
    "area_id": "1",
    "level": "zone",
    "code": "DE",
    "number": "1",
    "other": "a-condition-nobody-asked-about",
    "kind": "person",
    "public_id": STORY,
    "language": "en",
    "collection": "countries",
}
QUERIES = ("", "?q=dystonia", "?page=2", "?area=1", "?level=zone", "?order=newest", "?f=json")


@pytest.fixture(autouse=True)
def _stopped_clock(app: Flask) -> Iterator[None]:
    emptied(app)
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


def _addresses(pages: Map) -> Iterator[tuple[str, str]]:
    for rule in pages.iter_rules():
        address = rule.rule
        for name in rule.arguments:
            for converter in ("", "int:", "path:"):
                piece = GIVEN.get(name, "some-thing")
                address = address.replace(f"<{converter}{name}>", piece)
        yield rule.endpoint, address


def test_no_other_page_is_kept(app: Flask, client: FlaskClient, session: Session) -> None:
    condition = fill_pages(session)
    asked = make_question(session, condition)
    make_post(session, condition, asked, named_to="public")
    session.commit()
    answers = emptied(app)
    ways = [
        (endpoint, address + q) for endpoint, address in _addresses(app.url_map) for q in QUERIES
    ]
    ways += [
        ("questions.show_question", PAGE),
        ("stories.list_stories", "/conditions/dystonia/stories"),
    ]
    seen = set()
    for endpoint, address in ways:
        before = len(answers.store)
        for method in ("GET", "HEAD"):
            client.open(address, method=method, headers={"Accept-Encoding": BROWSER})
            for cookie in list(client._cookies or ()):  # visitors' forms give one
                client._cookies.pop(cookie)  # type: ignore[union-attr]
        if len(answers.store) > before:
            seen.add(endpoint)
            assert endpoint in FINISHED, address
            assert "q=" not in address
    assert seen == FINISHED.keys()


def test_a_page_that_may_name_somebody_says_whom(
    app: Flask, client: FlaskClient, board: Board, session: Session
) -> None:
    writer = board.somebody("public", pseudonym="Named Person")
    board.write(writer, indexed=True, named_to="public")
    session.commit()
    answers = emptied(app)
    page = "/conditions/dystonia/questions/treatments"
    assert b"Named Person" in client.get(page).data
    for address in ("/", "/conditions/dystonia", "/conditions/dystonia/feed.atom"):
        assert b"Named Person" not in client.get(address).data
    named = {key[0]: answer.named for key, answer in answers.store._kept.items()}
    assert named.pop(page) == Named((writer.public_id,), None)
    assert list(named.values()) == [None] * 3


class _Reader:
    """A request as the server hands it over."""

    def __init__(self, address: str, *headers: tuple[bytes, bytes]) -> None:
        path, _mark, query = address.partition("?")
        self.scope = {
            "method": "GET",
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "headers": [(b"accept-encoding", BROWSER.encode()), *headers],
        }
        self.status, self.headers, self.body = 0, [], b""

    async def receive(self) -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]  # type: ignore[assignment]
        else:
            self.body += message["body"]  # type: ignore[operator]

    def ask(self, server: WholeRequests) -> "_Reader":
        asyncio.run(server(self.scope, self.receive, self.send))  # type: ignore[arg-type]
        return self


def test_the_server_sends_it_at_once(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_pages(session)
    threads: list[int] = []
    server = WholeRequests(app, 1, at_once=at_once(app))
    submit = server._threads.submit

    def _submit(*given: object, **named: object) -> object:
        threads.append(1)
        return submit(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(server._threads, "submit", _submit)
    for address in ALL:
        with without(app):
            status, headers, body = whole(client, address)
        threads.clear()
        for _ in range(2):  # made in a thread, and then at once
            got = _Reader(address).ask(server)
            sent = sorted((k.decode(), v.decode()) for k, v in got.headers)
            assert (got.status, got.body) == (status, body)
            assert sent == sorted((k.lower(), v) for k, v in headers)
        is_counted = address == PAGE  # how often it is read
        assert len(threads) == 1 + is_counted
        cookie = _Reader(address, (b"cookie", b"session=x")).ask(server)
        assert (cookie.status, len(threads)) == (200, 2 + is_counted)
    tag = dict(whole(client, "/")[1])["ETag"].encode()
    assert _Reader("/", (b"if-none-match", tag)).ask(server).status == 304
