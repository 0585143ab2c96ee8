"""Every page, for every kind of reader: who is let in, and where the others are sent.

What is expected is written here once more, and not taken from the table of the site: whoever opens
a page to others says so twice.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.web.core.permissions import EVERYONE, MEMBER, PERMISSIONS

Login = Callable[..., FlaskClient]
Make = Callable[..., Any]
AddPage = Callable[..., None]


def _names(text: str) -> list[str]:
    return text.split()


FOR_EVERYONE = _names("""
    account.erased account_address.show_undo account_address.undo account_address.undone
    accounts.code accounts.link accounts.sign_in accounts.sign_out accounts.use_link api.area
    api.counts app_frame.manifest app_frame.offline app_frame.worker areas.show_area assets.serve
    comparing.choose_other comparing.show_both conditions.list_conditions conditions.show_condition
    dev_mail.list_mail feeds.condition_feed geo.boxes geo.countries geo.names geo.regions geo.zones
    health.alive health.ready helplines.show_helplines map_files.everywhere map_files.page
    map_files.picture maps.map_script maps.people_of_area maps.show_map members.preview
    nearby.look_near nearby.show_nearby pages.away pages.credits pages.how_we_count pages.privacy
    pages.show_home passkeys.entry_options passkeys.use_passkey posts.list_post_versions
    questions.answers questions.list_questions questions.search_all_questions
    questions.show_question search_engines.robots search_engines.sitemap search_engines.sitemaps
    share_files.card share_files.poster share_files.site_card sharing.embed sharing.show_ways
    stories.list_stories stories.show_story suggest.suggest_conditions towns.suggest_towns
    treatments.show_treatments written.forget written.keep yearly_check.answer
    yearly_check.ask_if_right
""")

FOR_MEMBERS = _names("""
    account.begin_discreet account.data account.data_file account.end_discreet account.end_pause
    account.erase account.forget_decades account.hide_now account.pause account.show_account
    account.show_again account_sessions.end_all account_sessions.end_one account_sessions.end_others
    account_sessions.list_sessions account_address.confirm account_address.show_address
    account_address.show_confirm cared_for.find_place cared_for.keep cared_for.list_cared_for
    cared_for.place_cared_for cared_for.remove_cared_for connect.accept connect.ask_for_contact
    connect.block connect.decline connect.decline_and_block connect.inbox connect.later
    connect.my_blocks connect.put_away connect.unblock consent.agree consent.agree_all
    consent.overview consent.show_consent consent.take_consent_back conversations.block
    conversations.leave conversations.look_for_words conversations.search_messages
    conversations.show_conversation conversations.take_message_back conversations.warn_of_link
    conversations.write_message members.find_place members.place members.profile members.tell_me
    passkeys.list_passkeys places.change_visibility places.list_places places.remove_place
    places.stop_telling posts.change posts.delete posts.mine posts.vote questions.ask_question
    questions.open_question questions.write_answer reports.block reports.report reports.thanks
    rulings.appeal rulings.show_rulings second_factor.authenticator second_factor.second_step
    second_factor.step_options second_factor.step_passkey yearly_check.answer_here
    stories.write_story treatments.propose treatments.record treatments.remove_use
    wishes.show_wishes written.show
""")

FOR_PROVEN = {
    "account_address.change_address": "/account/address",
    "passkeys.add_passkey": "/account/passkeys",
    "passkeys.new_options": "/account/passkeys",
    "passkeys.remove_passkey": "/account/passkeys",
    "second_factor.remove_authenticator": "/account/authenticator",
    "second_factor.set_up_authenticator": "/account/authenticator",
}
"""With the page that follows the second step."""

FOR_MODERATORS = _names("""
    editorial.edit editorial.edit_answer editorial.hide editorial.list_editorial
    editorial.list_questions editorial.list_versions editorial.take_question moderation.case
    moderation.close moderation.decide moderation.give_back moderation.queue moderation.take_case
