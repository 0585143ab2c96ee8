"""Finished answers are the ones that Flask gives, byte for byte, and no others are kept."""

import threading
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.web.published import finished_answers
from mapapp.web.published.finished_pages import FINISHED, NAMES_PEOPLE
from mapapp.web.published.finished_store import Answer, FinishedStore, Turns, known_tag
from tests.finished import ADDRESSES, ALL, BROWSER, answers_of, emptied, fill_pages, whole, without
from tests.worlds import counted_queries

ENCODINGS = ("", "gzip", "br", "identity", BROWSER, "br;q=0.5, gzip;q=0.8")
OF_THE_FILE = {"Content-Security-Policy", "Content-Disposition", "Vary"}
"""Headers of files for which Flask's own 304 names those of a page."""


@pytest.fixture(autouse=True)
def _nothing_kept(app: Flask) -> Iterator[None]:
    """Gzipped bytes contain the time in seconds, as the header ``Date`` does."""
    emptied(app)
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


def _tag(answer: tuple[int, list[tuple[str, str]], bytes]) -> str:
    return dict(answer[1])["ETag"]


def test_every_page_of_the_table_has_an_address_here() -> None:
    assert ADDRESSES.keys() == FINISHED.keys()


def test_every_page_of_the_table_is_kept(app: Flask, client: FlaskClient, session: Session) -> None:
    fill_pages(session)
    store = answers_of(app).store
    for address in ALL:
        before = len(store)
        first = whole(client, address)
        assert first[0] == 200, address
        assert len(store) == before + 1, address
        with counted_queries(app) as queries:
            assert whole(client, address) == first
        assert not [query for query in queries if "site_fact.value" not in query], address


@pytest.mark.both
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_same_bytes_and_headers_as_from_flask(
    app: Flask, client: FlaskClient, session: Session, encoding: str, method: str
) -> None:
    fill_pages(session)
    for address in ALL:
        with without(app):
            wanted = whole(client, address, method, encoding)
        assert whole(client, address, method, encoding) == wanted  # made now
        assert whole(client, address, method, encoding) == wanted  # and kept
        assert wanted[0] == 200
        assert bool(wanted[2]) is (method == "GET")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_same_304_as_from_flask(
    app: Flask, client: FlaskClient, session: Session, encoding: str
) -> None:
    fill_pages(session)
    for address in ALL:
        full = whole(client, address, "GET", encoding)
        plain = whole(client, address, "GET", "")
        known = (_tag(full), f'"other", {_tag(full)}', _tag(plain), '"other"', 'W/"other"')
        for method in ("GET", "HEAD"):
            for given in known:
                said = {"If_None_Match": given}
                with without(app):
                    status, headers, body = whole(client, address, method, encoding, **said)
                mine = whole(client, address, method, encoding, **said)
                assert (mine[0], mine[2]) == (status, body), (address, given)
                undated = [pair for pair in mine[1] if pair[0] != "Date"]
                headers = [pair for pair in headers if pair[0] != "Date"]
                if status == 304 and address.startswith(("/map.", "/conditions/dystonia/map.")):
                    undated = [pair for pair in undated if pair[0] not in OF_THE_FILE]
                    headers = [pair for pair in headers if pair[0] not in OF_THE_FILE]
                assert undated == headers, (address, given)


