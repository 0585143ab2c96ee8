"""The page "What people use" for members: one's own records, and proposing a treatment."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.treatments import Treatment, TreatmentUse
from tests import factories
from tests.forms import form_to
from tests.moderation import Site

PAGE = "/conditions/dystonia/treatments"
Login = Callable[..., FlaskClient]


@pytest.fixture
def dystonia(session: Session) -> Condition:
    return factories.make_condition(session, "dystonia")


@pytest.fixture
def tea(session: Session, dystonia: Condition) -> Treatment:
    """Tried by 33 people, 18 of them better."""
    made = factories.make_treatment(session, dystonia, "Tea & <rest>")
    factories.make_uses(session, dystonia, made, 18, "better")
    factories.make_uses(session, dystonia, made, 12, "same", True)
    factories.make_uses(session, dystonia, made, 3, "worse")
    session.commit()
    return made


@pytest.fixture
def wren(session: Session, dystonia: Condition) -> Member:
    """A member on the map of dystonia."""
    made = factories.make_member(session, pseudonym="Wren")
    factories.make_membership(session, dystonia, 1, member=made)
    return made


def _text(page: str) -> str:
    """Return the words of the page's main part."""
    main = re.sub(r"<(svg|pattern).*?</\1>", " ", page.split("<main")[1].split("</main")[0])
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def _uses(session: Session) -> list[tuple[int, str, bool]]:
    session.rollback()
    columns = (TreatmentUse.member_id, TreatmentUse.outcome, TreatmentUse.side_effects)
    return [tuple(row) for row in session.execute(select(*columns))]


def test_a_condition_that_there_is_not(client: FlaskClient) -> None:
    assert client.get("/conditions/no-such/treatments").status_code == 404


def test_who_is_not_on_the_map_is_asked_to_come(
    login: Login, session: Session, tea: Treatment
) -> None:
    browser = login(factories.make_member(session))
    page = browser.get(PAGE).text
    assert "What you tried" not in _text(page)
    assert f'href="{PAGE.replace("treatments", "place")}"' in page
    for path in (PAGE, f"{PAGE}/propose"):
        answer = browser.post(path, data={"treatment": tea.public_id, "outcome": "better"})
        assert answer.status_code == 403
        assert "Put yourself on this condition’s map first." in answer.text
    assert len(_uses(session)) == 33


def test_recording_changing_and_deleting(
    login: Login, session: Session, wren: Member, tea: Treatment
) -> None:
    browser = login(wren)
    sent = form_to(browser.get(PAGE).text, PAGE).fields
    assert sent["treatment"] == ""
    sent |= {"treatment": tea.public_id, "outcome": "worse", "side_effects": "y"}
    for _ in range(2):
        assert browser.post(PAGE, data=sent).location == f"{PAGE}#mine"
    assert [row for row in _uses(session) if row[0] == wren.id] == [(wren.id, "worse", True)]
    page = browser.get(PAGE).text
    assert "Tea & <rest> Worse, with side effects" in _text(page)
    assert f"{PAGE}?treatment={tea.public_id}#say" in page
    changed = browser.get(f"{PAGE}?treatment={tea.public_id}").text
    assert "Change what you said" in changed
    sent = form_to(changed, PAGE).fields
    assert (sent["treatment"], sent["outcome"]) == (tea.public_id, "worse")
    assert "side_effects" in sent
    del sent["side_effects"]
    assert browser.post(PAGE, data={**sent, "outcome": "same"}).status_code == 303
    assert [row for row in _uses(session) if row[0] == wren.id] == [(wren.id, "same", False)]
    removing = f"{PAGE}/{tea.public_id}/remove"
    assert form_to(browser.get(PAGE).text, removing).fields == {}
    assert browser.post(removing).location == f"{PAGE}#mine"
    assert [row for row in _uses(session) if row[0] == wren.id] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what you tried."),
        ({"treatment": "", "outcome": "better"}, "Choose what you tried."),
        ({"treatment": "tea"}, "Choose how it went."),
    ],
)
def test_a_form_that_lacks_something_comes_back_with_what_was_chosen(
    login: Login,
    session: Session,
    wren: Member,
    tea: Treatment,
    data: dict[str, str],
    words: str,
) -> None:
    if data.get("treatment"):
        data = {**data, "treatment": tea.public_id}
    answer = login(wren).post(PAGE, data={**data, "side_effects": "y"})
    assert answer.status_code == 400
    assert words in answer.text
    sent = form_to(answer.text, PAGE).fields
    assert sent["treatment"] == data.get("treatment", "")
    assert "side_effects" in sent
    assert len(_uses(session)) == 33