""")

FOR_SUSPENDED = _names("""
    account.data account.data_file account.erase account.forget_decades rulings.appeal
    rulings.show_rulings written.show
""")
"""The pages for members that suspended members can open, too."""

FOR_ADMINS = _names("""
    admin.add_condition admin.edit_condition admin.export_codebook admin.export_file
    admin.export_page admin.list_conditions admin.make_export admin.retry_mail admin.show_statistics
    admin.list_staff admin.change_role
""")

VALUES = {
    "area_id": 1,
    "case_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c15",
    "code": "GB",
    "key": "0" * 32,
    "kind": "person",
    "language": "en",
    "message": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c13",
    "name": "style.css",
    "number": 0,
    "other": "a-condition-nobody-asked-about",
    "piece": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c16",
    "public_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c11",
    "account_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c11",
    "purpose": "mail",
    "question": "treatments",
    "request_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c12",
    "ruling_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c17",
    "slug": "dystonia",
    "conversation": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c14",
    "token": "t" * 43,
    "version": "0" * 12,
}
"""A value for each name in the addresses of the site."""

OPEN, NO_STAFF = "open", "This page is for the site"


class Who(NamedTuple):
    """A person who opens a page."""

    signed_in: bool = True
    staff: str = ""
    strong: bool = False
    """Whether they gave a second proof just now."""
    has_factor: bool = False
    suspended: bool = False


PEOPLE = {
    "visitor": Who(signed_in=False),
    "member": Who(),
    "member who did not show their second factor": Who(has_factor=True),
    "member who did": Who(has_factor=True, strong=True),
    "suspended member": Who(suspended=True),
    "suspended admin": Who(staff="admin", strong=True, suspended=True),
    "moderator by mail alone": Who(staff="moderator"),
    "moderator": Who(staff="moderator", strong=True),
    "admin by mail alone": Who(staff="admin"),
    "admin": Who(staff="admin", strong=True),
}


def expected(who: Who, endpoint: str, here: str) -> str:
    """Return what must happen to a person at a page; ``here`` is the address to return to."""
    if endpoint in FOR_EVERYONE:
        return OPEN
    if not who.signed_in:
        return f"/sign-in?next={here}"
    if who.suspended:
        return OPEN if endpoint in FOR_SUSPENDED else "/account/rulings"
    if endpoint in FOR_MEMBERS:
        return OPEN
    if endpoint in FOR_PROVEN:
        lacks_proof = who.has_factor and not who.strong
        return f"/account/second-step?next={FOR_PROVEN[endpoint]}" if lacks_proof else OPEN
    if who.staff not in ({"admin"} if endpoint in FOR_ADMINS else {"moderator", "admin"}):
        return NO_STAFF
    return OPEN if who.strong else f"/account/second-step?next={here}"


def outcome(answer: TestResponse) -> str:
    """Return what happened to a person."""
    location = unquote(answer.location or "")
    if answer.status_code == 303 and location.startswith(("/sign-in?", "/account/second-step?")):
        return location
    if answer.status_code == 303 and location == "/account/rulings":
        return location
    refused = answer.status_code == 403 and NO_STAFF in answer.text
    return NO_STAFF if refused else OPEN


def pages(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every page of the site: its endpoint, an address of it, a method that it takes."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, addresses.build(rule.endpoint, values, method), method


@pytest.fixture
def browser_of(app: Flask, make_member: Make, login: Login) -> Callable[[Who], FlaskClient]:
    """``browser_of(who)`` is a new person's browser, because some pages end a session for good."""

    def _browser_of(who: Who) -> FlaskClient:
        browser = app.test_client()
        if who.signed_in:
            member = make_member(
                staff=who.staff,
                totp_secret="sealed" if who.has_factor else None,
                suspended=who.suspended,
            )
            login(member, on=browser, strong=who.strong)
        return browser

    return _browser_of


