"""An address can be sent to as it stands, and has one spelling."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.mail.clean_addresses import ascii_address, clean_address

ROBIN = "robin@example.org"
SAME = (
    "Robin@Example.ORG",
    "\u00a0robin@example.org\t\r\n",
    "robin@example.org.",
    "robin@example.org,",
    "mailto:robin@example.org",
    "MAILTO:robin@example.org?subject=Hello&cc=wren@example.org",
    "<robin@example.org>",
    "Robin R. <robin@example.org>",
    "\u200erobin@example.org\u200f",
    "\u202arobin@example.org\u202c",
    "robin@exam\u00adple.org",
    "robin@\u200bexample.org",
    "\ufeffrobin@example.org",
    "ｒｏｂｉｎ＠ｅｘａｍｐｌｅ．ｏｒｇ",
)
NONE = (
    "",
    "robin",
    "@",
    "robin@",
    "@example.org",
    "robin@example",
    "robin@example,org",
    "robin,wren@example.org",
    "robin@example.org, wren@example.org",
    "robin@@example.org",
    "robin@example..org",
    "ro bin@example.org",
    "robin@localhost",
    "robin@[127.0.0.1]",
    '"ro bin"@example.org',
    "röbin@example.org",
    "=?utf-8?q?a=0D=0ABcc?=@b.de",
    "=?us-ascii?q?=72obin?=@example.org",
    "robin\r\nBcc: wren@example.org",
    "robin@example.org\r\nBcc: wren@example.org",
    "robin@example.org\0",
    "x" * 65 + "@example.org",
    "x@" + "y." * 130 + "org",
)
PIECES = ("robin", "@", ".", "example", "org", "=?utf-8?q?", "=0D=0A", "?=", "\r\n", "Bcc: ", '"')
PIECES += (
    "bücher",
    "İ",
    "ß",
    "\u200e",
    "mailto:",
    "<",
    ">",
    ",",
    "xn--",
    "ｅ",
    " ",
    "'",
    "+",
    "%0d",
)


@pytest.mark.parametrize("typed", SAME)
def test_what_comes_along_when_an_address_is_copied_is_taken_off(typed: str) -> None:
    assert clean_address(typed) == ROBIN


@pytest.mark.parametrize("typed", NONE)
def test_what_cannot_be_sent_to_is_none(typed: str) -> None:
    assert clean_address(typed) is None


def test_an_international_domain_keeps_its_letters_and_is_sent_in_ascii() -> None:
    assert clean_address("Robin@BÜCHER.example") == "robin@bücher.example"
    assert clean_address("robin@xn--bcher-kva.example") == "robin@bücher.example"
    assert ascii_address("robin@bücher.example") == "robin@xn--bcher-kva.example"


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_an_address_is_sent_unchanged_or_is_none(typed: str) -> None:
    address = clean_address(typed)
    if address is None:
        return
    assert clean_address(address) == address
    assert clean_address(address.upper()) in {address, None}  # some letters change both ways
    sent = ascii_address(address)
    assert sent is not None
    assert sent.isascii()
    message = EmailMessage(policy=SMTP)
    message["To"] = sent
    assert [one.addr_spec for one in message["To"].addresses] == [sent]
    assert message["To"].defects == ()
    assert message.as_bytes().replace(b"\r\n ", b" ").split(b"\r\n")[0] == b"To: " + sent.encode()
