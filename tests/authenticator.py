"""A software device with passkeys: it responds as real ones do, and lies if a test asks it to."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.test import TestResponse

ORIGIN, RP_ID = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Device:
    """One passkey of one device.

    Attributes:
        count: how often it was used, as it tells; ``None`` for devices that always say 0.
    """

    count: int | None = 0
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    user: bytes = b""
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any], **lies: Any) -> str:
        """Return the answer to ``navigator.credentials.create``, as our script would send it."""
        self.user = base64url_to_bytes(options["user"]["id"])
        head = self._head(lies, ATTESTED)
        length = len(self.credential).to_bytes(2, "big")
        data = head + bytes(16) + length + self.credential + self._public_key()
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        said = _said("webauthn.create", options, lies)
        return self._json(clientDataJSON=said, attestationObject=cbor2.dumps(attestation))

    def get(self, options: dict[str, Any], **lies: Any) -> str:
        """Return the answer to ``navigator.credentials.get``."""
        if self.count is not None:
            self.count += 1
        said, data = _said("webauthn.get", options, lies), self._head(lies)
        signed = data + hashlib.sha256(said).digest()
        signature = self._key.sign(lies.get("signed", signed), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._json(**answer, userHandle=self.user)

    def _head(self, lies: dict[str, Any], more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if lies.get("verified", True) else 0) | more
        count = lies.get("count", self.count) or 0
        name = hashlib.sha256(lies.get("rp_id", RP_ID).encode()).digest()
        return name + bytes([flags]) + int(count).to_bytes(4, "big")

    def _public_key(self) -> bytes:
        point = self._key.public_key().public_numbers()
        sides = {-2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        return cbor2.dumps({1: 2, 3: -7, -1: 1, **sides})

    def _json(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        inside = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": inside})


def _said(kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
    said = {
        "type": lies.get("type", kind),
        "challenge": lies.get("challenge", options["challenge"]),
        "origin": lies.get("origin", ORIGIN),
        "crossOrigin": False,
    }
    return json.dumps(said).encode()


def offer(client: FlaskClient, path: str) -> dict[str, Any]:
    """Return the site's options for a browser."""
    answer = client.post(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return dict(answer.json or {})


def add_passkey(client: FlaskClient, **kind: Any) -> Device:
    """Create a passkey on the page, as the script does."""
    device = Device(**kind)
    made = device.create(offer(client, "/account/passkeys/options"))
    answer = client.post("/account/passkeys", data={"credential": made})
    assert (answer.status_code, answer.location) == (303, "/account/passkeys")
    return device


def enter(client: FlaskClient, device: Device, **lies: Any) -> TestResponse:
    """Sign in with the passkey of a device, on the way to the inbox."""
    said = device.get(offer(client, "/sign-in/passkey/options"), **lies)
    return client.post("/sign-in/passkey", data={"credential": said, "next": "/inbox"})
