"""The pages on which admins look after webhooks."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mapapp.actions.operations import webhook_send
from mapapp.actions.operations.webhook_acts import MOST_WEBHOOKS
from mapapp.domain.operations.webhook_rules import CASE_WAITS, HOOK_FAILED, MAP_GREW
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.records import AuditEntry, Webhook, WebhookDelivery
from tests.webhooks import URL, Way

WHY = "Our chat wants to know."
FORM = {"name": "Chat", "url": URL, "events": [MAP_GREW, CASE_WAITS], "reason": WHY}


@pytest.fixture
def browser(make_member: Callable[..., Member], login: Callable[..., FlaskClient]) -> FlaskClient:
    return login(make_member(staff=True))


def address_of(session: Session) -> str:
    session.rollback()
    return f"/admin/webhooks/{session.scalar(select(Webhook.public_id))}"


def log(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.reason, AuditEntry.detail)
        .where(AuditEntry.action.startswith("webhook"))
        .order_by(AuditEntry.id)
    )
    return [tuple(row) for row in rows]


@pytest.mark.both
def test_one_is_added_and_its_secret_shown_once(browser: FlaskClient, session: Session) -> None:
    assert "There are none yet." in browser.get("/admin/webhooks").text
    answer = browser.post("/admin/webhooks/new", data=FORM)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (secret,) = re.findall(r"whsec_[\w+/]{43}=", answer.text)
    address = address_of(session)
    for page in ("/admin/webhooks", address, "/admin"):
        assert secret not in browser.get(page).text
    assert f'href="{address}"' in browser.get("/admin/webhooks").text
    stored = session.scalars(select(Webhook)).one()
    assert secret not in repr(vars(stored))
    ((action, reason, detail),) = log(session)
    assert (action, reason) == ("webhook-add", WHY)
    # The rest of an address often is a secret itself.
    assert json.loads(detail) == {"name": "Chat", "site": "hooks.example.org"}
    seen = browser.get("/admin").text
    assert "added a webhook" in seen
    assert "key=1" not in seen


@pytest.mark.both
def test_it_is_tested_paused_switched_on_and_deleted(
    browser: FlaskClient,
    session: Session,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = Way()
    monkeypatch.setattr(webhook_send, "send", way)
    browser.post("/admin/webhooks/new", data=FORM)
    address = address_of(session)
    assert "None yet." in browser.get(address).text
    for _ in range(2):  # one test waits at a time
        answer = browser.post(f"{address}/test", follow_redirects=True)
        assert "A test is on its way." in answer.text
    assert way.sent == []  # the request sends nothing
    way.answer = 503
    webhook_send.send_messages(engine, settings)
    page = browser.get(address).text
    assert "answer 503" in page
    assert "next attempt at " in page
    session.rollback()
    session.execute(update(WebhookDelivery).values(due=0))
    session.commit()
    way.answer = 204
    webhook_send.send_messages(engine, settings)
    assert "answer 204" in browser.get(address).text
    assert [one["type"] for one in way.told] == ["test", "test"]
    assert len(set(way.numbers)) == 1
    assert "Switch on again" in browser.post(f"{address}/pause", follow_redirects=True).text
    assert ">Paused<" in browser.get("/admin/webhooks").text
    assert ">Pause<" in browser.post(f"{address}/resume", follow_redirects=True).text
    for _ in range(2):  # a repeat is answered as at first
        form = {"csrf_token": "the same"}
        answer = browser.post(f"{address}/delete", data=form, follow_redirects=True)
        assert answer.status_code == 200
    assert "There are none yet." in answer.text
    assert browser.get(address).status_code == 404
    assert [action for action, _, _ in log(session)] == [
        *("webhook-add", "webhook-test", "webhook-pause", "webhook-resume", "webhook-delete")
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"url": "http://hooks.example.org/"}, "The address must begin with https://."),
        ({"url": "https://127.0.0.1/"}, "The address must be on the public internet"),
        ({"url": "https://printer/"}, "The address must be on the public internet"),
        ({"url": "https://a:b@hooks.example.org/"}, "Leave out names, passwords"),
        ({"url": ""}, "Give its address."),
        ({"name": ""}, "Give it a name."),
        ({"events": []}, "Choose at least one event."),
        ({"events": ["all"]}, "not a valid choice"),
        ({"reason": ""}, "Say in a few words why."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    browser: FlaskClient, session: Session, said: dict[str, object], words: str
) -> None:
    answer = browser.post("/admin/webhooks/new", data={**FORM, **said})
    assert answer.status_code == 400
    assert words in answer.text
    assert "whsec_" not in answer.text
    assert log(session) == []


def test_there_are_not_too_many(browser: FlaskClient, session: Session) -> None:
    for n in range(MOST_WEBHOOKS):
        assert browser.post("/admin/webhooks/new", data={**FORM, "name": f"Chat {n}"}).status == (
            "200 OK"
        )
    answer = browser.post("/admin/webhooks/new", data=FORM)
    assert answer.status_code == 400
    assert "Delete one first." in answer.text


def test_one_that_failed_says_so_and_what_to_do(browser: FlaskClient, session: Session) -> None:
    browser.post("/admin/webhooks/new", data=FORM)
    notice = "A webhook is paused, because it failed."
    assert notice not in browser.get("/admin").text
    session.execute(update(Webhook).values(state=HOOK_FAILED))
    session.commit()
    assert notice in browser.get("/admin").text
    assert "Paused, because it failed" in browser.get("/admin/webhooks").text
    page = browser.get(address_of(session)).text
    assert "Mend the receiver, send a test, then switch it on again." in page


def test_moderators_do_not_see_them(
    make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> None:
    browser = login(make_member(staff="moderator"))
    assert browser.get("/admin/webhooks").status_code == 403
