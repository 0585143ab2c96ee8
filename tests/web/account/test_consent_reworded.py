"""When the words of a purpose change: who is asked again, and which forms are refused."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import ADULT, COUNT, MAIL, PURPOSES, words_version
from mapapp.store.members import Member
from tests.forms import actions, care_form, form_to, forms, place_form, place_forms
from tests.trust import AREAS, LEEDS, NEW_WORDS, World, reword

MEMBERS, PUBLIC = "members", "public"
SLUG = "dystonia"
PLACE = f"/conditions/{SLUG}/place"
LIST = f"/conditions/{SLUG}/areas/{AREAS.code[LEEDS]}"
CHOICES = (COUNT, MEMBERS, PUBLIC, MAIL, ADULT)


@pytest.mark.parametrize("purpose", CHOICES)
def test_new_words_are_asked_about_on_every_page_about_oneself(
    client: FlaskClient, wren: Member, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    before = PURPOSES[purpose].now.words
    for path in ("/places", "/account"):
        assert "wording you agreed to has changed" not in client.get(path).text
    reword(monkeypatch, purpose)
    for path in ("/places", "/account"):
        page = client.get(path).text
        assert "wording you agreed to has changed" in page
        assert 'href="/consent"' in page
    page = unescape(client.get("/consent").text)
    assert NEW_WORDS in page
    assert before in page
    assert "/consent/agree-all" in actions(page)


@pytest.mark.parametrize("purpose", CHOICES)
def test_the_page_of_a_reworded_purpose_does_not_say_that_one_agreed_to_it(
    client: FlaskClient, wren: Member, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    reword(monkeypatch, purpose)
    page = client.get(f"/consent/{purpose}").text
    assert NEW_WORDS in page
    there = actions(page)
    assert f"/consent/{purpose}/agree" in there or "/consent/agree-all" in there


def test_what_was_agreed_to_before_holds_until_the_answer(
    app: Flask, client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for purpose in PURPOSES:
        reword(monkeypatch, purpose)
    assert "Zebra Plover" in app.test_client().get(LIST).text
    assert world.afresh().stands(wren) == {SLUG: (PUBLIC, "")}


def test_agreeing_renews_the_receipts_and_ends_the_question(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for purpose in (MEMBERS, MAIL):
        reword(monkeypatch, purpose)
    form = form_to(client.get("/consent").text, "/consent/agree-all")
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (303, "/places")
    for path in ("/places", "/account"):
        assert "has changed" not in client.get(path).text
    assert "/consent/agree-all" not in actions(client.get("/consent").text)
    stands, receipts = world.afresh().standing(wren)
    assert stands == {SLUG: (PUBLIC, "")}
    for purpose in (MEMBERS, MAIL):
        old, new = PURPOSES[purpose].wordings
        mine = {r.version: r.withdrawn for r in receipts if r.purpose == purpose}
        assert mine[new.version] == ""
        assert mine[old.version] != ""


def test_not_agreeing_to_new_words_is_taking_back(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword(monkeypatch, PUBLIC)
    form = form_to(client.get("/consent").text, "/consent/public/take-back")
    client.post(form.action, data=form.fields)
    assert world.afresh().stands(wren) == {SLUG: (MEMBERS, "")}
    assert "has changed" not in client.get("/places").text


def test_placing_oneself_anew_agrees_to_the_new_words(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword(monkeypatch, PUBLIC)
    answer = client.post(PLACE, data=place_form(visibility=PUBLIC, words=words_version()))
    assert answer.status_code == 303
    assert "has changed" not in client.get("/places").text


def test_a_place_form_opened_before_a_change_is_refused(
    client: FlaskClient, world: World, newcomer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = words_version()
    reword(monkeypatch, MEMBERS)
    answer = client.post(PLACE, data=place_form(words=shown, adult="y", mail="y"))
    assert answer.status_code == 400
    assert "reworded" in answer.text
    assert NEW_WORDS in answer.text
    assert world.afresh().stands(newcomer) == {}
    assert world.afresh().agreed_anywhere(newcomer) == set()
    (form,) = place_forms(answer.text)
    assert form.fields["words"] == words_version()  # what was typed stays, and can be sent now
    assert client.post(PLACE, data={**form.fields, "adult": "y"}).status_code == 303


@pytest.mark.parametrize("words", [None, "", "anything"])
def test_a_place_form_without_the_right_words_is_refused(
    client: FlaskClient, world: World, newcomer: Member, words: str | None
) -> None:
    form = place_form(adult="y", words=words or "")
    if words is None:
        del form["words"]
    assert client.post(PLACE, data=form).status_code == 400
    assert world.afresh().stands(newcomer) == {}


def test_a_page_of_new_words_opened_before_a_second_change_is_refused(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword(monkeypatch, MEMBERS)
    form = form_to(client.get("/consent").text, "/consent/agree-all")
    reword(monkeypatch, MEMBERS, "And again others.")
    before = world.afresh().standing(wren)
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 400
    assert "reworded" in answer.text
    assert client.post(form.action).status_code == 400
    assert world.afresh().standing(wren) == before


@pytest.mark.parametrize(
    ("page", "purpose", "action"),
    [
        ("/consent/members", MEMBERS, "/consent/members/agree"),
        ("/consent/public", PUBLIC, "/consent/public/agree"),
        ("/consent/mail", MAIL, "/consent/mail/agree"),
        ("/places", MEMBERS, f"/places/{SLUG}/visibility"),
        (f"{PLACE}/cared-for?area={LEEDS}", "care", f"{PLACE}/cared-for"),
    ],
)
def test_any_form_opened_before_a_change_is_refused(
    client: FlaskClient,
    world: World,
    login: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    purpose: str,
    action: str,
) -> None:
    """Otherwise the receipt names words that were never read."""
    member = world.somebody("counted")
    consent_receipts.take_back(world.session, member.id, MAIL)
    login(member)
    found = [f for f in forms(client.get(page).text) if f.action in {action, ""}]
    form = next(
        f for f in found if f.action == action or "may" in f.fields or "area_id" in f.fields
    )
    chosen = {"visibility": MEMBERS} if page == "/places" else {}
    if purpose == "care":
        chosen = {key: value for key, value in care_form().items() if key not in form.fields}
        chosen |= {"year": care_form()["year"], "may": "y", "area_id": str(LEEDS)}
    before = world.afresh().standing(member)
    reword(monkeypatch, purpose)
    answer = client.post(action, data={**form.fields, **chosen})
    assert answer.status_code == 400
    assert "word" in answer.text
    assert world.afresh().standing(member) == before
    assert "Turns 18" not in client.get("/cared-for").text
