"""What a browser is asked to do with a passkey, remembered in its session until it answers once."""

import json
import time

from flask import Response, jsonify, session

from mapapp.actions.account.passkey_register import CHALLENGE_SECONDS, Ceremony, PasskeyRefusedError
from mapapp.domain.core.keyed_hash import seal, unseal
from mapapp.web.core.security import site_settings

CEREMONY = "ceremony"
NEW, ENTRY, STEP = "new", "entry", "step"
"""Making a passkey, signing in with one, and showing one as the second step."""


def begin(kind: str, ceremony: Ceremony) -> Response:
    """Store the challenge for five minutes, and return the browser's options."""
    until = int(time.time()) + CHALLENGE_SECONDS
    inside = json.dumps([kind, ceremony.challenge.hex(), until])
    # Encrypted: an unanswered one stays in the row, and must not reveal when the member came.
    session[CEREMONY] = seal(site_settings().secret, CEREMONY, inside)
    return jsonify(ceremony.options)


def take_challenge(kind: str) -> bytes:
    """Return the challenge that this browser was given, and forget it, whatever comes of it.

    Raises:
        PasskeyRefusedError: when there is none, or it was for something else, or too long ago.
    """
    sealed = session.pop(CEREMONY, None)
    if sealed is None:
        raise PasskeyRefusedError
    given, challenge, until = json.loads(unseal(site_settings().secret, CEREMONY, sealed))
    if given != kind or until <= time.time():
        raise PasskeyRefusedError
    return bytes.fromhex(challenge)