@pytest.mark.parametrize("data", [{"treatment": "x"}, {"outcome": "cured"}])
def test_what_the_form_does_not_offer_is_refused(
    login: Login, session: Session, wren: Member, tea: Treatment, data: dict[str, str]
) -> None:
    sent = {"treatment": tea.public_id, "outcome": "better", **data}
    assert login(wren).post(PAGE, data=sent).status_code == 400
    assert len(_uses(session)) == 33


def test_a_treatment_that_is_not_in_the_list_cannot_be_begun_with(
    login: Login, wren: Member, tea: Treatment
) -> None:
    assert login(wren).get(f"{PAGE}?treatment=x").status_code == 400


def test_deleting_what_is_not_there_does_nothing(
    login: Login, session: Session, wren: Member, tea: Treatment
) -> None:
    browser = login(wren)
    for which in (tea.public_id, "x"):
        assert browser.post(f"{PAGE}/{which}/remove").status_code == 404
    assert len(_uses(session)) == 33


@pytest.mark.parametrize("visibility", ["counted", "paused"])
def test_who_is_not_listed_reads_that_they_are_in_no_number(
    login: Login, session: Session, dystonia: Condition, tea: Treatment, visibility: str
) -> None:
    who = factories.make_uses(session, dystonia, tea, 1, visibility=visibility)[0]
    text = _text(login(who).get(PAGE).text)
    assert "is kept for you and is not counted in any number" in text
    assert "Tea & <rest> Better" in text.split("What you tried")[1]


def test_who_is_listed_does_not(login: Login, wren: Member, tea: Treatment) -> None:
    assert "is not counted in any number" not in login(wren).get(PAGE).text


@pytest.mark.both
def test_a_condition_without_a_list_asks_for_the_first(
    login: Login, session: Session, wren: Member
) -> None:
    page = login(wren).get(PAGE).text
    assert "There is no list of treatments for this condition yet." in page
    assert '<details id="propose" open>' in page
    assert login(wren).post(PAGE, data={"treatment": "", "outcome": "better"}).status_code == 400


def test_proposing(login: Login, site: Site, wren: Member, tea: Treatment, mod: Member) -> None:
    browser = login(wren)
    answer = browser.post(f"{PAGE}/propose", data={"name": "Baths <b>of moor</b>"})
    assert answer.location == f"{PAGE}#mine"
    page = browser.get(PAGE).text
    assert "A moderator will read it first" in page
    assert "of moor" not in page
    site.session.rollback()
    staff = login(mod)
    case = f"/moderation/{site.case().public_id}"
    assert "A proposed treatment" in staff.get("/moderation").text
    staff.post(f"{case}/take")
    read = staff.get(case).text
    assert "Baths &lt;b&gt;of moor&lt;/b&gt;" in read
    assert "a new treatment, which a moderator reads first" in read
    assert "Nobody has seen this yet." in read
    assert staff.post(f"{case}/decide", data={"act": "nothing"}).status_code == 303
    page = login(wren).get(PAGE).text
    assert ">Baths &lt;b&gt;of moor&lt;/b&gt;</option>" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x", "3 to 80 characters"),
        ("Tea & <rest>", "already in the list"),
        ("see tea.com", "no link"),
    ],
)
def test_a_name_that_is_refused_stays_in_its_field(
    login: Login, wren: Member, tea: Treatment, name: str, words: str
) -> None:
    answer = login(wren).post(f"{PAGE}/propose", data={"name": name})
    assert answer.status_code == 400
    assert words in unescape(answer.text.split('id="name-error"')[1].split("</p>")[0])
    assert form_to(answer.text, f"{PAGE}/propose").fields["name"] == name


def test_a_fourth_proposal_waits_for_tomorrow(login: Login, wren: Member) -> None:
    browser = login(wren)
    for name in ("Tea", "Oats", "Zinc"):
        assert browser.post(f"{PAGE}/propose", data={"name": name}).status_code == 303
    answer = browser.post(f"{PAGE}/propose", data={"name": "Rest"})
    assert answer.status_code == 429
    assert "three treatments a day" in answer.text


def test_what_one_tried_stands_in_ones_data(login: Login, wren: Member, tea: Treatment) -> None:
    browser = login(wren)
    browser.post(PAGE, data={"treatment": tea.public_id, "outcome": "same", "side_effects": "y"})
    browser.post(f"{PAGE}/propose", data={"name": "Oats"})
    text = _text(browser.get("/account/data").text)
    assert "Dystonia : Tea & <rest> · No change, with side effects" in text
    assert "Dystonia : Oats · proposed, waiting for a moderator" in text
