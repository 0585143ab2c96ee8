"""An authenticator app: it shows the codes of a key, as a phone would."""

import time

import pyotp

from mapapp.domain.account import totp
from mapapp.settings import Settings


def shown(settings: Settings, sealed: str, later: int = 0) -> str:
    """Return the code of an encrypted key, now or this many codes later."""
    key = totp.open_key(settings.secret, sealed)
    return pyotp.TOTP(key).at(int(time.time()), counter_offset=later)


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 10**6:06d}"
