"""A real HTTPS server on this computer with a certificate of an authority of the tests' own."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example.org"


@dataclass
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """The server's port and certificates, what it answers, and what it was sent."""

    port: int
    trusted: ssl.SSLContext
    status: int = 204
    answers: Callable[[Any], None] | None = None
    received: list[Received] = field(default_factory=list)

    def url(self, path: str = "/hook", host: str = HOST) -> str:
        """Return an address on this server."""
        return f"https://{host}:{self.port}{path}"


@contextmanager
def https_server(folder: Path) -> Iterator[Receiver]:
    """Serve until the end; certificates are written to ``folder``."""
    certificate = _write_certificates(folder)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = inside.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    trusted = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    receiver = Receiver(server.server_port, trusted)
    server.receiver = receiver  # type: ignore[attr-defined]
    server.handle_error = lambda *_given: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        receiver.received.append(Received(self.path, dict(self.headers), body))
        if receiver.answers:
            receiver.answers(self)
            return
        self.send_response(receiver.status)
        if receiver.status // 100 == 3:
            self.send_header("Location", receiver.url("/elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


def slowly(handler: Any) -> None:
    """Answer a byte now and then, for longer than anybody waits."""
    for byte in b"HTTP/1.1 2":
        handler.wfile.write(bytes([byte]))
        time.sleep(0.1)


def _write_certificates(folder: Path) -> Path:
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("Tests", ca_key, "Tests", ca_key, is_ca=True)
    leaf = _certificate(HOST, key, "Tests", ca_key, is_ca=False)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(plain + leaf.public_bytes(pem))
    return path


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return made.sign(issuer_key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
