"""Sending one message to a webhook, to the public internet and nowhere else.

The name is resolved once, every address that it has must be public, and the connection goes to one
of these very addresses: a name that means another address a moment later changes nothing. The
certificate must be that of the name. No redirect is followed, no proxy of the environment is used,
and of the answer only its status is read.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from mapapp.domain.operations.webhook_rules import HTTPS_PORT, Target, is_public
from mapapp.errors import N_

ATTEMPT_SECONDS, CONNECT_SECONDS = 10.0, 5.0
LONGEST_HEAD = 16_384  # bytes that are read to find its status
UNKNOWN_NAME, NOT_PUBLIC, NOT_REACHED = "no-name", "not-public", "not-reached"
NO_CERTIFICATE, TOO_SLOW, NO_ANSWER = "no-certificate", "too-slow", "no-answer"
FAILURE_WORDS = {
    UNKNOWN_NAME: N_("its name is not known"),
    NOT_PUBLIC: N_("its name leads to a network that is not public"),
    NOT_REACHED: N_("no connection"),
    NO_CERTIFICATE: N_("its certificate is not valid"),
    TOO_SLOW: N_("it took too long"),
    NO_ANSWER: N_("no proper answer"),
}

_STATUS = re.compile(rb"HTTP/1\.[01] ([2-5]\d\d)[ \r\n]")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d[ \r\n]")
_HEADERS_END = b"\r\n\r\n"

Resolve = Callable[[str, int], list[str]]


class NotSentError(Exception):
    """A message was not delivered; why is one of ``FAILURE_WORDS``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def addresses_of(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True)
class Door:
    """The way out: how names are resolved, which addresses may be reached, whom we believe."""

    resolve: Resolve = addresses_of
    may_reach: Callable[[str], bool] = is_public
    certificates: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = ATTEMPT_SECONDS


def send(door: Door, target: Target, headers: Mapping[str, str], body: bytes) -> int:
    """Post a message; return the status of the answer.

    Raises:
        NotSentError: when there was no answer.
    """
    until = time.monotonic() + door.seconds
    addresses = _checked(door, target)
    try:
        with _connected(addresses, target.port, until) as plain:
            plain.settimeout(_left(until))
            with door.certificates.wrap_socket(plain, server_hostname=target.host) as line:
                line.settimeout(_left(until))
                line.sendall(_request(target, headers, body))
                return _status(line, until)
    except ssl.SSLCertVerificationError:
        raise NotSentError(NO_CERTIFICATE) from None
    except TimeoutError:
        raise NotSentError(TOO_SLOW) from None
    except OSError:
        raise NotSentError(NO_ANSWER) from None


def _checked(door: Door, target: Target) -> list[str]:
    try:
        addresses = door.resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise NotSentError(UNKNOWN_NAME) from None
    if not addresses or not all(map(door.may_reach, addresses)):
        raise NotSentError(NOT_PUBLIC)
    return addresses


def _connected(addresses: list[str], port: int, until: float) -> socket.socket:
    for address in addresses:
        try:
            timeout = min(CONNECT_SECONDS, _left(until))
            return socket.create_connection((address, port), timeout)
        except OSError:
            continue
    raise NotSentError(NOT_REACHED)


def _left(until: float) -> float:
    """Return the seconds that are left.

    Raises:
        TimeoutError: when none are.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = {
        "Host": host if target.port == HTTPS_PORT else f"{host}:{target.port}",
        "User-Agent": "mapapp",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _status(line: ssl.SSLSocket, until: float) -> int:
    read = b""
    for part in iter(partial(_part, line, until), b""):
        read += part
        while _INTERIM.match(read) and _HEADERS_END in read:
            read = read.partition(_HEADERS_END)[2]
        if found := _STATUS.match(read):
            return int(found[1])
        if len(read) > LONGEST_HEAD:
            break
    raise NotSentError(NO_ANSWER)


def _part(line: ssl.SSLSocket, until: float) -> bytes:
    line.settimeout(_left(until))
    return line.recv(4096)
