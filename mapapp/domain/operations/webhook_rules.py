"""What webhooks are told, where they may be, how messages are signed, and when they are tried.

Messages are signed as Standard Webhooks 1.0.0 says (github.com/standard-webhooks).
"""

import base64
import hmac
import ipaddress
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from mapapp.errors import N_, BadInputError

MAP_GREW, CASE_WAITS, TEST = "map.grew", "case.waits", "test"
EVENT_WORDS = {
    MAP_GREW: N_("A map passed a round number of people"),
    CASE_WAITS: N_("A case waits for the moderators"),
}
HOOK_ON, HOOK_PAUSED, HOOK_FAILED = "on", "paused", "failed"
QUEUED, SENT, GIVEN_UP = "queued", "sent", "given-up"

DELAYS = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600)
"""Seconds until the next attempt, after each that failed; one more, and the message is given up."""
MOST_GIVEN_UP = 3
"""Messages in a row that were given up, after which a webhook pauses."""
LONGEST_NAME, LONGEST_URL = 80, 500
SECRET_BYTES, SECRET_PREFIX = 32, "whsec_"
HTTPS_PORT = 443

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_PATH = re.compile(r"(/[!$&'()*+,\-./0-9:;=@A-Z_a-z~%]*)?(\?[!$&'()*+,\-./0-9:;=?@A-Z_a-z~%]*)?")
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa", ".test", ".example", ".invalid")
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays to IPv6
        "2001::/23",  # tunnels and other protocols
        "2001:db8::/32",
        "2002::/16",  # holds an IPv4 address
        "3fff::/20",
    )
)
"""Networks that some versions of Python take for public."""


@dataclass(frozen=True)
class Target:
    """Where a webhook is: what to resolve, the port, and what to ask for there."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Return where an address leads.

    Raises:
        BadInputError: for anything but https to a name or number that may be public.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port or HTTPS_PORT
    except (ValueError, UnicodeError):
        raise BadInputError(N_("This is not a web address.")) from None
    asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.scheme != "https":
        raise BadInputError(N_("The address must begin with https://."))
    if "@" in parts.netloc or "#" in url or len(url) > LONGEST_URL or not _PATH.fullmatch(asked):
        raise BadInputError(
            N_("Leave out names, passwords, what follows “#”, and characters that need encoding.")
        )
    if not _may_be_public(host):
        raise BadInputError(
            N_("The address must be on the public internet, not on this computer or network.")
        )
    return Target(host, port, asked if asked.startswith("/") else f"/{asked}")


def _may_be_public(host: str) -> bool:
    if _HOST.fullmatch(host):
        return not host.endswith(_INSIDE)
    return is_public(host)


def is_public(address: str) -> bool:
    """Whether an IP address is one machine on the public internet.

    Private, loopback, link-local, shared, multicast and reserved ones are not, and neither are
    those in IPv6 that stand for an address in IPv4 (mapped, NAT64, 6to4, Teredo).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and (found not in _GLOBAL_V6 or getattr(found, "scope_id", None)):
        return False
    if any(found in network for network in _SPECIAL if network.version == found.version):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def new_secret() -> str:
    """Return a new secret in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the header that proves a message: "v1," and its HMAC-SHA256 in Base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def message(event: str, at: int, data: dict[str, Any]) -> str:
    """Return the body of a message.

    Args:
        event: its type.
        at: when it happened (Unix seconds).
        data: numbers, and of which map.
    """
    timestamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    whole = {"type": event, "timestamp": timestamp, "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
