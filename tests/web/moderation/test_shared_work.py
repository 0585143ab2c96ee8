"""What moderators do together, on pages: notes, looking up, mails, the handbook at hand."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.mail.delivery import gets_case_mail
from mapapp.domain.safety.case_rules import MINOR, SPAM
from mapapp.domain.safety.handbook import HANDBOOK
from mapapp.store.members import Member
from tests.moderation import Site

Login = Callable[..., FlaskClient]
WHY = "Their pseudonym is a telephone number."


@pytest.fixture
def mods(app: Flask, mod: Member, login: Login) -> FlaskClient:
    return login(mod, on=app.test_client())


def _case(site: Site) -> str:
    site.report(site.somebody(), site.somebody())
    address = f"/moderation/{site.case().public_id}"
    site.session.commit()
    return address


def test_a_note_is_read_by_the_other_moderator_and_by_no_member(
    app: Flask, site: Site, mods: FlaskClient, login: Login
) -> None:
    case, other = _case(site), login(site.moderator(), on=app.test_client())
    answer = mods.post(f"{case}/note", data={"note": "Call <b>me</b> {{7*7}} first."})
    assert (answer.status_code, answer.location) == (303, f"{case}#notes")
    page = other.get(case).text
    assert "Call &lt;b&gt;me&lt;/b&gt; {{7*7}} first." in page
    assert "Mod" in page
    accused = login(site.now(_subject(site)), on=app.test_client())
    for path in ("/account/data.json", "/account/rulings", "/account"):
        assert "first." not in accused.get(path).text


def _subject(site: Site) -> Member:
    return site.session.get_one(Member, site.case().subject_id)


def test_an_empty_note_is_refused_beside_its_field(site: Site, mods: FlaskClient) -> None:
    case = _case(site)
    answer = mods.post(f"{case}/note", data={"note": " "})
    assert answer.status_code == 400
    assert "Write up to 1,000 characters." in answer.text
    long = "x" * 1_001
    assert long in mods.post(f"{case}/note", data={"note": long}).text


def test_a_person_is_looked_up_and_acted_upon(site: Site, mods: FlaskClient) -> None:
    wren = site.somebody(pseudonym="Wren")
    number = site.on_map(wren).public_id
    site.session.commit()
    form = {"person": f"/members/{number}/connect", "category": "other", "why": WHY}
    answer = mods.post("/moderation/look-up", data=form)
    assert answer.status_code == 303
    page = mods.get(answer.location).text
    for words in ("Who was looked up", "looked up by a moderator", WHY, "Wren"):
        assert words in page
    decided = {"act": "warn", "days": "7", "reason": "Choose another pseudonym, please."}
    assert mods.post(f"{answer.location}/decide", data=decided).status_code == 303
    assert site.ruling().member_id == wren.id


def test_what_was_typed_stays_where_nobody_is_found(site: Site, mods: FlaskClient) -> None:
    hidden = site.on_map(site.somebody("counted")).public_id
    site.session.commit()
    for person, why, status in ((hidden, WHY, 404), ("Wren", WHY, 400), (hidden, "no", 400)):
        form = {"person": person, "category": "other", "why": why}
        answer = mods.post("/moderation/look-up", data=form)
        assert answer.status_code == status
        assert f'value="{person}"' in answer.text
        assert '<details open id="look-up">' in answer.text


def test_each_of_the_staff_switches_their_mail_off_and_on(
    site: Site, mod: Member, mods: FlaskClient
) -> None:
    assert "Stop these emails" in mods.get("/moderation").text
    assert mods.post("/moderation/emails", data={"wanted": "perhaps"}).status_code == 400
    for wanted, shown in (("no", "Email me when cases wait"), ("yes", "Stop these emails")):
        assert mods.post("/moderation/emails", data={"wanted": wanted}).status_code == 303
        assert shown in mods.get("/moderation").text
        site.session.rollback()
        assert gets_case_mail(site.session, mod.id) is (wanted == "yes")


def test_the_handbook_stands_beside_the_decision(site: Site, mods: FlaskClient) -> None:
    case = _case(site)
    words = str(HANDBOOK[SPAM])
    assert words not in mods.get(case).text
    mods.post(f"{case}/take")
    page = mods.get(case).text
    assert words in page
    assert str(HANDBOOK[MINOR]) not in page


def test_what_is_held_says_why_before_it_is_taken(site: Site, mods: FlaskClient) -> None:
    wren = site.somebody()
    site.held(site.conversation(wren, site.somebody()), wren, "send me a thousand euros")
    site.session.commit()
    page = mods.get(f"/moderation/{site.case().public_id}").text
    assert "Why it was held" in page
    assert "mentions money" in page
    assert "a thousand euros" not in page