def test_every_page_is_said_to_be_for_somebody(app: Flask) -> None:
    said = [*FOR_EVERYONE, *FOR_MEMBERS, *FOR_PROVEN, *FOR_MODERATORS, *FOR_ADMINS]
    assert sorted(said) == sorted({rule.endpoint for rule in app.url_map.iter_rules()})


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_opens_to_whom_it_is_for_and_to_nobody_else(
    app: Flask, browser_of: Callable[[Who], FlaskClient], name: str
) -> None:
    who = PEOPLE[name]
    for endpoint, address, method in pages(app):
        answer = browser_of(who).open(address, method=method)
        here = address if method == "GET" else "/"
        assert outcome(answer) == expected(who, endpoint, here), (method, address)
        assert answer.status_code < 500, (method, address)


def test_a_page_without_a_line_stops_the_site_at_its_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PERMISSIONS, "places.list_places")
    with pytest.raises(RuntimeError, match=r"places\.list_places"):
        create_app(settings)


def test_a_line_without_a_page_stops_it_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PERMISSIONS, "members.palaces", MEMBER)
    with pytest.raises(RuntimeError, match=r"members\.palaces"):
        create_app(settings)


@pytest.mark.own_site
def test_a_page_added_later_without_a_line_opens_to_nobody(
    app: Flask, make_member: Make, login: Login
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "a secret")
    answer = login(make_member(staff=True)).get("/forgotten")
    assert answer.status_code == 500
    assert "a secret" not in answer.text


def test_visitors_come_back_to_the_page_with_what_they_asked_for(client: FlaskClient) -> None:
    assert client.get("/admin?x=1").location == "/sign-in?next=/admin?x%3D1"
    assert client.head("/places").location == "/sign-in?next=/"


def test_a_refusal_offers_members_no_other_sign_in(make_member: Make, login: Login) -> None:
    refused = login(make_member()).get("/admin")
    assert refused.status_code == 403
    assert 'href="/sign-in"' not in refused.text.split("<main")[1]


def test_a_form_without_its_token_is_refused_before_anybody_is_sent_to_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/account/hide").status_code == 400
    assert client.post("/admin/mail/retry").status_code == 400


def test_there_is_no_page_before_there_is_a_guard(client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/account/hide").status_code == 405
    asked = client.options("/admin")
    assert (asked.status_code, asked.text) == (200, "")
    assert "GET" in asked.headers["Allow"]


@pytest.mark.own_site
def test_pages_of_members_are_kept_by_no_browser(
    app: Flask, make_member: Make, login: Login, add_page: AddPage
) -> None:
    add_page(app, "/mine", "mine", lambda: "me", MEMBER)
    own = {"Cache-Control": "private, no-cache"}
    add_page(app, "/mine/tagged", "tagged", lambda: ("me", own), MEMBER)
    browser = login(make_member(staff=True), strong=False)
    assert browser.get("/mine").headers["Cache-Control"] == "private, no-store"
    assert browser.get("/mine/tagged").headers["Cache-Control"] == "private, no-cache"
    assert browser.get("/admin").headers["Cache-Control"] == "private, no-store"


@pytest.mark.own_site
def test_for_pages_open_to_everyone_nobody_is_looked_up(
    app: Flask, make_member: Make, login: Login, add_page: AddPage
) -> None:
    add_page(app, "/plain", "plain", lambda: str("account" in g), EVERYONE)
    add_page(app, "/mine", "mine", lambda: str("account" in g), MEMBER)
    browser = login(make_member())
    assert (browser.get("/plain").text, browser.get("/mine").text) == ("False", "True")


def test_the_link_leads_staff_to_the_page_that_is_theirs(make_member: Make, login: Login) -> None:
    seen = login(make_member(staff="moderator")).get("/credits").text
    assert '<a href="/moderation">Staff</a>' in seen
    assert '<a href="/admin">Staff</a>' in login(make_member(staff=True)).get("/credits").text
