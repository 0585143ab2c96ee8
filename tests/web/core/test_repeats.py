"""A button that is pressed twice answers as at first, in the browser that pressed it alone."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.account import address_change
from mapapp.actions.contact.message_send import send_message
from mapapp.actions.core.context import Context
from mapapp.store.members import Member
from mapapp.web.core.permissions import PERMISSIONS
from mapapp.web.operations.repeats import AFTER, SIGNING_OUT
from tests import contact_requests
from tests.forms import Form, forms
from tests.mail import waiting_mail
from tests.moderation import REASON
from tests.posts import Board
from tests.signed_in import sign_in
from tests.trust import LEEDS, make_request

SAID = {
    "moderation.decide": {"act": "warn", "days": "7", "reason": REASON},
    "connect.ask_for_contact": {"reason": "meet"},
    "several.ask_people": {"reason": "meet"},
}
"""What is chosen in a form before it is sent."""


@dataclass
class Scene:
    """A member with everything that can be ended, and a moderator."""

    board: Board
    me: Member
    wren: Member
    mod: Member
    conversation: str
    request: str

    def ctx(self) -> Context:
        return Context(self.board.session, self.board.settings, reader_id=self.me.id)


@pytest.fixture
def scene(board: Board, mod: Member) -> Scene:
    me = board.somebody("public", pseudonym="Heron", email="heron@example.org")
    wren, robin = (board.somebody("public", pseudonym=name) for name in ("Wren", "Robin"))
    conversation = contact_requests.connected(board.session, board.settings, me, wren)
    request = make_request(board, robin, me, "open")
    board.write(me)
    board.child_of(me)
    return Scene(board, me, wren, mod, conversation, request.public_id)


def _link(scene: Scene, act: str) -> str:
    mails = waiting_mail(scene.board.session, scene.board.settings)
    return re.findall(rf"(/account/address/{act}/\S+)", mails[-1].body)[0]


def _confirm(scene: Scene) -> str:
    address_change.ask(scene.ctx(), scene.me.id, "new@example.org")
    return _link(scene, "confirm")


def _undo(scene: Scene) -> str:
    token = _confirm(scene).rpartition("/")[2]
    address_change.confirm(scene.ctx(), scene.me.id, token, "")
    return _link(scene, "undo")


def _message(scene: Scene) -> str:
    key = str(uuid.uuid4())
    send_message(scene.ctx(), scene.conversation, "Oh no", key)
    return f"/conversations/{scene.conversation}"


def _blocked(scene: Scene) -> str:
    scene.board.block(scene.me, scene.wren)
    return "/account/blocked"


def _asked(scene: Scene) -> str:
    make_request(scene.board, scene.me, scene.board.somebody("public"), "open")
    return "/inbox"


def _near(scene: Scene) -> str:
    scene.board.somebody("public")
    return f"/conditions/dystonia/nearby/ask?area={LEEDS}"


def _case(scene: Scene, *, taken: bool = False) -> str:
    scene.board.report(scene.wren, scene.me)
    if taken:
        scene.board.take(scene.mod)
    return f"/moderation/{scene.board.case().public_id}"


ACTS: dict[str, tuple[Callable[[Scene], str], str]] = {
    "account.erase": (lambda _s: "/account/erase", r"/account/erase|$"),
    "account_address.confirm": (_confirm, r"/account/address/confirm/.+|$"),
    "account_address.undo": (_undo, r"/account/address/undo/.+|$"),
    "accounts.sign_out": (lambda _s: "/account", r"/sign-out"),
    "account_sessions.end_all": (lambda _s: "/account/sessions", r".*/end-all"),
    "connect.accept": (lambda _s: "/inbox", r".*/accept"),
    "connect.decline": (lambda _s: "/inbox", r".*/decline"),
    "connect.decline_and_block": (lambda _s: "/inbox", r"/inbox/.*/block"),
    "connect.block": (
        lambda s: f"/members/{s.wren.public_id}/connect?condition=dystonia",
        r"/members/.*/block.*",
    ),
    "connect.unblock": (_blocked, r".*/unblock"),
    "connect.ask_for_contact": (
        lambda s: f"/members/{s.board.somebody('public').public_id}/connect?condition=dystonia",
        r"/members/.*/connect.*",
    ),
    "several.ask_people": (_near, r"/conditions/.*/nearby/ask.*"),
    "connect.withdraw": (_asked, r"/inbox/.*/withdraw"),
    "conversations.block": (lambda s: f"/conversations/{s.conversation}", r".*/block"),
    "conversations.leave": (lambda s: f"/conversations/{s.conversation}/leave", r".*/leave|$"),
    "conversations.take_message_back": (_message, r".*/messages/.*/delete"),
    "posts.delete": (
        lambda s: f"/posts/{s.board.post_of(s.me).public_id}/change",
        r"/posts/.*/delete",
    ),
    "places.remove_place": (lambda _s: "/places", r"/places/.*/remove"),
    "cared_for.remove_cared_for": (lambda _s: "/cared-for", r"/cared-for/.*/remove"),
    "moderation.take_case": (_case, r".*/take"),
    "moderation.give_back": (lambda s: _case(s, taken=True), r".*/give-back"),
    "moderation.decide": (lambda s: _case(s, taken=True), r".*/decide"),
}


def _form(browser: FlaskClient, page: str, action: str) -> Form:
    answer = browser.get(page)
    assert answer.status_code == 200, (page, answer.status_code, answer.location)
    found = [f for f in forms(answer.text) if re.fullmatch(action, f.action)]
    found = [f for f in found if "csrf_token" in f.fields]
    assert found, f"{action} is not on {page}"
    return Form(found[0].action or page, found[0].fields)


def _twice(app: Flask, scene: Scene, endpoint: str) -> tuple[FlaskClient, Form, tuple[object, ...]]:
    make, action = ACTS[endpoint]
    page = make(scene)
    scene.board.session.commit()
    who = scene.mod if endpoint.startswith("moderation.") else scene.me
    browser = app.test_client()
    sign_in(browser, who.id, who.session_handle)
    form = _form(browser, page, action)
    form.fields |= SAID.get(endpoint, {})
    first, second = (browser.post(form.action, data=form.fields) for _ in range(2))
    return browser, form, (first.status_code, first.location, second.status_code, second.location)


def test_every_act_that_ends_something_has_a_page_after_it() -> None:
    assert {*AFTER, *AFTER.values()} <= PERMISSIONS.keys()
    assert ACTS.keys() <= AFTER.keys()


@pytest.mark.parametrize("endpoint", ACTS)
def test_the_same_form_twice_is_answered_twice_alike(
    guarded: Flask, scene: Scene, endpoint: str
) -> None:
    _browser, _form_sent, (status, location, again, location_again) = _twice(
        guarded, scene, endpoint
    )
    assert (status, again) == (303, 303)
    if endpoint != "connect.accept":  # the conversation is in the inbox
        assert str(location_again).partition("#")[0] == str(location).partition("#")[0]


@pytest.mark.parametrize("endpoint", sorted(ACTS.keys() - SIGNING_OUT))
def test_the_same_form_without_its_token_tells_nothing(
    guarded: Flask, scene: Scene, endpoint: str
) -> None:
    _browser, form, _answers = _twice(guarded, scene, endpoint)
    stranger = guarded.test_client()
    stranger.get("/sign-in")
    for token in ("", "guessed"):
        sent = {**form.fields, "csrf_token": token}
        assert stranger.post(form.action, data=sent).status_code >= 400


def test_another_decision_is_no_repeat(guarded: Flask, scene: Scene) -> None:
    browser, form, _answers = _twice(guarded, scene, "moderation.decide")
    other = browser.post(form.action, data={**form.fields, "reason": f"{REASON} And more."})
    assert other.status_code == 404
    assert "And more." in other.text


def test_a_note_ends(guarded: Flask, scene: Scene) -> None:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False) as clock:
        browser, form, _answers = _twice(guarded, scene, "conversations.leave")
        clock.shift(11 * 60 + 1)
        assert browser.post(form.action, data=form.fields).status_code == 404
