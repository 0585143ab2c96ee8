"""What pages of errors say: what happened, and what to do next."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import default_exceptions

from mapapp.actions.core import quotas
from mapapp.web.core.failures import http_error

SAID = {
    400: "We could not understand what was sent. Go back and try again.",
    405: "This page only works with the button that leads to it. Go back and press it there.",
    410: "This link no longer works.",
    413: "That was too large, so nothing was saved. Go back: your text may still be in the form.",
}
OURS = "Something went wrong on our side."


@pytest.mark.parametrize("code", sorted(default_exceptions))
def test_no_error_of_the_readers_is_called_ours(app: Flask, code: int) -> None:
    with app.test_request_context():
        page = http_error(default_exceptions[code]())
    assert page.status_code == code
    assert (OURS in page.get_data(as_text=True)) is (code >= HTTPStatus.INTERNAL_SERVER_ERROR)
    assert SAID.get(code, "") in page.get_data(as_text=True)


def test_a_page_that_only_a_button_opens(client: FlaskClient) -> None:
    assert SAID[405] in client.get("/account/hide").text


def test_what_is_too_large(client: FlaskClient) -> None:
    assert SAID[413] in client.post("/sign-in", data={"text": "a b " * 20_000}).text


@pytest.mark.parametrize("post", ["/sign-in", "/sign-in/passkey/options", "/unsent"])
def test_a_limit_of_an_hour_says_when_to_come_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, post: str
) -> None:
    used_up: Callable[..., bool] = lambda *_given: False  # noqa: E731
    monkeypatch.setattr(quotas, "try_use", used_up)
    refused = client.post("/conditions/x/questions", data={"question": "Why so?"}).text
    sealed = refused.partition('name="sealed" value="')[2].partition('"')[0]
    answer = client.post(post, data={"email": "robin@example.org", "sealed": sealed})
    assert answer.status_code == 429
    assert "Try again in about an hour." in answer.text


def test_every_limit_that_people_meet_says_until_when() -> None:
    limits = [limit for limit in vars(quotas).values() if isinstance(limit, quotas.Limit)]
    vague = {limit.name for limit in limits if limit.message == quotas.A_LOT}
    # These are told in other words, or to nobody.
    assert vague == {"wrong-code", "challenge", "first-place", "correction", "new-account",
                     "lasting-no", "named-in-no", "done"}  # fmt: skip
