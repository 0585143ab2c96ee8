"""Staff read offers to help newcomers, and answer each with a reason."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.core.context import Context
from mapapp.actions.members.adviser_offer import make_offer
from mapapp.store.members import Member
from tests.advisers import REASON, offer_of
from tests.moderation import Site

Login = Callable[..., FlaskClient]
LIST = "/moderation/advisers"
WORDS = "I know <b>it</b> {{7*7}} well."


@pytest.fixture
def wren(site: Site) -> Member:
    """A member with an offer."""
    who = site.somebody("public", pseudonym="Wren")
    ctx = Context(site.session, site.settings, reader_id=who.id)
    make_offer(ctx, site.condition().id, WORDS)
    site.session.commit()
    return who


@pytest.fixture
def mods(app: Flask, mod: Member, login: Login) -> FlaskClient:
    return login(mod, on=app.test_client())


def _page(site: Site, who: Member) -> str:
    return f"{LIST}/{offer_of(site.session, who.id).public_id}"


def test_an_offer_waits_in_the_queue_and_is_confirmed(
    site: Site, mods: FlaskClient, wren: Member, client: FlaskClient
) -> None:
    assert "1 waiting" in mods.get("/moderation").text
    page = _page(site, wren)
    assert f'href="{page}"' in mods.get(LIST).text
    shown = mods.get(page).text
    assert "I know &lt;b&gt;it&lt;/b&gt; {{7*7}} well." in shown
    assert "Wren" in shown
    answer = mods.post(page, data={"act": "confirm", "reason": REASON})
    assert (answer.status_code, answer.location) == (303, LIST)
    assert page not in mods.get(LIST).text
    assert f'href="{page}"' in mods.get(f"{LIST}?state=confirmed").text
    assert "waiting" not in mods.get("/moderation").text.split("</dl>")[0].split("<h1")[1]
    assert "Offers to help newcomers</p>" in client.get("/conditions/dystonia/areas/GB").text


def test_taking_it_back_masks_the_mark_for_everybody(
    site: Site, mods: FlaskClient, wren: Member, client: FlaskClient
) -> None:
    page = _page(site, wren)
    mods.post(page, data={"act": "confirm", "reason": REASON})
    lists = ("/conditions/dystonia/areas/GB", "/conditions/dystonia/areas/GB/people.json")
    assert all(
        ">Adviser<" in client.get(path).text or "Adviser: offers" in client.get(path).text
        for path in lists
    )
    assert mods.post(page, data={"act": "end", "reason": REASON}).status_code == 303
    for path in lists:
        assert "Wren" in client.get(path).text
        assert "Adviser" not in client.get(path).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"act": "confirm", "reason": "short"}, "Write 10 to 2,000 characters."),
        ({"act": "confirm"}, "Write 10 to 2,000 characters."),
        ({"reason": REASON}, "Choose what to do."),
        ({"act": "end", "reason": REASON}, "Not saved yet."),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_and_kept(
    site: Site, mods: FlaskClient, wren: Member, sent: dict[str, str], words: str
) -> None:
    answer = mods.post(_page(site, wren), data=sent)
    assert answer.status_code == 400
    assert words in answer.text
    assert sent.get("reason", "") in answer.text
    assert offer_of(site.session, wren.id).state == "offered"


def test_what_was_answered_or_never_was_is_not_found(
    site: Site, mods: FlaskClient, wren: Member
) -> None:
    page = _page(site, wren)
    mods.post(page, data={"act": "refuse", "reason": REASON})
    assert "Someone was faster" in mods.get(page).text
    for path in (page, f"{LIST}/nothing"):
        assert mods.get(path).status_code == 404
        assert mods.post(path, data={"act": "confirm", "reason": REASON}).status_code == 404
    assert mods.get(f"{LIST}?state=moon").status_code == 400


def test_empty_lists_say_so(mods: FlaskClient) -> None:
    assert "No offer is waiting." in mods.get(LIST).text
    assert "Nobody is confirmed" in mods.get(f"{LIST}?state=confirmed").text
