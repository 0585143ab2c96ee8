"""One page for each purpose; agreeing, taking back, and being asked again."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions import consents
from mapapp.domain.consents import ADULT, COUNT, MAIL, PURPOSES, words_version
from mapapp.store.members import Member
from tests.trust import (
    AREAS,
    LEEDS,
    NEW_WORDS,
    Form,
    World,
    actions,
    care_form,
    form_to,
    forms,
    place_form,
    reword,
)

MEMBERS, PUBLIC = "members", "public"
SLUG = "dystonia"
PLACE = f"/conditions/{SLUG}/place"
LIST = f"/conditions/{SLUG}/areas/{AREAS.code[LEEDS]}"
CHOICES = (COUNT, MEMBERS, PUBLIC, MAIL, ADULT)


@pytest.fixture
def wren(world: World, login: Callable[..., FlaskClient]) -> Member:
    """Somebody signed in, whom everybody sees on one map."""
    member = world.somebody("public", email="wren@example.org", pseudonym="Zebra Plover")
    login(member)
    return member


@pytest.fixture
def newcomer(world: World, login: Callable[..., FlaskClient]) -> Member:
    """Somebody signed in who has agreed to nothing yet."""
    world.condition()
    member = world.member(email="new@example.org", pseudonym="")
    for receipt in world.receipts(member):
        consents.take_back(world.session, member.id, receipt.purpose)
    login(member)
    return member


def _now(world: World, who: Member) -> tuple[object, ...]:
    """Return where a member stands, and what they agreed to."""
    world.session.rollback()
    return world.stands(who), world.receipts(who)


def _agreed(world: World, who: Member) -> set[str]:
    world.session.rollback()
    return world.agreed(who, SLUG) | world.agreed(who)


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
        (MEMBERS, False, False, {SLUG: ("counted", "")}),
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
    assert _now(world, wren)[0] == stands
    assert purpose not in _agreed(world, wren)
    assert world.counts() == ({LEEDS: 1} if member else {})


def test_taking_back_step_by_step_from_the_overview(
    client: FlaskClient, world: World, wren: Member
) -> None:
    for purpose, visibility in ((PUBLIC, MEMBERS), (MEMBERS, "counted"), (COUNT, "")):
        form = form_to(client.get("/consent").text, f"/consent/{purpose}/take-back")
        answer = client.post(form.action, data=form.fields)
        assert (answer.status_code, answer.location) == (303, "/consent")
        stands = {SLUG: (visibility, "")} if visibility else {}
        assert _now(world, wren)[0] == stands
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
            assert (purpose in _agreed(world, wren)) == (act == "agree")
    assert _now(world, wren)[0] == {SLUG: (PUBLIC, "")}


def test_what_was_taken_back_is_shown_to_its_owner(client: FlaskClient, wren: Member) -> None:
    assert "What you took back" not in client.get("/consent").text
    _post(client, MAIL, "take-back")
    assert "What you took back" in client.get("/consent").text


def test_ones_age_is_taken_back_after_leaving_all_maps(
    client: FlaskClient, world: World, wren: Member
) -> None:
    answer = client.post("/consent/adult/take-back")
    assert answer.status_code == 400
    assert "Remove yourself" in answer.text
    assert ADULT in _agreed(world, wren)
    assert _post(client, COUNT, "take-back") == 303
    assert _post(client, ADULT, "take-back") == 303
    assert ADULT not in _agreed(world, wren)


@pytest.mark.parametrize("act", ["agree", "take-back"])
def test_what_cannot_be_is_refused(
    client: FlaskClient, world: World, wren: Member, act: str
) -> None:
    before = _now(world, wren)
    for slug in ("als", "no-such", "", "'--"):
        world.condition("als")
        world.session.commit()
        for purpose in (COUNT, MEMBERS, PUBLIC):
            assert _post(client, purpose, act, slug) == 404
    for purpose in ("everything", "paused", "counted", "Mail"):
        assert _post(client, purpose, act) in {400, 404}
        assert client.get(f"/consent/{purpose}").status_code == 404
        assert client.get(f"/consent/mail/{act}").status_code in {404, 405}
    assert _now(world, wren) == before


def test_nobody_agrees_for_somebody_else(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin = world.somebody("counted", pseudonym="Robin")
    world.session.commit()
    before = world.stands(robin), world.receipts(robin)
    _post(client, PUBLIC, "agree")
    _post(client, COUNT, "take-back")
    assert _now(world, robin) == before


def _forms(page: str) -> list[Form]:
    return [form for form in forms(page) if "area_id" in form.fields]


def test_placing_oneself_leaves_a_receipt_for_each_thing_agreed_to(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    answer = client.post(PLACE, data=place_form(adult="y"))
    assert answer.status_code == 303
    assert _agreed(world, newcomer) == {ADULT, COUNT, MEMBERS}
    assert not [r for r in world.receipts(newcomer) if r.is_old]


def test_being_mailed_is_chosen_and_not_assumed(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    (form,) = _forms(client.get(f"{PLACE}?area={LEEDS}").text)
    assert not {"mail", "adult"} & form.fields.keys()  # neither is ticked beforehand
    assert client.post(PLACE, data=place_form(adult="y", mail="y")).status_code == 303
    assert MAIL in _agreed(world, newcomer)


def test_nobody_under_18_places_themself(
    client: FlaskClient, world: World, newcomer: Member
) -> None:
    for said in ({}, {"adult": ""}):
        answer = client.post(PLACE, data=place_form(mail="y", **said))
        assert answer.status_code == 400
        assert "18 or older" in answer.text
        assert _now(world, newcomer)[0] == {}
        assert _agreed(world, newcomer) == set()


def test_who_said_so_before_is_not_asked_again(client: FlaskClient, wren: Member) -> None:
    page = client.get(PLACE).text
    assert 'name="adult"' not in page
    assert 'name="mail"' not in page


@pytest.mark.parametrize("purpose", [COUNT, MEMBERS, PUBLIC, MAIL, ADULT])
def test_the_form_shows_all_words_that_its_receipts_will_name(
    client: FlaskClient, newcomer: Member, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    """Whoever agrees by this form has read the words in force, not some like them."""
    reword(monkeypatch, purpose)
    assert NEW_WORDS in client.get(f"{PLACE}?area={LEEDS}").text


def test_my_places_show_the_words_at_the_moment_of_choice(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    """Choosing to be listed there leaves receipts as well, so the words stand there too."""
    login(world.somebody("counted"))
    page = unescape(client.get("/places").text)
    assert f"/places/{SLUG}/visibility" in actions(page)
    for purpose in (MEMBERS, PUBLIC):
        assert PURPOSES[purpose].now.words in page


@pytest.mark.parametrize("purpose", CHOICES)
def test_new_words_are_asked_about_on_every_page_about_oneself(
    client: FlaskClient, wren: Member, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    before = PURPOSES[purpose].now.words
    for path in ("/places", "/account"):
        assert "words that you agreed to have changed" not in client.get(path).text
    reword(monkeypatch, purpose)
    for path in ("/places", "/account"):
        page = client.get(path).text
        assert "words that you agreed to have changed" in page
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
    assert _now(world, wren)[0] == {SLUG: (PUBLIC, "")}


def test_agreeing_renews_the_receipts_and_ends_the_question(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for purpose in (MEMBERS, MAIL):
        reword(monkeypatch, purpose)
    form = form_to(client.get("/consent").text, "/consent/agree-all")
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.location) == (303, "/places")
    for path in ("/places", "/account"):
        assert "have changed" not in client.get(path).text
    assert "/consent/agree-all" not in actions(client.get("/consent").text)
    stands, receipts = _now(world, wren)
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
    assert _now(world, wren)[0] == {SLUG: (MEMBERS, "")}
    assert "have changed" not in client.get("/places").text


def test_placing_oneself_anew_agrees_to_the_new_words(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword(monkeypatch, PUBLIC)
    answer = client.post(PLACE, data=place_form(visibility=PUBLIC, words=words_version()))
    assert answer.status_code == 303
    assert "have changed" not in client.get("/places").text


def test_a_place_form_opened_before_a_change_is_refused(
    client: FlaskClient, world: World, newcomer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = words_version()
    reword(monkeypatch, MEMBERS)
    answer = client.post(PLACE, data=place_form(words=shown, adult="y", mail="y"))
    assert answer.status_code == 400
    assert "reworded" in answer.text
    assert NEW_WORDS in answer.text
    assert _now(world, newcomer)[0] == {}
    assert _agreed(world, newcomer) == set()
    (form,) = _forms(answer.text)
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
    assert _now(world, newcomer)[0] == {}


def test_a_page_of_new_words_opened_before_a_second_change_is_refused(
    client: FlaskClient, world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    reword(monkeypatch, MEMBERS)
    form = form_to(client.get("/consent").text, "/consent/agree-all")
    reword(monkeypatch, MEMBERS, "And again others.")
    before = _now(world, wren)
    answer = client.post(form.action, data=form.fields)
    assert answer.status_code == 400
    assert "reworded" in answer.text
    assert client.post(form.action).status_code == 400
    assert _now(world, wren) == before


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
    consents.take_back(world.session, member.id, MAIL)
    login(member)
    found = [f for f in forms(client.get(page).text) if f.action in {action, ""}]
    form = next(
        f for f in found if f.action == action or "may" in f.fields or "area_id" in f.fields
    )
    chosen = {"visibility": MEMBERS} if page == "/places" else {}
    if purpose == "care":
        chosen = {key: value for key, value in care_form().items() if key not in form.fields}
        chosen |= {"year": care_form()["year"], "may": "y", "area_id": str(LEEDS)}
    before = _now(world, member)
    reword(monkeypatch, purpose)
    answer = client.post(action, data={**form.fields, **chosen})
    assert answer.status_code == 400
    assert "word" in answer.text
    assert _now(world, member) == before
    assert "Turns 18" not in client.get("/cared-for").text
