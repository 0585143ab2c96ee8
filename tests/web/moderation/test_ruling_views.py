"""What a member sees after a moderators' decision about them: why, an appeal, and the way out."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.account.sign_in_link import request_link
from mapapp.actions.core.context import Context
from mapapp.store.members import Member
from tests.forms import actions, texts_shown
from tests.mail import newest_mail
from tests.moderation import APPEAL, REASON, Site

Login = Callable[..., FlaskClient]


@pytest.fixture
def wren(site: Site) -> Member:
    wren = site.somebody("public", pseudonym="Wren")
    site.report(site.somebody(), wren, "money")
    return wren


def test_without_a_decision_there_is_nothing(site: Site, wren: Member, login: Login) -> None:
    browser = login(wren)
    assert "Nothing. If moderators ever" in browser.get("/account/rulings").text
    assert "/account/rulings" not in browser.get("/places").text.split("<main")[1]


def test_a_decision_is_announced_until_it_was_read(
    site: Site, wren: Member, mod: Member, login: Login
) -> None:
    site.settle(mod, "warn")
    browser = login(wren)
    for path in ("/account", "/places"):
        assert "A moderator has made a decision about you" in browser.get(path).text
    page = browser.get("/account/rulings").text
    for shown in ("You were warned", REASON, "Asks for money", ">New<"):
        assert shown in page
    assert "Mod" not in page.split("<main")[1].replace("Moderat", "")
    for path in ("/account", "/places"):
        assert "A moderator has made a decision" not in browser.get(path).text
    assert ">New<" not in browser.get("/account/rulings").text


def test_who_is_silenced_reads_until_when(
    site: Site, wren: Member, mod: Member, login: Login
) -> None:
    site.settle(mod, "silence")
    browser = login(wren)
    browser.get("/account/rulings")
    assert "You cannot write to others for now" in browser.get("/places").text


def test_who_is_hidden_until_it_is_decided_reads_that(
    site: Site, wren: Member, login: Login
) -> None:
    site.report(site.somebody(), wren)
    page = login(wren).get("/places").text
    assert "Nobody sees you on this map at the moment: Dystonia." in page


def test_appealing(site: Site, wren: Member, mod: Member, login: Login) -> None:
    site.settle(mod, "warn")
    path = f"/account/rulings/{site.ruling().public_id}/appeal"
    browser = login(wren)
    assert path in actions(browser.get("/account/rulings").text)
    for text in ("", "short", "x" * 2001):
        refused = browser.post(path, data={"words": text})
        assert refused.status_code == 400
        assert "Write 10 to 2,000 characters" in refused.text
        assert "<details open>" in refused.text
    assert browser.post(path, data={"words": APPEAL}).location == "/account/rulings"
    page = browser.get("/account/rulings").text
    assert APPEAL in page
    assert "A moderator will look at it again" in page
    assert path not in actions(page)
    assert browser.post(path, data={"words": APPEAL}).status_code == 303  # it is there
    other = browser.post(path, data={"words": f"{APPEAL} And more."})
    assert other.status_code == 403
    assert "This was not sent" in other.text
    assert texts_shown(other.text) == {"words": f"{APPEAL} And more."}
    assert browser.post("/account/rulings/x/appeal", data={"words": APPEAL}).status_code == 404


def test_removing_says_that_it_cannot_come_back(
    site: Site, wren: Member, mod: Member, login: Login
) -> None:
    site.settle(mod, "remove")
    assert "cannot come back" in login(wren).get("/account/rulings").text


class TestSuspended:
    """A suspended member can sign in, and sees what visitors see."""

    @pytest.fixture
    def browser(self, site: Site, wren: Member, mod: Member, login: Login) -> FlaskClient:
        site.settle(mod, "suspend")
        return login(wren)

    def test_pages_for_members_lead_to_the_reason(self, browser: FlaskClient) -> None:
        for path in ("/places", "/inbox", "/account", "/account/passkeys"):
            answer = browser.get(path)
            assert (answer.status_code, answer.location) == (303, "/account/rulings")
        assert browser.post("/account/hide").location == "/account/rulings"
        page = browser.get("/account/rulings").text
        assert "Your account is suspended" in page
        assert REASON in page

    def test_public_pages_are_those_of_visitors(
        self, app: Flask, site: Site, browser: FlaskClient
    ) -> None:
        site.somebody("members", pseudonym="For Members Alone")
        site.somebody("public", pseudonym="For Everyone")
        site.session.commit()
        visitor = app.test_client()
        for path in (
            "/conditions/dystonia",
            "/conditions/dystonia/map",
            "/conditions/dystonia/areas/GB",
            "/conditions/dystonia/areas/GB/people.json",
        ):
            theirs, visitors = browser.get(path), visitor.get(path)
            assert "For Members Alone" not in theirs.text, path
            main = [page.text.split("<main")[-1].split("</main>")[0] for page in (theirs, visitors)]
            assert main[0] == main[1], path
        header = browser.get("/conditions/dystonia/map").text.split("<main")[0]
        assert 'href="/account/rulings"' in header
        assert 'action="/sign-out"' in header

    def test_they_take_their_data_and_leave(self, site: Site, browser: FlaskClient) -> None:
        assert REASON in browser.get("/account/data.json").text
        assert browser.get("/account/data").status_code == 200
        assert browser.get("/account/erase").status_code == 200
        assert browser.post("/account/erase").location == "/erased"
        site.session.rollback()
        assert site.ruling().member_id is None

    def test_they_appeal(self, site: Site, browser: FlaskClient) -> None:
        path = f"/account/rulings/{site.ruling().public_id}/appeal"
        assert browser.post(path, data={"words": APPEAL}).status_code == 303
        site.session.rollback()
        assert site.case().state == "appealed"

    def test_they_sign_out_and_in_again(
        self, app: Flask, site: Site, wren: Member, browser: FlaskClient
    ) -> None:
        browser.post("/sign-out")
        assert browser.get("/account/rulings").location.startswith("/sign-in")
        request_link(Context(site.session, site.settings), wren.email)
        site.session.commit()
        body = newest_mail(site.session, site.settings).body
        site.session.rollback()
        token = body.partition("/sign-in/link/")[2].split()[0]
        fresh = app.test_client()
        entered = fresh.post(f"/sign-in/link/{token}")
        assert (entered.status_code, entered.location) == (303, "/account/rulings")
        assert "Your account is suspended" in fresh.get("/account/rulings").text

    def test_staff_who_are_suspended_are_staff_no_more(
        self, app: Flask, site: Site, mod: Member, login: Login
    ) -> None:
        boss = login(site.member(staff=True, suspended=True), on=app.test_client())
        for path in ("/admin", "/moderation"):
            assert boss.get(path).location == "/account/rulings"
