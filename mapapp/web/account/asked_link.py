"""What the browser that asked for a link keeps until it signs in: what follows.

It stands in a cookie of its own, not in the row of the session: so the database has no copy, and
the keys of the site open nothing without the browser. Nothing that becomes of the link changes it,
so whoever typed the address of another does not see there when that person used the link.
"""

import time
from typing import Any

from flask import current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from mapapp.actions.account.waiting_place import TO_THE_START, Afterwards
from mapapp.actions.mail.delivery import LINK_SECONDS, UNSENT_SECONDS
from mapapp.domain.core.keyed_hash import seal, unseal
from mapapp.errors import BadInputError
from mapapp.web.core.security import site_settings

HANDLE = "sign_in"
"""The entry of a visitor's session under which the code is checked."""
WRONG_SO_FAR = "wrong_codes"
"""The entry that counts codes: the row of the link counts them as well, but goes with its use."""
COOKIE = "sign-in"
KEPT_SECONDS = UNSENT_SECONDS + LINK_SECONDS
"""The longest that a link lives."""


def wait_for_code(handle: str, after: Afterwards) -> Response:
    """Lead the browser that asked to the page with the code; it keeps what follows."""
    session[HANDLE], session[WRONG_SO_FAR] = handle, 0
    text = f"{handle} {int(time.time()) + KEPT_SECONDS} {after.to_text()}"
    answer = redirect(url_for("accounts.code"), 303)
    answer.set_cookie(COOKIE, seal(site_settings().secret, COOKIE, text), **_flags())
    return answer


def kept_for(handle: str) -> Afterwards:
    """Return what this browser keeps since it asked for the link of ``handle``."""
    try:
        text = unseal(site_settings().secret, COOKIE, request.cookies.get(COOKIE, ""))
    except BadInputError:
        return TO_THE_START
    asked, until, inside = text.split(" ", 2)
    if asked != handle or int(until) <= time.time():
        return TO_THE_START
    return Afterwards.from_text(inside)


def count_wrong() -> int:
    """Count a code that was not taken, and return how many there were."""
    session[WRONG_SO_FAR] = session.get(WRONG_SO_FAR, 0) + 1
    return int(session[WRONG_SO_FAR])


def forget_asking(answer: Response) -> None:
    """Take the cookie away from a browser that signs in."""
    answer.delete_cookie(COOKIE, **_flags())


def _flags() -> dict[str, Any]:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    path = url_for("accounts.sign_in")
    return {"path": path, "secure": secure, "httponly": True, "samesite": "Lax"}
