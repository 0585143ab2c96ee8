"""What tests of forms that were not taken share."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """The site with its check of tokens, as it runs."""
    app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    return app


@pytest.fixture
def signed_in(
    guarded: Flask, make_member: Callable[..., Any], login: Callable[..., FlaskClient]
) -> FlaskClient:
    """The browser of a member of staff."""
    return login(make_member(staff=True))