@pytest.mark.parametrize("address", ALL)
def test_who_has_a_cookie_neither_makes_nor_gets_one(
    app: Flask, client: FlaskClient, session: Session, address: str
) -> None:
    fill_pages(session)
    answers = answers_of(app)
    client.set_cookie("session", "anything")
    first = whole(client, address)
    assert len(answers.store) == 0
    client.delete_cookie("session")
    whole(client, address)
    (key,) = answers.store._kept
    # What is kept is told apart from what Flask makes by a mark.
    answers.store._kept[key] = Answer([("ETag", '"kept"')], b"kept", '"kept"', '"kept"')
    assert whole(client, address)[2] == b"kept"
    client.set_cookie("session", "anything")
    assert whole(client, address) == first


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-10"},
        {"If-Range": '"x"'},
        {"If-Match": '"x"'},
        {"If-None-Match": "*"},
        {"If-None-Match": '"x", ' * 100},
        {"If-Modified-Since": "Mon, 30 Nov 2026 00:00:00 GMT"},
        {"If-Unmodified-Since": "Mon, 30 Nov 2026 00:00:00 GMT"},
        {"Authorization": "Basic eDp5"},
        {"Accept-Language": "de;q=0.5," * 50},
        {"Accept-Encoding": "gzip;q=0.5"},
        {"Accept-Encoding": "*"},
    ],
)
def test_what_is_unusual_goes_to_flask(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    client.get("/privacy", headers=headers)
    assert len(answers_of(app).store) == 0


def test_what_has_a_body_goes_to_flask(app: Flask, client: FlaskClient) -> None:
    client.get("/privacy", data=b"abc")
    assert len(answers_of(app).store) == 0


@pytest.mark.parametrize(
    "address",
    [
        "/?x=y",
        "/privacy?",
        "/conditions?q=dystonia",
        "/conditions?letter=D&letter=E",
        "/conditions?letter",
        "/conditions?page=" + "x" * 300,
        "/api/v1/conditions/dystonia/counts?level=moon",
        "/api/v1/conditions/no-such/counts?level=zone",
        "/Privacy",
        "/privacy/",
        "/conditions/no-such",
    ],
)
def test_other_addresses_are_not_kept(
    app: Flask, client: FlaskClient, session: Session, address: str
) -> None:
    fill_pages(session)
    answers = answers_of(app)
    with without(app):
        wanted = whole(client, address)
    assert whole(client, address) == wanted
    kept = {"/privacy?"}  # an empty query is none
    assert len(answers.store) == (address in kept)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_acts_are_not_kept(app: Flask, client: FlaskClient, method: str) -> None:
    for address in ("/", "/privacy"):
        client.open(address, method=method)
    assert len(answers_of(app).store) == 0


def test_an_answer_that_is_for_one_reader_is_not_kept(app: Flask, client: FlaskClient) -> None:
    answers = answers_of(app)
    site = answers._site
    odd: dict[str, str] = {}

    def _odd(environ: dict[str, object], start: object) -> object:
        if odd.get("names"):
            environ[NAMES_PEOPLE] = True

        def _start(status: str, headers: list[tuple[str, str]], *more: object) -> object:
            given = [(k, v) for k, v in headers if k != odd.get("drop")]
            given += [(k, v) for k, v in odd.items() if k not in {"drop", "names"}]
            return start(status, given, *more)  # type: ignore[operator]

        return site(environ, _start)  # type: ignore[arg-type]

    answers._site = _odd  # type: ignore[assignment]
    try:
        for case in (
            {"Set-Cookie": "a=b"},
            {"drop": "Cache-Control", "Cache-Control": "private, no-store"},
            {"drop": "ETag"},
            {"names": "yes"},
        ):
            odd.clear()
            odd.update(case)
            for _ in range(2):
                assert client.get("/privacy").status_code == 200
                client.delete_cookie("a")
            assert len(answers.store) == 0, case
        odd.clear()
        client.get("/privacy")
        assert len(answers.store) == 1
    finally:
        answers._site = site


def test_a_hundred_at_once_make_it_once(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_pages(session)
    made, got = [], []
    whole_answer = finished_answers._whole

    def _counted(*given: object) -> object:
        made.append(1)
        return whole_answer(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(finished_answers, "_whole", _counted)
    together = threading.Barrier(100)

    def _ask() -> None:
        together.wait()
        got.append(whole(app.test_client(), "/conditions/dystonia/map"))

    threads = [threading.Thread(target=_ask) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(got) == 100
    assert all(one == got[0] for one in got)


def test_who_waits_too_long_goes_on_alone() -> None:
    turns = Turns(0.01)
    assert turns.begin("page")
    assert not turns.begin("page")
    assert turns.begin("another")
    turns.end("page")
    assert turns.begin("page")


def test_memory_is_bounded() -> None:
    store = FinishedStore(100_000)
    store.get(("state",), ("begin",))
    for number in range(500):
        answer = Answer([("ETag", '"x"')], b"x" * 3000, '"x"', '"x"')
        store.put(("state",), (str(number),), answer)
        assert store.held_bytes <= 100_000
    assert store.get(("state",), ("499",)) is not None
    assert store.get(("state",), ("0",)) is None
    huge = Answer([], b"x" * 20_000, '"x"', '"x"')
    store.put(("state",), ("huge",), huge)
    assert store.get(("state",), ("huge",)) is None
    assert store.get(("another",), ("499",)) is None
    assert (len(store), store.held_bytes) == (0, 0)
    store.put(("state",), ("late",), answer)  # made in a state that is over
    assert len(store) == 0


def test_tags_before_and_after_compression() -> None:
    answer = finished_answers.answer_of([("Content-Encoding", "br"), ("ETag", '"abc:br"')], b"")
    assert answer is not None
    assert known_tag(answer, '"abc:br"') == '"abc:br"'
    assert known_tag(answer, 'W/"abc"') == '"abc"'
    assert known_tag(answer, '"ab"') == ""


def test_it_can_be_switched_off(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"finished": False}))
    assert "mapapp_finished" not in app.extensions
    assert app.test_client().get("/privacy").status_code == 200
