"""Hashes and seals under the site's key, one independent key for each purpose."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from mapapp.errors import BadInputError

SEPARATOR = "\x1f"  # stands in no value, so that ("a", "bc") and ("ab", "c") differ


def keyed_digest(secret: str, purpose: str, *parts: str | int) -> bytes:
    """Return 32 bytes that only the holder of ``secret`` can compute from ``parts``."""
    message = SEPARATOR.join((purpose, *map(str, parts)))
    return hmac.digest(secret.encode(), message.encode(), "sha256")


def keyed_hash(secret: str, purpose: str, *parts: str | int) -> str:
    """Return ``keyed_digest`` as 64 hexadecimal digits."""
    return keyed_digest(secret, purpose, *parts).hex()


def plain_hash(random_text: str) -> str:
    """Return the SHA-256 of a long random secret; it needs no key, for it cannot be guessed."""
    return hashlib.sha256(random_text.encode()).hexdigest()


def seal(secret: str, purpose: str, text: str) -> str:
    """Encrypt ``text`` so that only this site can read it."""
    # The format carries the time of sealing in the clear; ours is always 1970.
    return _fernet(secret, purpose).encrypt_at_time(text.encode(), 0).decode("ascii")


def unseal(secret: str, purpose: str, sealed: str) -> str:
    """Return the text that ``seal`` was given.

    Raises:
        BadInputError: when it was sealed with another key or was altered.
    """
    try:
        return _fernet(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BadInputError("This was sealed with another key.") from None


def _fernet(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(keyed_digest(secret, "seal", purpose)))
