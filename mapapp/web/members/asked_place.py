"""What somebody looks for, veiled in an address for an hour or two (privacy rule 4).

What is typed (a town, words of a conversation) comes by POST. The answer leads to an address in
which it stands veiled, so that going back, reloading and signing in work, and that a browser's
history tells nothing: soon nobody can read the address any more, and meanwhile only this site.
"""

import json
import time
from collections.abc import Mapping

from flask import request

from mapapp.domain.core.keyed_hash import unveil, veil
from mapapp.errors import BadInputError
from mapapp.web.core.security import site_settings

AT = "at"
HOUR = 3600


def veiled(**asked: str | int) -> str:
    """Return what was asked for as an argument of an address."""
    text = json.dumps([_hour(), asked], separators=(",", ":"), ensure_ascii=False)
    return veil(site_settings().secret, AT, text)


def asked_for() -> Mapping[str, str]:
    """Return what the address of this request asks for; nothing where its time has run out."""
    given = request.args.get(AT, "")
    if not given:
        return {}
    try:
        hour, asked = json.loads(unveil(site_settings().secret, AT, given))
    except BadInputError:
        return {}
    return {name: str(value) for name, value in asked.items()} if _hour() - hour in {0, 1} else {}


def is_outdated() -> bool:
    """Whether the address asks for something that cannot be read any more."""
    return AT in request.args and not asked_for()


def _hour() -> int:
    return int(time.time()) // HOUR
