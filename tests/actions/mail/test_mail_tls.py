"""A password for the mail server goes through TLS, or nowhere; asked of servers of every kind."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mapapp.actions.mail.mailers import NotTakenError, make_mailer
from mapapp.settings import Settings, load_settings

SECRET = "a secret for tests, and for tests alone"
LOGIN = "site:open%20sesame@"
NOW = datetime.now(UTC)

Start = Callable[..., str]


class Post(Sink):
    """A mail server that notes each login, and each mail with whether it came through TLS."""

    def __init__(self) -> None:
        super().__init__()
        self.logins: list[tuple[bytes, bool]] = []
        self.mails: list[bool] = []

    def check(
        self, server: SMTP, session: Session, _envelope: Envelope, _kind: str, data: Any
    ) -> AuthResult:
        """Accept every login."""
        self.logins.append((data.password, session.ssl is not None or server.session.ssl is True))
        return AuthResult(success=True)

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope
    ) -> str:
        self.mails.append(session.ssl is not None)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def start(post: Post, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a server that offers STARTTLS, speaks TLS from the start, or neither."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # so that its certificate is trusted
    running: list[Controller] = []

    def _start(kind: str) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(
            post,
            hostname="127.0.0.1",
            port=port,
            ssl_context=context if kind == "smtps" else None,
            tls_context=context if kind == "starttls" else None,
            authenticator=post.check,
            auth_require_tls=False,
        )
        controller.start()
        running.append(controller)
        return f"127.0.0.1:{port}"

    yield _start
    for controller in running:
        controller.stop()


def _send(url: str, **settings: Any) -> Settings:
    made = load_settings(mail_url=url, secret_key=SECRET, **settings)
    make_mailer(made)("robin@example.org", "x", "y\n")
    return made


def test_a_password_goes_through_starttls(post: Post, start: Start) -> None:
    _send(f"smtp://{LOGIN}{start('starttls')}")
    assert [password for password, _ in post.logins] == [b"open sesame"]
    assert post.mails == [True]


def test_a_password_goes_through_tls(post: Post, start: Start) -> None:
    _send(f"smtps://{LOGIN}{start('smtps')}")
    assert [password for password, _ in post.logins] == [b"open sesame"]
    assert len(post.mails) == 1


@pytest.mark.parametrize("login", [LOGIN, "site@", ":sesame@"])
def test_without_tls_neither_password_nor_mail_is_sent(
    post: Post, start: Start, login: str
) -> None:
    with pytest.raises(NotTakenError, match="NoTls"):
        _send(f"smtp://{login}{start('plain')}")
    assert (post.logins, post.mails) == ([], [])


@pytest.mark.parametrize(("scheme", "kind"), [("smtp", "starttls"), ("smtps", "smtps")])
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    post: Post, start: Start, scheme: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = start(kind)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotTakenError, match="SSLCertVerificationError"):
        _send(f"{scheme}://{LOGIN}{where}")
    assert (post.logins, post.mails) == ([], [])


def test_the_setting_allows_a_password_without_tls_on_this_machine(
    post: Post, start: Start
) -> None:
    _send(f"smtp://{LOGIN}{start('plain')}", mail_plain=True)
    assert (len(post.logins), post.mails) == (1, [False])


@pytest.mark.parametrize("kind", ["plain", "starttls"])
def test_without_a_password_this_machine_needs_no_tls(post: Post, start: Start, kind: str) -> None:
    _send(f"smtp://{start(kind)}")
    assert (post.logins, post.mails) == ([], [False])
