"""Forms work over TLS, although we ask browsers not to send the referrer."""

import re

from flask import Flask


def _post(app: Flask, token: str | None, **headers: str) -> int:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://localhost")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    sent = {"email": "robin@example.org", "csrf_token": found[1] if token is None else token}
    answer = client.post("/sign-in", data=sent, base_url="https://localhost", headers=headers)
    return answer.status_code


def test_a_form_without_referrer_is_taken(app: Flask) -> None:
    assert _post(app, None) == 303


def test_a_form_without_its_token_is_not(app: Flask) -> None:
    assert _post(app, "") == 400
    assert _post(app, "made up", Referer="https://localhost/sign-in") == 400
