import socket
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from mapapp.actions.mailers import NotTakenError, make_mailer, read_kept_mail
from mapapp.settings import load_settings

SECRET = "a secret for tests, and for tests alone"


class Post(Handler):  # type: ignore[misc]
    """A mail server that keeps what it is given, and refuses one address."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 there is no nobody@example.org"
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
