import socket
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from mapapp.actions.mail.mailers import NotTakenError, make_mailer, read_kept_mail
from mapapp.settings import load_settings

SECRET = "a secret for tests, and for tests alone"


class Post(Handler):  # type: ignore[misc]
    """A mail server that keeps what it receives, and refuses one address."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 there is no nobody@example.org"
        if address.startswith("busy@"):
            return "451 come back in ten minutes"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_mail_server_is_given_the_mail(post: tuple[Post, str]) -> None:
    server, url = post
    settings = load_settings(
        mail_url=url,
        mail_from="map@site.example",
        base_url="https://site.example",
        secret_key=SECRET,
    )
    make_mailer(settings)("robin@example.org", "Nachricht für dich", "Grüße\n")
    (mail,) = server.mails
    assert mail["From"] == "map@site.example"
    assert mail["To"] == "robin@example.org"
    assert mail["Message-ID"].endswith("@site.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().strip() == "Grüße"


def test_a_name_takes_the_place_of_the_senders(post: tuple[Post, str]) -> None:
    server, url = post
    settings = load_settings(
        mail_url=url, mail_from="The map of all <map@site.example>", secret_key=SECRET
    )
    for name in ("", "Notizen für dich"):
        make_mailer(settings, name)("robin@example.org", "x", "y\n")
    senders = [str(make_header(decode_header(mail["From"]))) for mail in server.mails]
    assert senders == ["The map of all <map@site.example>", "Notizen für dich <map@site.example>"]


def test_a_refusal_is_told_without_the_address(post: tuple[Post, str]) -> None:
    settings = load_settings(mail_url=post[1], secret_key=SECRET)
    with pytest.raises(NotTakenError) as refusal:
        make_mailer(settings)("nobody@example.org", "x", "y\n")
    assert "example" not in str(refusal.value)


def test_a_server_that_is_not_there_is_a_refusal() -> None:
    settings = load_settings(mail_url="smtp://127.0.0.1:1", secret_key=SECRET)
    with pytest.raises(NotTakenError, match="ConnectionRefusedError"):
        make_mailer(settings)("robin@example.org", "x", "y\n")


def test_development_keeps_the_last_mails_and_other_sites_none(tmp_path: Path) -> None:
    plain = load_settings(instance=tmp_path, secret_key=SECRET)
    make_mailer(plain)("robin@example.org", "x", "y\n")
    assert list(tmp_path.iterdir()) == []
    dev = load_settings(instance=tmp_path, secret_key=SECRET, dev=True)
    for number in range(60):
        make_mailer(dev)("robin@example.org", f"mail {number}", "y\n")
    kept = read_kept_mail(dev)
    assert len(kept) == 50
    assert kept[0]["subject"] == "mail 59"


@pytest.mark.parametrize(
    "to",
    ["=?utf-8?q?a=0D=0ABcc?=@b.de", "=?us-ascii?q?=72obin?=@example.org", "robin", "a@b\r\n.de"],
)
def test_what_cannot_be_sent_unchanged_is_a_refusal(post: tuple[Post, str], to: str) -> None:
    """Rows that were queued by an older version may hold it."""
    with pytest.raises(NotTakenError, match="NoAddress"):
        make_mailer(load_settings(mail_url=post[1], secret_key=SECRET))(to, "x", "y\n")
    assert post[0].mails == []


def test_a_mail_that_cannot_be_built_is_a_refusal(post: tuple[Post, str]) -> None:
    mailer = make_mailer(load_settings(mail_url=post[1], secret_key=SECRET))
    with pytest.raises(NotTakenError, match="ValueError"):
        mailer("robin@example.org", "a\r\nBcc: wren@example.org", "y\n")


def test_an_international_domain_reaches_the_server_in_ascii(post: tuple[Post, str]) -> None:
    settings = load_settings(
        mail_url=post[1],
        mail_from="Kärte <map@site.example>",
        base_url="https://bücher.example",
        secret_key=SECRET,
    )
    make_mailer(settings)("robin@bücher.example", "x", "y\n")
    (mail,) = post[0].mails
    assert mail["X-RcptTo"] == "robin@xn--bcher-kva.example"
    assert mail["X-MailFrom"] == "map@site.example"
    assert mail["Message-ID"].isascii()


@pytest.mark.parametrize(("code", "is_final"), [("nobody", True), ("busy", False)])
def test_a_refusal_says_whether_it_is_final(
    post: tuple[Post, str], code: str, is_final: bool
) -> None:
    with pytest.raises(NotTakenError) as refusal:
        make_mailer(load_settings(mail_url=post[1], secret_key=SECRET))(f"{code}@b.de", "x", "y\n")
    assert refusal.value.is_final == is_final
