import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import address_of
from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession
from mapapp.web.core.request_session import db
from tests.mail import newest_mail, waiting_mail


def _mail(session: Session, settings: Settings) -> tuple[str, str]:
    """Return the path of the link and the code of the newest mail."""
    session.rollback()
    mail = newest_mail(session, settings)
    link = re.search(r"http://[^/]+(/sign-in/link/\S+)", mail.body)
    code = re.search(r"^(\d{6})$", mail.body, re.MULTILINE)
    assert link
    assert code
    return link[1], code[1]


def _ask(client: FlaskClient, email: str = "robin@example.org", **more: str) -> None:
    answer = client.post("/sign-in", data={"email": email, **more})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")


def test_signing_in_by_link_makes_an_account_and_returns(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
) -> None:
    _ask(app.test_client(), next="/conditions/dystonia/place?area=5")
    link, _code = _mail(session, settings)
    page = client.get(link)
    assert page.status_code == 200
    assert "ro…@example.org" in page.text
    assert "robin@" not in page.text
    assert client.get("/places").status_code == 303  # looking does not sign in
    answer = client.post(link)
    assert (answer.status_code, answer.location) == (303, "/conditions/dystonia/place?area=5")
    assert client.get("/places").status_code == 200
    session.rollback()
    (member_id,) = session.scalars(select(Member.id))
    assert address_of(Context(session, settings), member_id) == "robin@example.org"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_a_link_signs_nobody_in_and_uses_nothing_up(
    client: FlaskClient, session: Session, settings: Settings, method: str
) -> None:
    """Programs that check the links of mails may look from anywhere, with any cookie."""
    _ask(client, next="/inbox")
    link, _code = _mail(session, settings)
    for _ in range(3):
        assert client.open(link, method=method).status_code == 200
        assert client.get("/places").status_code == 303
    assert client.post(link).location == "/inbox"


def test_a_link_works_in_another_browser_and_once(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
) -> None:
    _ask(client)
    link, _code = _mail(session, settings)
    other = app.test_client()
    assert other.post(link).status_code == 303
    assert other.get("/places").status_code == 200
    for used in (client.get(link), client.post(link), app.test_client().post(link)):
        assert used.status_code == 410
        assert "Ask for a new link" in used.text


def test_signing_in_by_code(client: FlaskClient, session: Session, settings: Settings) -> None:
    _ask(client, next="/inbox")
    assert client.get("/sign-in/code").status_code == 200
    _link, code = _mail(session, settings)
    wrong = "000000" if code != "000000" else "111111"
    answer = client.post("/sign-in/code", data={"code": wrong}, follow_redirects=True)
    assert "not the code" in answer.text
    answer = client.post("/sign-in/code", data={"code": code})
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert client.get("/inbox").status_code == 200


