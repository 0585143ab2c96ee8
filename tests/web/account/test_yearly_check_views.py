"""The link in the yearly mail: one click for its owner, no effect for a program that checks it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.account.yearly_check import open_stage, run_yearly_check
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import is_paused
from mapapp.actions.moderation import member_hide
from mapapp.domain.core.keyed_hash import seal
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.forms import form_to, forms
from tests.mail import waiting_mail
from tests.moments import midnight
from tests.trust import AREAS, World

BEGINS = {"asked": 0, "warned": 45, "hidden": 60, "last": 395}
THIS_MONTH = f"{datetime.now(UTC):%Y-%m}"


class Asked(World):
    """A world in which Wren has the yearly question open."""

    wren: Member

    def begin(self, stage: str = "asked") -> None:
        """Open the question and be silent until ``stage``, which begins today."""
        today = datetime.now(UTC).date()
        last = {
            **{"confirmed": "2020-01"},
            "email": "wren@example.org",
            "pseudonym": "Zebra Plover",
        }
        self.wren = self.somebody("public", **last)
        for name, days in BEGINS.items():
            self.ask(today + timedelta(days - BEGINS[stage]))
            if name == stage:
                break
        self.session.commit()

    def ask(self, day: date) -> None:
        """What the worker does on one day."""
        run_yearly_check(Context(self.session, self.settings, AREAS, now=midnight(day)))
        self.hand_over(day)

    @property
    def link(self) -> str:
        """Return the path in the newest mail."""
        self.session.rollback()
        body = waiting_mail(self.session, self.settings)[-1].body
        found = re.search(r"https?://[^/\s]+(/still-right/\S+)", body)
        assert found
        return found[1]

    @property
    def is_open(self) -> bool:
        """Whether the question is unanswered."""
        self.session.rollback()
        return open_stage(self.session, self.wren.id) != ""

    @property
    def confirmed(self) -> str:
        """Return the month in which Wren last said that it is right."""
        self.session.rollback()
        self.session.refresh(self.wren)
        return self.wren.confirmed


@pytest.fixture
def asked(session: Session, settings: Settings) -> Asked:
    made = Asked(session, settings)
    made.begin()
    return made


def test_a_program_that_looks_at_links_answers_nothing(client: FlaskClient, asked: Asked) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(2):
            assert client.open(asked.link, method=method).status_code == 200
    assert asked.is_open
    assert asked.confirmed == "2020-01"


def test_whoever_has_the_mail_answers_with_one_button(client: FlaskClient, asked: Asked) -> None:
    page = client.get(asked.link).text
    assert "Is everything still right?" in page
    for telling in ("Zebra", "wren@", "ystonia", asked.wren.account_id):
        assert telling not in page
    (form,) = [f for f in forms(page) if f.action in {"", asked.link}]
    answer = client.post(asked.link, data=form.fields)
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    for telling in ("Zebra", "wren@", "ystonia"):
        assert telling not in answer.text
    assert not asked.is_open
    assert asked.confirmed == THIS_MONTH


def test_answering_signs_nobody_in(client: FlaskClient, asked: Asked) -> None:
    client.post(asked.link)
    assert client.get("/account").status_code == 303


def test_the_owner_does_not_answer_by_looking_either(
    client: FlaskClient, asked: Asked, login: Callable[..., FlaskClient]
) -> None:
    """Programs that look at links may share the browser, and its cookie, with the owner."""
    link = asked.link
    login(asked.wren)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(link, method=method).status_code == 200
        assert asked.is_open
    assert client.post(link).status_code == 200
    assert not asked.is_open
    assert asked.confirmed == THIS_MONTH


def test_somebody_else_who_is_signed_in_does_not_answer_by_looking(
    app: Flask, client: FlaskClient, asked: Asked, login: Callable[..., FlaskClient]
) -> None:
    link = asked.link
    other = login(asked.somebody("members", confirmed="2019-01"))
    page = other.get(link)
    assert page.status_code == 200
    assert "Thank you" not in page.text
    assert "Zebra" not in page.text
    assert asked.is_open
    assert other.post(link).status_code == 200  # having the mail proves the address
    assert asked.confirmed == THIS_MONTH


def test_the_link_works_once(client: FlaskClient, asked: Asked) -> None:
    link = asked.link
    assert client.post(link).status_code == 200
    for method in (client.get, client.post):
        answer = method(link)
        assert answer.status_code == 410
        assert "already been answered" in answer.text


def test_the_link_does_not_answer_next_years_question(client: FlaskClient, asked: Asked) -> None:
    old = asked.link
    client.post(old)
    asked.session.rollback()
    asked.ask(datetime.now(UTC).date() + timedelta(400))
    asked.session.commit()
    assert asked.link != old
    for method in (client.get, client.post):
        assert method(old).status_code == 410
    assert asked.is_open
    assert client.post(asked.link).status_code == 200
    assert not asked.is_open


@pytest.mark.parametrize("stage", list(BEGINS))
def test_one_click_brings_back_what_silence_hid(
    client: FlaskClient, session: Session, settings: Settings, stage: str
) -> None:
    asked = Asked(session, settings)
    asked.begin(stage)
    assert asked.seen() == ({"Zebra Plover"} if stage in {"asked", "warned"} else set())
    assert client.post(asked.link).status_code == 200
    asked.session.rollback()
    assert asked.seen(signed_in=False) == {"Zebra Plover"}
    assert len(asked.counts()) == 1


def test_forged_and_damaged_links_are_refused(
    client: FlaskClient, asked: Asked, settings: Settings
) -> None:
    token = asked.link.removeprefix("/still-right/")
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    held = f'["{asked.wren.account_id}", "2020-01"]'
    for wrong in (
        token[:-4],
        token[:middle],
        token[4:],
        token[:middle] + other + token[middle + 1 :],
        token.swapcase(),
        "x",
        "%C3%BC",
        "0" * 2000,
        asked.wren.account_id,
        seal("another key than that of the site", "still-right", held),
        seal(settings.secret, "sign-in", held),
    ):
        for method in (client.get, client.post):
            answer = method(f"/still-right/{wrong}")
            assert answer.status_code == 410, wrong
            assert "Open it from the email again" in answer.text
    assert asked.is_open


def test_a_link_of_somebody_who_left_is_refused(
    app: Flask, client: FlaskClient, asked: Asked, login: Callable[..., FlaskClient]
) -> None:
    link = asked.link
    login(asked.wren, on=app.test_client()).post("/account/erase")
    for method in (client.get, client.post):
        assert method(link).status_code == 410


def test_one_answers_on_ones_own_pages(
    client: FlaskClient, asked: Asked, login: Callable[..., FlaskClient]
) -> None:
    login(asked.wren)
    form = form_to(client.get("/places").text, "/still-right")
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (303, "/places")
    assert not asked.is_open
    assert client.post("/still-right").status_code == 303  # twice does no harm


def test_visitors_have_no_page_to_answer_on(client: FlaskClient, asked: Asked) -> None:
    assert client.post("/still-right").location.startswith("/sign-in")
    assert client.get("/still-right").status_code == 405
    assert asked.is_open


def test_the_link_reaches_no_search_engine_and_no_other_site(
    client: FlaskClient, asked: Asked
) -> None:
    answer = client.get(asked.link)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_button_needs_its_token(app: Flask, client: FlaskClient, asked: Asked) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(asked.link).status_code == 400
    assert asked.is_open
    (form,) = [f for f in forms(client.get(asked.link).text) if f.action in {"", asked.link}]
    assert client.post(asked.link, data=form.fields).status_code == 200
    assert not asked.is_open


def test_an_answer_ends_no_pause(client: FlaskClient, asked: Asked) -> None:
    member_hide.pause(Context(asked.session, asked.settings, AREAS), asked.wren.id)
    asked.session.commit()
    assert client.post(asked.link).status_code == 200
    asked.session.rollback()
    assert is_paused(asked.session, asked.wren.id)
    assert asked.seen() == set()
