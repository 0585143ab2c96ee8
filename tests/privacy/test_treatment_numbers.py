"""What people use: hidden members change no byte, nobody stands out (privacy rules 3, 4 and 7)."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import treatment_use
from mapapp.actions.knowledge.treatment_propose import propose_treatment
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.treatments import Treatment
from tests import factories
from tests.trust import AREAS, World
from tests.worlds import whole_answer

PAGE = "/conditions/dystonia/treatments"
Login = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """Forms' tokens contain the time in seconds; nothing else may."""
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def dystonia(session: Session) -> Condition:
    return factories.make_condition(session, "dystonia")


@pytest.fixture
def tea(session: Session, dystonia: Condition) -> Treatment:
    """Tried by so many people that one more would change every number."""
    made = factories.make_treatment(session, dystonia, "Tea")
    for outcome in ("better", "same", "worse"):
        factories.make_uses(session, dystonia, made, 12, outcome, True)
    factories.make_uses(session, dystonia, made, 1, "same")
    factories.make_treatment(session, dystonia, "Rest")
    return made


@pytest.fixture
def readers(
    app: Flask, session: Session, dystonia: Condition, tea: Treatment, login: Login
) -> list[FlaskClient]:
    """A visitor, a member, and a member on the map."""
    on_map = factories.make_member(session)
    factories.make_membership(session, dystonia, 1, member=on_map)
    people = (factories.make_member(session), on_map)
    browsers = [app.test_client(), *(login(who, on=app.test_client()) for who in people)]
    for browser in browsers[1:]:
        browser.get("/places")  # the first page with a form is given the cookie of its token
    return browsers


def _answers(readers: list[FlaskClient]) -> list[tuple[object, ...]]:
    found = [whole_answer(browser, PAGE) for browser in readers]
    assert [status for status, _headers, _body in found] == [200, 200, 200]
    return list(found)


def _say(
    session: Session, settings: Settings, who: Member, treatment: Treatment, outcome: str
) -> None:
    given = (treatment.condition_id, treatment.public_id, outcome, True)
    treatment_use.record(Context(session, settings, reader_id=who.id), *given)
    session.commit()


@pytest.mark.parametrize("outcome", ["better", "same", "worse"])
def test_who_is_only_counted_changes_no_byte(
    session: Session,
    settings: Settings,
    dystonia: Condition,
    tea: Treatment,
    readers: list[FlaskClient],
    outcome: str,
) -> None:
    before = _answers(readers)
    wren = factories.make_member(session)
    factories.make_membership(session, dystonia, 1, member=wren, visibility="counted")
    _say(session, settings, wren, tea, outcome)
    assert _answers(readers) == before
    propose_treatment(Context(session, settings, reader_id=wren.id), dystonia.id, "Oats")
    session.commit()
    assert _answers(readers) == before
    treatment_use.remove(session, wren.id, dystonia.id, tea.public_id)
    session.commit()
    assert _answers(readers) == before


@pytest.mark.parametrize("outcome", ["better", "same", "worse"])
def test_who_is_listed_does_change_it(
    session: Session,
    settings: Settings,
    dystonia: Condition,
    tea: Treatment,
    readers: list[FlaskClient],
    outcome: str,
) -> None:
    """The test above would prove nothing if the page never changed."""
    before = _answers(readers)
    wren = factories.make_member(session)
    factories.make_membership(session, dystonia, 1, member=wren)
    _say(session, settings, wren, tea, outcome)
    assert all(a != b for a, b in zip(before, _answers(readers), strict=True))


def test_whoever_hides_leaves_the_page_as_if_they_had_never_been_there(
    app: Flask, session: Session, settings: Settings, login: Login, tea: Treatment,
    readers: list[FlaskClient],
) -> None:  # fmt: skip
    before = _answers(readers)
    wren = World(session, settings).somebody()
    _say(session, settings, wren, tea, "better")
    assert _answers(readers) != before
    browser = login(wren, on=app.test_client())
    for path in ("/account/hide", "/account/pause"):
        assert browser.post(path).status_code == 303
        assert _answers(readers) == before
        browser.post("/account/end-pause")
        browser.post("/account/show")
        assert _answers(readers) != before


def test_people_somebody_cares_for_are_in_no_number(
    session: Session, settings: Settings, tea: Treatment, readers: list[FlaskClient]
) -> None:
    before = _answers(readers)
    world = World(session, settings)
    child = world.child_of(world.member())
    _say(session, settings, child, tea, "better")
    assert _answers(readers) == before


def test_of_fewer_than_ten_people_not_even_the_name_is_shown(
    client: FlaskClient, session: Session, dystonia: Condition, tea: Treatment
) -> None:
    oats = factories.make_treatment(session, dystonia, "Oats")
    factories.make_uses(session, dystonia, oats, 9)
    factories.make_uses(session, dystonia, oats, 20, visibility="counted")
    session.commit()
    assert "Oats" not in client.get(PAGE).text
    factories.make_uses(session, dystonia, oats, 1)
    session.commit()
    assert "Oats" in client.get(PAGE).text


def test_every_number_of_the_chart_and_the_table_is_rounded(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    for n in range(10, 31):
        made = factories.make_treatment(session, dystonia, f"Tea {chr(55 + n)}")
        factories.make_uses(session, dystonia, made, n - 6, "better", True)
        factories.make_uses(session, dystonia, made, 6, "worse")
    session.commit()
    page = client.get(PAGE).text
    shown = re.findall(r'<td class="figure">(.*?)</td>', page)
    shown += re.findall(r'<span class="bar-number">(.*?)</span>', page)
    shown += re.findall(r"about (\d+) people", page)
    assert len(shown) == 21 * (5 + 4 + 1)
    known = {"&lt;8", "under 8"}
    assert all(words in known or int(words) % 5 == 0 for words in shown), shown


def test_nothing_tells_who_came_first(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    for name in ("Zinc", "Oats", "Rest"):
        made = factories.make_treatment(session, dystonia, name)
        people = factories.make_uses(session, dystonia, made, 10)
    session.commit()
    page = client.get(PAGE).text
    assert re.findall(r'<h3 dir="auto">(\w+)</h3>', page) == ["Oats", "Rest", "Zinc"]
    assert not any(who.public_id in page or who.pseudonym in page for who in people)
    assert AREAS.get(1).name not in page.split("<main")[1]
