"""What a member is called on each of their maps: the site keeps the names apart, people may not."""

import random
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.members import pseudonyms
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.forms import place_form
from tests.trust import LEEDS

PAGE = "/conditions/gout/place"
HINT = "You have this pseudonym on another map, too."


@pytest.fixture
def browser(
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    login: Callable[..., FlaskClient],
) -> FlaskClient:
    """A member who is the Calm Heron on one map."""
    heron = make_member(pseudonym="Calm Heron")
    make_condition("gout")
    make_membership(make_condition("dystonia"), LEEDS, member=heron)
    return login(heron)


def _suggested(browser: FlaskClient) -> str:
    found = re.search(r'<input[^>]*name="pseudonym"[^>]*>', browser.get(PAGE).text)
    assert found
    value = re.search(r'value="([^"]*)"', found[0])
    assert value
    return value[1]


@pytest.mark.both
def test_no_other_map_is_offered_a_name_of_theirs(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pseudonyms, "FIRST", ("Calm",))
    monkeypatch.setattr(pseudonyms, "SECOND", ("Heron", "Otter"))
    assert {_suggested(browser) for _ in range(12)} == {"Calm Otter"}


def test_a_suggestion_is_none_of_the_names_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "FIRST", ("Calm", "Kind"))
    monkeypatch.setattr(pseudonyms, "SECOND", ("Heron",))
    source = random.Random(1)
    taken = {"calm heron"}
    assert {pseudonyms.suggest_pseudonym(source, taken) for _ in range(20)} == {"Kind Heron"}


@pytest.mark.parametrize("typed", ["Calm Heron", "calm  HERON"])
def test_the_same_name_is_allowed_and_the_page_says_what_it_means(
    browser: FlaskClient, session: Session, typed: str
) -> None:
    assert HINT not in browser.get(f"{PAGE}?area={LEEDS}").text
    answer = browser.post(PAGE, data=place_form(pseudonym=typed), follow_redirects=True)
    assert answer.status_code == 200
    assert HINT in answer.text
    session.rollback()
    names = session.scalars(select(Membership.pseudonym)).all()
    assert [name.casefold() for name in names] == ["calm heron"] * 2
    assert HINT in browser.get(PAGE).text  # until it is changed, on the page where one changes it


def test_another_name_is_given_without_a_word(browser: FlaskClient) -> None:
    sent = place_form(pseudonym="Kind Otter")
    assert HINT not in browser.post(PAGE, data=sent, follow_redirects=True).text
    assert HINT not in browser.get(PAGE).text


def test_what_is_refused_keeps_the_hint(browser: FlaskClient) -> None:
    answer = browser.post(PAGE, data=place_form(pseudonym="Calm Heron", area_id=""))
    assert answer.status_code == 400
    assert HINT in answer.text


def test_a_new_name_changes_nothing_on_other_maps(browser: FlaskClient, session: Session) -> None:
    browser.post(PAGE, data=place_form(pseudonym="Kind Otter"))
    browser.post(PAGE, data=place_form(pseudonym="Wild Wren"))
    session.rollback()
    names = select(Condition.slug, Membership.pseudonym).join(Condition)
    assert dict(tuple(row) for row in session.execute(names)) == {
        "dystonia": "Calm Heron",
        "gout": "Wild Wren",
    }
