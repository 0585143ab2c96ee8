"""An error in the log tells where the program failed, and nothing about the person it met."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from mapapp.web.core.request_session import db


@pytest.fixture
def failing(app: Flask, add_page: Callable[..., None]) -> Flask:
    def _fail(slug: str) -> str:
        raise ValueError(f"nothing to say about {slug}")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    add_page(app, "/conditions/<slug>/broken", "broken", _fail)
    return app


@pytest.mark.own_site
def test_the_log_has_no_address_no_value_and_no_message(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = failing.test_client().get("/conditions/dystonia/broken?area=4711")
    assert answer.status_code == 500
    assert "ValueError in broken" in caplog.text
    assert "test_logs.py" in caplog.text
    for secret in ("dystonia", "4711", "nothing to say", "127.0.0.1"):
        assert secret not in caplog.text


def test_errors_of_the_database_do_not_repeat_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(SQLAlchemyError) as caught:
        db.session.execute(text("SELECT :value FROM no_such_table"), {"value": "Hidden Heron"})
    assert "Hidden Heron" not in str(caught.value)
