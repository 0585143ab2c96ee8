"""What the settings of mail say: the sender, the login, and whether the server is close by."""

import re
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

SENDER = re.compile(r"(?!.*=\?)[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


def sender_of(text: str) -> Address | None:
    """Return the one address of a header ``From``, None where it cannot be sent as it stands."""
    try:
        header = HeaderRegistry()("From", text)
        found: tuple[Address, ...] = getattr(header, "addresses", ())
    except (ValueError, IndexError, MessageError):
        return None
    if len(found) != 1 or header.defects or not SENDER.fullmatch(found[0].addr_spec):
        return None
    return found[0]


def login_of(url: str) -> tuple[str, str]:
    """Return the user and the password of a URL, both empty where it has none."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")


def is_loopback(url: str) -> bool:
    """Whether the host of a URL is this machine, so that nobody can listen on the way."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
