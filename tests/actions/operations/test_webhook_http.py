"""One message to a real server: to public addresses alone, and never anywhere else."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mapapp.actions.operations.webhook_http import (
    LONGEST_HEAD,
    NO_ANSWER,
    NO_CERTIFICATE,
    NOT_PUBLIC,
    NOT_REACHED,
    TOO_SLOW,
    UNKNOWN_NAME,
    Door,
    NotSentError,
    send,
)
from mapapp.domain.operations.webhook_rules import target_of
from tests.https_server import HOST, Receiver, https_server, slowly


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder: Path = tmp_path_factory.mktemp("https")
    with https_server(folder) as receiver:
        yield receiver


@pytest.fixture
def receiver(server: Receiver) -> Receiver:
    server.status, server.answers, server.received = 204, None, []
    return server


@pytest.fixture
def door(receiver: Receiver) -> Door:
    """A way out that leads to the tests' own server, on this computer."""
    return Door(
        resolve=lambda _host, _port: ["127.0.0.1"],
        may_reach=lambda _address: True,
        certificates=receiver.trusted,
    )


def post(door: Door, url: str, body: bytes = b'{"a":1}') -> int:
    return send(door, target_of(url), {"webhook-id": "msg_1"}, body)


def why_not(door: Door, url: str) -> str:
    with pytest.raises(NotSentError) as refused:
        post(door, url)
    return refused.value.why


def test_a_message_arrives(receiver: Receiver, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):  # it asks no proxy
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(door, receiver.url("/hook?key=1")) == 204
    (came,) = receiver.received
    assert (came.path, came.body) == ("/hook?key=1", '{"a":1}')
    assert came.headers == {
        "Host": f"{HOST}:{receiver.port}",
        "User-Agent": "mapapp",
        "Content-Type": "application/json",
        "Content-Length": "7",
        "Connection": "close",
        "webhook-id": "msg_1",
    }


def test_no_redirect_is_followed(receiver: Receiver, door: Door) -> None:
    receiver.status = 307
    assert post(door, receiver.url()) == 307
    assert [came.path for came in receiver.received] == ["/hook"]


def test_the_certificate_must_be_that_of_the_name(receiver: Receiver, door: Door) -> None:
    assert why_not(door, receiver.url(host="other.example.org")) == NO_CERTIFICATE
    assert why_not(replace(door, certificates=Door().certificates), receiver.url()) == (
        NO_CERTIFICATE
    )
    assert receiver.received == []


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1111", "::1"], []]
)
def test_one_address_that_is_not_public_is_enough(
    receiver: Receiver, door: Door, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def _never(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", _never)
    real = replace(door, resolve=lambda _host, _port: addresses, may_reach=Door().may_reach)
    assert why_not(real, receiver.url()) == NOT_PUBLIC


def test_this_computer_is_refused_by_its_usual_names(receiver: Receiver) -> None:
    usual = replace(Door(), resolve=lambda _host, port: Door().resolve("localhost", port))
    assert why_not(usual, receiver.url()) == NOT_PUBLIC
    assert receiver.received == []


def test_a_name_is_resolved_once_and_that_address_reached(receiver: Receiver, door: Door) -> None:
    asked = []

    def _resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert post(replace(door, resolve=_resolve), receiver.url()) == 204
    assert asked == [HOST]


def test_the_next_address_is_tried_where_one_is_not_reached(receiver: Receiver, door: Door) -> None:
    both = replace(door, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
    assert post(both, receiver.url()) == 204
    none = replace(door, resolve=lambda _host, _port: ["127.0.0.2"])
    assert why_not(none, receiver.url()) == NOT_REACHED


def test_a_name_that_is_not_known(receiver: Receiver, door: Door) -> None:
    def _unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert why_not(replace(door, resolve=_unknown), receiver.url()) == UNKNOWN_NAME


def test_who_answers_a_byte_at_a_time_is_left(receiver: Receiver, door: Door) -> None:
    receiver.answers = slowly
    began = time.monotonic()
    assert why_not(replace(door, seconds=0.3), receiver.url()) == TOO_SLOW
    assert time.monotonic() - began < 1


def test_who_does_not_even_greet_is_left(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://{HOST}:{silent.getsockname()[1]}/"
        assert why_not(replace(door, seconds=0.2), url) == TOO_SLOW


def test_of_an_answer_only_the_status_is_read(receiver: Receiver, door: Door) -> None:
    def _answer(*parts: bytes) -> Any:
        def _write(handler: Any) -> None:
            handler.close_connection = True
            for part in parts:
                handler.wfile.write(part)

        return _write

    receiver.answers = _answer(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", b"HTTP/1.1 202 \r\n")
    assert post(door, receiver.url()) == 202
    for wrong in (b"", b"SSH-2.0\r\n", b"HTTP/1.1 999 X\r\n", b"x" * (LONGEST_HEAD * 4)):
        receiver.answers = _answer(wrong)
        assert why_not(door, receiver.url()) == NO_ANSWER
