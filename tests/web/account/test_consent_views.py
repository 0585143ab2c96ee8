"""One page for each purpose; agreeing, taking back, and the receipts of the form for a place."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.domain.mail.consent_wordings import ADULT, COUNT, MAIL, PURPOSES, words_version
from mapapp.store.members import Member
from tests.forms import actions, form_to, place_form, place_forms
from tests.trust import AREAS, LEEDS, NEW_WORDS, World, reword

MAP, MEMBERS, PUBLIC = "map", "members", "public"
SLUG = "dystonia"
PLACE = f"/conditions/{SLUG}/place"
LIST = f"/conditions/{SLUG}/areas/{AREAS.code[LEEDS]}"
CHOICES = (COUNT, MEMBERS, PUBLIC, MAIL, ADULT)


def _post(client: FlaskClient, purpose: str, act: str, slug: str = SLUG) -> int:
    form = {"condition": slug, "words": words_version()}
    return client.post(f"/consent/{purpose}/{act}", data=form).status_code


@pytest.mark.parametrize("path", ["/consent", *(f"/consent/{key}" for key in PURPOSES)])
def test_visitors_sign_in_first(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize("act", ["agree", "take-back"])
def test_visitors_agree_to_nothing(client: FlaskClient, act: str) -> None:
    for path in ("/consent/mail/" + act, "/consent/agree-all"):
        assert client.post(path).location.startswith("/sign-in")


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_each_purpose_has_a_page_in_plain_words(
    client: FlaskClient, wren: Member, purpose: str
) -> None:
    answer = client.get(f"/consent/{purpose}")
    assert answer.status_code == 200
    assert PURPOSES[purpose].now.words in unescape(answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    others = [p.now.words for key, p in PURPOSES.items() if key != purpose]
    assert not [words for words in others if words in unescape(answer.text)]


def test_the_overview_shows_every_purpose_and_where_it_stands(
    client: FlaskClient, wren: Member
) -> None:
    page = unescape(client.get("/consent").text)
    for purpose in PURPOSES.values():
        assert purpose.now.words in page
    there = actions(page)
    for purpose in CHOICES:
        assert there.count(f"/consent/{purpose}/take-back") == 1
    assert "/consent/agree-all" not in there


def test_a_receipt_shows_the_month_and_nothing_finer(
    client: FlaskClient, world: World, wren: Member
) -> None:
    given = world.receipts(wren)[0].given
    for page in ("/consent", "/consent/mail"):
        text = client.get(page).text
        assert given[:4] in text
        assert f"{given}-" not in text


@pytest.mark.parametrize(
    ("purpose", "visitor", "member", "stands"),
    [
        (PUBLIC, False, True, {SLUG: (MEMBERS, "")}),
        (MEMBERS, False, True, {SLUG: (MAP, "")}),  # who reads is on the map themselves
        (MAP, False, False, {SLUG: ("counted", "")}),
        (COUNT, False, False, {}),
    ],
)
def test_taking_back_works_at_once(
    app: Flask,
    client: FlaskClient,
    world: World,
    wren: Member,
    purpose: str,
    visitor: bool,
    member: bool,
    stands: dict[str, tuple[str, str]],
) -> None:
    form = form_to(client.get(f"/consent/{purpose}").text, f"/consent/{purpose}/take-back")
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (303, f"/consent/{purpose}")
    assert ("Zebra Plover" in app.test_client().get(LIST).text) == visitor
    assert ("Zebra Plover" in client.get(LIST).text) == member
    assert world.afresh().stands(wren) == stands
    assert purpose not in world.afresh().agreed_anywhere(wren)
    assert world.counts() == ({LEEDS: 1} if member else {})


def test_taking_back_step_by_step_from_the_overview(
    client: FlaskClient, world: World, wren: Member
) -> None:
    for purpose, visibility in ((PUBLIC, MEMBERS), (MEMBERS, MAP), (MAP, "counted"), (COUNT, "")):
        form = form_to(client.get("/consent").text, f"/consent/{purpose}/take-back")
        answer = client.post(form.action, data=form.fields)
        assert (answer.status_code, answer.location) == (303, "/consent")
        stands = {SLUG: (visibility, "")} if visibility else {}
        assert world.afresh().stands(wren) == stands
    assert "/consent/count/take-back" not in actions(client.get("/consent").text)


def test_taking_back_is_as_easy_as_giving(
    client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    """Both are one button on the same page."""
    for purpose in (PUBLIC, MAIL):
        for act, other in (("take-back", "agree"), ("agree", "take-back")):
            page = client.get(f"/consent/{purpose}").text
            assert f"/consent/{purpose}/{other}" not in actions(page)
            form = form_to(page, f"/consent/{purpose}/{act}")
            assert client.post(form.action, data=form.fields).status_code == 303
            assert (purpose in world.afresh().agreed_anywhere(wren)) == (act == "agree")
    assert world.afresh().stands(wren) == {SLUG: (PUBLIC, "")}


def test_what_was_taken_back_is_shown_to_its_owner(client: FlaskClient, wren: Member) -> None:
    assert "What you withdrew" not in client.get("/consent").text
    _post(client, MAIL, "take-back")
    assert "What you withdrew" in client.get("/consent").text


def test_ones_age_is_taken_back_after_leaving_all_maps(
    client: FlaskClient, world: World, wren: Member
) -> None:
    answer = client.post("/consent/adult/take-back")
    assert answer.status_code == 400
    assert "Remove yourself" in answer.text
    assert ADULT in world.afresh().agreed_anywhere(wren)
    assert _post(client, COUNT, "take-back") == 303
    assert _post(client, ADULT, "take-back") == 303
    assert ADULT not in world.afresh().agreed_anywhere(wren)


@pytest.mark.parametrize("act", ["agree", "take-back"])
def test_what_cannot_be_is_refused(
    client: FlaskClient, world: World, wren: Member, act: str
) -> None:
    before = world.afresh().standing(wren)
    for slug in ("als", "no-such", "", "'--"):
        world.condition("als")
        world.session.commit()
        for purpose in (COUNT, MEMBERS, PUBLIC):
            assert _post(client, purpose, act, slug) == 404
    for purpose in ("everything", "paused", "counted", "mails"):
        assert _post(client, purpose, act) in {400, 404}
        assert client.get(f"/consent/{purpose}").status_code == 404
        assert client.get(f"/consent/mail/{act}").status_code in {404, 405}
    assert world.afresh().standing(wren) == before


def test_nobody_agrees_for_somebody_else(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin = world.somebody("counted", pseudonym="Robin")
    world.session.commit()
    before = world.standing(robin)
    _post(client, PUBLIC, "agree")
    _post(client, COUNT, "take-back")
    assert world.afresh().standing(robin) == before


def test_placing_oneself_leaves_a_receipt_for_each_thing_agreed_to(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    answer = client.post(PLACE, data=place_form(adult="y"))
    assert answer.status_code == 303
    assert world.afresh().agreed_anywhere(newcomer) == {ADULT, COUNT, MAP, MEMBERS}
    assert not [r for r in world.receipts(newcomer) if r.is_old]


def test_being_mailed_is_chosen_and_not_assumed(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    (form,) = place_forms(client.get(f"{PLACE}?area={LEEDS}").text)
    assert not {"mail", "adult"} & form.fields.keys()  # neither is ticked beforehand
    assert client.post(PLACE, data=place_form(adult="y", mail="y")).status_code == 303
    assert MAIL in world.afresh().agreed_anywhere(newcomer)


def test_nobody_under_18_places_themself(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    for said in ({}, {"adult": ""}):
        answer = client.post(PLACE, data=place_form(mail="y", **said))
        assert answer.status_code == 400
        assert "18 or over" in answer.text
        assert world.afresh().stands(newcomer) == {}
        assert world.afresh().agreed_anywhere(newcomer) == set()


def test_who_said_so_before_is_not_asked_again(client: FlaskClient, wren: Member) -> None:
    page = client.get(PLACE).text
    assert 'name="adult"' not in page
    assert 'name="mail"' not in page


@pytest.mark.parametrize("purpose", [COUNT, MEMBERS, PUBLIC, MAIL, ADULT])
def test_the_form_shows_all_words_that_its_receipts_will_name(
    client: FlaskClient, newcomer: Member, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    """A member who agrees by this form has read the words in force, not similar ones."""
    reword(monkeypatch, purpose)
    assert NEW_WORDS in client.get(f"{PLACE}?area={LEEDS}").text


def test_my_places_show_the_words_at_the_moment_of_choice(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    """Choosing to be listed there also leaves receipts, so the words are shown there, too."""
    login(world.somebody("counted"))
    page = unescape(client.get("/places").text)
    assert f"/places/{SLUG}/visibility" in actions(page)
    for purpose in (MEMBERS, PUBLIC):
        assert PURPOSES[purpose].now.words in page
