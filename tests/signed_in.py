"""Browsers of tests: signed in without asking for a link, or the same one twice."""

import time

from flask import Flask
from flask.testing import FlaskClient

from mapapp.web.core.proof import STRONG, STRONG_HOURS
from mapapp.web.core.security import form_token, sign_in_browser


def sign_in(browser: FlaskClient, member_id: int, handle: str, *, strong: bool = True) -> None:
    """Let ``browser`` be the member with this id and session handle.

    ``strong=False`` is signing in by mail alone; the default is with a second proof given now.
    """
    with browser.session_transaction() as held:
        token = form_token(str(browser.application.secret_key), member_id)
        held.update(_user_id=handle, member_id=member_id, csrf_token=token)
        if strong:
            held[STRONG] = (int(time.time()) // 3600 + STRONG_HOURS + 1) * 3600


def enter(app: Flask, browser: FlaskClient, member_id: int) -> None:
    """Sign in as the last page of signing in does, in the session that the browser has."""

    def _view() -> str:
        sign_in_browser(member_id, strong=True)
        return "welcome"

    app.view_functions["accounts.code"] = _view
    assert browser.get("/sign-in/code").text == "welcome"


def twin_of(browser: FlaskClient) -> FlaskClient:
    """Return the same browser as it is now: what it sends later has the cookies of now."""
    other = browser.application.test_client()
    for name, path in (("session", "/"), ("sign-in", "/sign-in")):
        cookie = browser.get_cookie(name, path=path)
        if cookie:
            other.set_cookie(name, cookie.value, path=path)
    return other
