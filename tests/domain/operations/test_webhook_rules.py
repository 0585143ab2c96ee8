"""Where webhooks may be, how messages are signed, and what they say."""

import base64
import json

import pytest

from mapapp.domain.operations.webhook_rules import (
    SECRET_BYTES,
    Target,
    is_public,
    message,
    new_secret,
    signature,
    target_of,
)
from mapapp.errors import BadInputError

NOT_PUBLIC = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1"),
    *("100.64.0.1", "192.0.0.1", "192.88.99.1", "198.18.0.1", "192.0.2.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1"),
    *("fec0::1", "ff0e::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::1"),
    *("3fff::1", "5f00::1", "2606:4700::1111%1", "", "localhost", "0x7f.1", "2130706433", "127.1"),
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_these_are_not_on_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00::1"])
def test_these_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.org", Target("hooks.example.org", 443, "/")),
        ("https://hooks.example.org:8443/a?b=c", Target("hooks.example.org", 8443, "/a?b=c")),
        ("https://HOOKS.example.org/?b", Target("hooks.example.org", 443, "/?b")),
        ("https://bücher.de/a%20b", Target("xn--bcher-kva.de", 443, "/a%20b")),
        ("https://8.8.8.8/a", Target("8.8.8.8", 443, "/a")),
        ("https://[2606:4700::1111]/a", Target("2606:4700::1111", 443, "/a")),
    ],
)
def test_where_an_address_leads(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example.org/", "ftp://hooks.example.org/", "hooks.example.org", ""),
        *("https://", "https:///a", "https://localhost/", "https://printer/", "https://a.local/"),
        *("https://x.internal/", "https://x.localhost/", "https://127.0.0.1/", "https://10.0.0.1"),
        *("https://[::1]/", "https://[::ffff:8.8.8.8]/", "https://2130706433/", "https://0x7f.1/"),
        *("https://a.example.org:0x/", "https://a.example.org:99999/", "https://[/", "//a.org"),
        *("https://me@a.example.org/", "https://a.example.org/#x", "https://a.example.org/ä"),
        *("https://a.example.org/a b", "https://a.example.org/\r\nX: y", "https://a..org/"),
        *(
            "https://-a.example.org/",
            "https://a.example.org\\@b.org/",
            "https://a.org/" + "x" * 500,
        ),
    ],
)
def test_where_no_webhook_can_be(url: str) -> None:
    with pytest.raises(BadInputError):
        target_of(url)


def test_a_message_is_signed_as_the_standard_says() -> None:
    # The example that its own documentation gives.
    secret, at = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_long_and_never_the_same() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == SECRET_BYTES


def test_a_message_says_what_when_and_how_many() -> None:
    assert json.loads(message("case.waits", 1_795_000_000, {"cases": 2})) == {
        "type": "case.waits",
        "timestamp": "2026-11-18T11:06:40Z",
        "data": {"cases": 2},
    }
