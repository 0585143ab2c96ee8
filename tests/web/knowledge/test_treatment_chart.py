"""The page "What people use" for everyone: estimates as a chart and a table."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.treatments import Treatment
from tests import factories
from tests.forms import forms
from tests.releases import put_release

PAGE = "/conditions/dystonia/treatments"


@pytest.fixture
def dystonia(session: Session) -> Condition:
    return factories.make_condition(session, "dystonia")


@pytest.fixture
def tea(session: Session, dystonia: Condition) -> Treatment:
    made = factories.make_treatment(session, dystonia, "Tea & <rest>")
    session.commit()
    return made


@pytest.fixture
def told(session: Session, dystonia: Condition, tea: Treatment) -> Treatment:
    """The same, with a release that tells of it."""
    went = {f"{tea.public_id}:better": 1200, f"{tea.public_id}:same": 600}
    put_release(session, dystonia, "outcome:world", **went)
    put_release(session, dystonia, "effects:world", **{tea.public_id: 300})
    return tea


def _text(page: str) -> str:
    """Return the words of the page's main part."""
    main = re.sub(r"<(svg|pattern).*?</\1>", " ", page.split("<main")[1].split("</main")[0])
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def _cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.DOTALL)
    return [[unescape(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_visitors_read_estimates_and_what_they_are_not(
    client: FlaskClient, told: Treatment
) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    text = _text(answer.text)
    assert "This is not evidence that a treatment works." in text.split("How it went")[0]
    assert (
        "Tea & <rest> Better about 1,200 No change about 600 Worse under 23 "
        "Side effects about 300" in text
    )
    assert _cells(answer.text) == [
        ["Tea & <rest>", "about 1,200", "about 600", "under 23", "about 300"]
    ]
    assert "These are of 2026." in text
    assert "95 are within 14 of the true one; of those about side effects, within 60." in text
    assert "%" not in text
    assert 'style="' not in answer.text
    assert "What you tried" not in text
    assert forms(answer.text.split("<main")[1]) == []


def test_bars_are_drawn_from_what_is_shown(client: FlaskClient, told: Treatment) -> None:
    page = client.get(PAGE).text
    bars = re.findall(r'<svg class="bar bar-(\w+)".*?<rect ([^>]*)/>', page)
    widths = {kind: re.findall(r'width="([^"]*)"', rect)[0] for kind, rect in bars}
    assert widths == {"better": "100.0%", "same": "50.0%", "worse": "22", "side": "25.0%"}
    assert "bar-few" in dict(bars)["worse"]
    assert all("aria-hidden" in svg for svg in re.findall(r"<svg[^>]*>", page.split("<main")[1]))


def test_before_the_first_release_the_page_says_when_there_are_numbers(
    client: FlaskClient, tea: Treatment
) -> None:
    text = _text(client.get(PAGE).text)
    assert "There is nothing to show yet." in text
    assert "at the beginning of each year, for maps with at least 50 people" in text
    assert "This is not evidence that a treatment works." in text
    assert "Tea & <rest>" not in text


def test_where_too_few_said_what_they_tried_the_page_says_so(
    client: FlaskClient, session: Session, dystonia: Condition, tea: Treatment
) -> None:
    for query in ("outcome:world", "effects:world"):
        put_release(session, dystonia, query)
    text = _text(client.get(PAGE).text)
    assert "Too few people have said what they tried for a number to be shown." in text
    assert "Tea & <rest>" not in text


def test_the_page_is_fetched_anew_only_after_a_release(
    client: FlaskClient, session: Session, dystonia: Condition, tea: Treatment
) -> None:
    tag = client.get(PAGE).headers["ETag"]
    factories.make_uses(session, dystonia, tea, 5)
    session.commit()
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    went = {f"{tea.public_id}:better": 1200}
    put_release(session, dystonia, "outcome:world", **went)
    put_release(session, dystonia, "effects:world")
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200