def test_wrong_codes_are_counted_although_the_page_is_an_error(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    _ask(client)
    _link, code = _mail(session, settings)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        client.post("/sign-in/code", data={"code": wrong})
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.location == "/sign-in"
    assert client.get("/places").status_code == 303


def test_a_code_is_no_use_without_having_asked(app: Flask, client: FlaskClient) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"
    assert app.test_client().post("/sign-in/code", data={"code": "123456"}).location == "/sign-in"


def test_signing_in_takes_a_new_key_and_forgets_the_visitor(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
) -> None:
    _ask(client)
    before = client.get_cookie("session")
    client.post(_mail(session, settings)[0])
    after = client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    old = app.test_client()
    old.set_cookie("session", before.value)
    assert old.get("/places").status_code == 303
    assert session.scalar(select(func.count()).select_from(WebSession)) == 1
    data = session.scalars(select(WebSession.data)).one()
    assert b"fs_paa" not in data  # the time of signing in
    assert b'_id"' not in data.replace(b"_user_id", b"").replace(b"member_id", b"")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(
    client: FlaskClient, session: Session, settings: Settings, target: str
) -> None:
    _ask(client, next=target)
    assert client.post(_mail(session, settings)[0]).location == "/"


def test_members_are_sent_on_at_once(
    login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    client = login(make_member())
    assert client.get("/sign-in?next=/inbox").location == "/inbox"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "robin",
        "robin@example",
        "robin@example,org",
        "a b@example.org",
        "a@b..c",
        "=?utf-8?q?a=0D=0ABcc?=@b.de",
        "x" * 300 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_beside_the_field(
    client: FlaskClient, session: Session, settings: Settings, email: str
) -> None:
    answer = client.post("/sign-in", data={"email": email})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert waiting_mail(session, settings) == []


def test_known_unknown_and_closed_get_the_same_answer(
    app: Flask, session: Session, make_member: Callable[..., Member]
) -> None:
    make_member(email="known@example.org")
    make_member(email="closed@example.org", active=False)
    session.commit()
    answers = set()
    for email in ("known@example.org", "other@example.org", "closed@example.org"):
        client = app.test_client()
        client.get("/sign-in")
        answer = client.post("/sign-in", data={"email": email})
        headers = {k: v for k, v in answer.headers.items() if k != "Set-Cookie"}
        page = client.get("/sign-in/code")
        answers.add((answer.status_code, answer.text, str(headers), page.status_code, page.text))
    assert len(answers) == 1


def test_the_fourth_link_in_an_hour_looks_the_same(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    for _ in range(4):
        _ask(client)
    assert [m.to for m in waiting_mail(session, settings)].count("robin@example.org") == 3


def test_a_closed_account_cannot_sign_in(
    client: FlaskClient, session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    make_member(email="robin@example.org", active=False)
    session.commit()
    _ask(client)
    assert client.post(_mail(session, settings)[0]).status_code == 403
    assert client.get("/places").status_code == 303


def test_no_address_is_ever_in_a_url(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    _ask(client)
    link, _code = _mail(session, settings)
    answer = client.post(link)
    for url in (link, answer.location, "/sign-in/code"):
        assert "robin" not in url
        assert "@" not in url


def test_signing_out_needs_a_button(
    login: Callable[..., FlaskClient], make_member: Callable[..., Member]
) -> None:
    client = login(make_member())
    assert client.get("/sign-out").status_code == 200
    assert client.get("/places").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert client.get("/places").status_code == 303


def test_forms_need_their_token(
    app: Flask, client: FlaskClient, session: Session, settings: Settings
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/sign-in", data={"email": "robin@example.org"}).status_code == 400
    assert waiting_mail(session, settings) == []
    for path in (
        "/sign-out",
        "/places/x/remove",
        "/places/x/visibility",
        "/inbox/x/accept",
        "/inbox/x/decline",
        "/profile",
        "/conditions/x/place",
        "/conditions/x/tell-me",
        "/members/x/connect",
        "/sign-in/link/x",
        "/sign-in/code",
        "/sign-in/passkey",
        "/sign-in/passkey/options",
        "/account/passkeys",
        "/account/passkeys/options",
        "/account/passkeys/x/remove",
        "/account/second-step",
        "/account/second-step/options",
        "/account/second-step/passkey",
        "/account/authenticator",
        "/account/authenticator/remove",
        "/account/sessions/x/end",
        "/account/sessions/end-others",
        "/account/sessions/end-all",
    ):
        assert client.post(path).status_code == 400, path


@pytest.mark.both
def test_mail_of_a_development_site_is_shown_there_only(
    client: FlaskClient, settings: Settings, session: Session
) -> None:
    _ask(client)
    assert client.get("/dev/mail").status_code == 404
    dev = create_app(settings.model_copy(update={"dev": True}))
    page = dev.test_client().get("/dev/mail")
    with dev.app_context():
        db.engine.dispose()
    assert page.status_code == 200
    assert _mail(session, settings)[0] in page.text
