"""Hashing and encryption with the site's key, with an independent key for each purpose."""

import base64
import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from mapapp.errors import N_, BadInputError

VEILED = 32
"""Bytes of which a veiled text has a multiple, so that its length tells little."""
SEPARATOR = "\x1f"  # occurs in no value, so that ("a", "bc") and ("ab", "c") differ


def keyed_digest(secret: str, purpose: str, *parts: str | int) -> bytes:
    """Return 32 bytes that only the holder of ``secret`` can compute from ``parts``."""
    message = SEPARATOR.join((purpose, *map(str, parts)))
    return hmac.digest(secret.encode(), message.encode(), "sha256")


def keyed_hash(secret: str, purpose: str, *parts: str | int) -> str:
    """Return ``keyed_digest`` as 64 hexadecimal digits."""
    return keyed_digest(secret, purpose, *parts).hex()


def many_digests(secret: str, purpose: str, *first: str | int) -> Callable[..., bytes]:
    """Return ``keyed_digest`` with its first parts given, for very many texts that follow them."""
    message = SEPARATOR.join((purpose, *map(str, first), ""))
    begun = hmac.new(secret.encode(), message.encode(), "sha256")

    def _digest(*parts: str) -> bytes:
        one = begun.copy()
        one.update(SEPARATOR.join(parts).encode())
        return one.digest()

    return _digest


def plain_hash(random_text: str) -> str:
    """Return the SHA-256 of a long random secret, which needs no key: it cannot be guessed."""
    return hashlib.sha256(random_text.encode()).hexdigest()


def seal(secret: str, purpose: str, text: str) -> str:
    """Encrypt ``text`` so that only this site can read it."""
    # The format contains the time of encryption in clear text; ours is always 1970.
    return _fernet(secret, purpose).encrypt_at_time(text.encode(), 0).decode("ascii")


def unseal(secret: str, purpose: str, sealed: str) -> str:
    """Return the text that ``seal`` was given.

    Raises:
        BadInputError: when it was encrypted with another key, or was altered.
    """
    try:
        return _fernet(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BadInputError(N_("This was encrypted with another key.")) from None


def veil(secret: str, purpose: str, text: str) -> str:
    """Return ``text`` as letters for an address that only this site can read.

    The same text always gives the same letters, and those of one purpose mean nothing for another.
    """
    plain = text.encode()
    padded = plain.ljust(-(-len(plain) // VEILED) * VEILED, b"\0")
    veiled = AESSIV(keyed_digest(secret, "veil", purpose)).encrypt(padded, None)
    return base64.urlsafe_b64encode(veiled).rstrip(b"=").decode("ascii")


def unveil(secret: str, purpose: str, veiled: str) -> str:
    """Return the text that ``veil`` was given.

    Raises:
        BadInputError: for anything that ``veil`` did not make for this purpose.
    """
    try:
        sealed = base64.urlsafe_b64decode(veiled + "=" * (-len(veiled) % 4))
        plain = AESSIV(keyed_digest(secret, "veil", purpose)).decrypt(sealed, None)
        return plain.rstrip(b"\0").decode()
    except (ValueError, InvalidTag):
        raise BadInputError(N_("This address was altered, or is from another site.")) from None


def _fernet(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(keyed_digest(secret, "seal", purpose)))
