"""The name a site's passkeys are made under, and the address they are accepted from."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCALHOST = "localhost"


@dataclass(frozen=True)
class RelyingParty:
    """What a device ties a passkey to.

    Attributes:
        id: the site's domain; '' where there is none, and so no passkeys: a number is no name.
        origin: the one address, without path, that a browser may answer from.
    """

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty:
    """Return the relying party of the site that people reach at ``base_url``.

    A site on this machine is called ``localhost``, also where its address is 127.0.0.1.
    """
    url = urlsplit(base_url)
    name = _name_of((url.hostname or "").lower())
    default = {"http": 80, "https": 443}.get(url.scheme)
    port = f":{url.port}" if url.port and url.port != default else ""
    return RelyingParty(name, f"{url.scheme}://{name}{port}" if name else "")


def _name_of(host: str) -> str:
    try:
        return LOCALHOST if ip_address(host).is_loopback else ""
    except ValueError:
        return host.encode("idna").decode("ascii")  # browsers write foreign letters so
