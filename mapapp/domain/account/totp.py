"""Codes of authenticator apps (RFC 6238), and the keys they are made from."""

import re
import time
from urllib.parse import quote

import pyotp

from mapapp.domain.core.keyed_hash import seal, unseal
from mapapp.errors import BadInputError

PURPOSE = "totp"
PERIOD = 30  # seconds for which an app shows a code
DRIFT = 30  # seconds by which a phone's clock may be wrong


def new_key(secret: str) -> str:
    """Return a new random key, encrypted."""
    return seal(secret, PURPOSE, pyotp.random_base32())


def open_key(secret: str, sealed: str) -> str:
    """Return a key, decrypted, as the 32 base32 characters that apps take.

    Raises:
        BadInputError: when it was encrypted with another secret.
    """
    return unseal(secret, PURPOSE, sealed)


def counter_of(secret: str, sealed: str, code: str, last: int) -> int | None:
    """Return the number of the half minute that has this code; None for a wrong or used code.

    Args:
        sealed: the app's key, encrypted.
        last: the number of the last correct code; no code up to it is accepted again.
    """
    digits = re.sub(r"[\s=-]", "", code)  # apps show gaps, and people type them
    if not (digits.isascii() and digits.isdigit()):  # pyotp takes other scripts' digits, too
        return None
    try:
        codes = pyotp.HOTP(open_key(secret, sealed))
    except BadInputError:
        return None
    now = int(time.time())
    around = range(max(last, (now - DRIFT) // PERIOD), (now + DRIFT) // PERIOD + 1)
    found = next((n for n in around if codes.verify(digits, n)), None)
    return None if found == last else found


def app_address(site_name: str, pseudonym: str, key: str) -> str:
    """Return the address of a key that an app on the same device opens.

    It is written here because pyotp would leave a "/" in a name, which adds a step to the path.
    """
    site = site_name.replace(":", " ")  # a colon stands between the two names
    label = f"{quote(site, '@')}:{quote(pseudonym.replace(':', ' ') or site, '@')}"
    return f"otpauth://totp/{label}?secret={key}&issuer={quote(site, '')}"


def in_groups(key: str) -> str:
    """Return a key as people type it, such as ``ABCD-EFGH``."""
    return "-".join(key[at : at + 4] for at in range(0, len(key), 4))
