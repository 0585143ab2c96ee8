"""The search of one's own conversations: what is typed stands in no address."""

import re
import time
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mapapp.actions.contact.message_send import send_message
from mapapp.actions.core.context import Context
from tests import contact_requests
from tests.forms import form_to
from tests.trust import World

SEARCH = "/inbox/search"


@pytest.fixture
def path(world: World) -> str:
    """The address of a conversation in which Wren wrote to Robin."""
    wren, world.robin = world.somebody(pseudonym="Wren"), world.somebody(pseudonym="Robin")
    talk = contact_requests.connected(world.session, world.settings, wren, world.robin)
    ctx = Context(world.session, world.settings, reader_id=wren.id)
    send_message(ctx, talk, "The café was closed", str(uuid.uuid4()))
    world.session.commit()
    return f"/conversations/{talk}"


@pytest.fixture
def robin(login: Callable[..., FlaskClient], world: World, path: str) -> FlaskClient:
    return login(world.robin)


def _search(browser: FlaskClient, words: str) -> str:
    """Look for words as the form does; return the page."""
    return browser.post(SEARCH, data={"q": words}, follow_redirects=True).text


def test_words_are_found_and_lead_to_their_message(robin: FlaskClient, path: str) -> None:
    assert form_to(robin.get("/inbox").text, SEARCH)
    page = _search(robin, "CAFE")
    assert "The café was closed" in page
    (found,) = re.findall(rf'href="({path}\?message=[\w-]+#m-[\w-]+)"', page)
    assert "The café was closed" in robin.get(found).text
    assert "No message" in _search(robin, "tea")
    assert robin.get(SEARCH).status_code == 200
    assert robin.post(SEARCH, data={"q": "x" * 101}).status_code == 400


def test_no_address_says_them_and_soon_nobody_can_read_it(
    robin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    led = robin.post(SEARCH, data={"q": "closed"})
    assert led.status_code == 303
    assert "closed" not in led.location
    assert "The café was closed" in robin.get(led.location).text
    assert robin.post(SEARCH, data={"q": ""}).location == SEARCH
    later = time.time() + 7200
    monkeypatch.setattr("mapapp.web.members.asked_place.time.time", lambda: later)
    page = robin.get(led.location).text
    assert "The café was closed" not in page
    assert "We no longer know what you looked for here" in page
