"""What people use: between two releases nobody changes a byte (privacy rules 3, 4 and 7)."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import treatment_use
from mapapp.actions.knowledge.treatment_propose import propose_treatment
from mapapp.domain.published.release_rules import Attribute, query_of, shown_from
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.treatments import Treatment
from tests import factories
from tests.releases import release_on
from tests.trust import AREAS, World
from tests.worlds import whole_answer

PAGE = "/conditions/dystonia/treatments"
MANY = 150
Login = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """Forms' tokens contain the time in seconds; nothing else may."""
    with time_machine.travel("2027-02-15 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def dystonia(session: Session) -> Condition:
    return factories.make_condition(session, "dystonia")


@pytest.fixture
def tea(session: Session, engine: Engine, settings: Settings, dystonia: Condition) -> Treatment:
    """Tried by so many people that the release shows it."""
    made = factories.make_treatment(session, dystonia, "Tea")
    factories.make_uses(session, dystonia, made, MANY, "better", True)
    factories.make_treatment(session, dystonia, "Rest")
    session.commit()
    release_on(engine, settings)
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


@pytest.mark.parametrize("visibility", ["counted", "map", "public"])
@pytest.mark.parametrize("outcome", ["better", "worse"])
def test_what_anyone_says_changes_no_byte_before_the_next_release(
    session: Session, settings: Settings, dystonia: Condition, tea: Treatment,
    readers: list[FlaskClient], visibility: str, outcome: str,
) -> None:  # fmt: skip
    before = _answers(readers)
    wren = factories.make_member(session)
    factories.make_membership(session, dystonia, 1, member=wren, visibility=visibility)
    _say(session, settings, wren, tea, outcome)
    assert _answers(readers) == before
    propose_treatment(Context(session, settings, reader_id=wren.id), dystonia.id, "Oats")
    session.commit()
    assert _answers(readers) == before
    treatment_use.remove(session, wren.id, dystonia.id, tea.public_id)
    session.commit()
    assert _answers(readers) == before


def test_the_next_release_does_change_it(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, tea: Treatment,
    readers: list[FlaskClient],
) -> None:  # fmt: skip
    """The test above would prove nothing if the page never changed."""
    before = _answers(readers)
    factories.make_uses(session, dystonia, tea, MANY, "worse", True)
    session.commit()
    with time_machine.travel("2028-02-15 10:00:00+00:00", tick=False):
        release_on(engine, settings, date(2028, 2, 15))
        after = _answers(readers)
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_whoever_hides_pauses_or_goes_changes_no_byte(
    app: Flask, session: Session, settings: Settings, login: Login, tea: Treatment,
    readers: list[FlaskClient],
) -> None:  # fmt: skip
    wren = World(session, settings).somebody()
    _say(session, settings, wren, tea, "better")
    before = _answers(readers)
    browser = login(wren, on=app.test_client())
    for path in ("/account/hide", "/account/pause"):
        assert browser.post(path).status_code == 303
        assert _answers(readers) == before
        browser.post("/account/end-pause")
        browser.post("/account/show")
        assert _answers(readers) == before


def test_people_somebody_cares_for_are_in_no_number(
    session: Session, settings: Settings, tea: Treatment, readers: list[FlaskClient]
) -> None:
    before = _answers(readers)
    world = World(session, settings)
    child = world.child_of(world.member())
    _say(session, settings, child, tea, "better")
    assert _answers(readers) == before


def test_of_few_people_not_even_the_name_is_shown(
    client: FlaskClient, session: Session, engine: Engine, settings: Settings,
    dystonia: Condition,
) -> None:  # fmt: skip
    for name, n in (("Oats", 5), ("Tea", MANY)):
        made = factories.make_treatment(session, dystonia, name)
        factories.make_uses(session, dystonia, made, n)
        factories.make_uses(session, dystonia, made, 20, visibility="counted")
    session.commit()
    release_on(engine, settings)
    page = client.get(PAGE).text
    assert "Tea" in page
    assert "Oats" not in page


def test_every_number_of_the_chart_and_the_table_is_released(
    client: FlaskClient, session: Session, engine: Engine, settings: Settings,
    dystonia: Condition,
) -> None:  # fmt: skip
    for n in range(4):
        made = factories.make_treatment(session, dystonia, f"Tea {chr(65 + n)}")
        factories.make_uses(session, dystonia, made, 20 * n, "better", True)
        factories.make_uses(session, dystonia, made, 50, "worse")
    session.commit()
    release_on(engine, settings)
    page = client.get(PAGE).text
    numbers = treatment_use.numbers(session, dystonia.id)
    assert numbers is not None
    released = {*numbers.went.numbers.values(), *numbers.effects.numbers.values()}
    shown = re.findall(r'<td class="figure">(.*?)</td>', page)
    shown += re.findall(r'<span class="bar-number">(.*?)</span>', page)
    assert len(shown) == 4 * 2 * len(numbers.treatments) > 0
    for words in shown:
        kind, number = words.rsplit(" ", 1)
        assert kind in {"about", "under"}
        assert kind == "under" or int(number) in released
    scale = query_of(Attribute.OUTCOME).scale(settings.epsilon)
    assert numbers.went.least == shown_from(scale, 12)
    assert all(n >= numbers.went.least for n in numbers.went.numbers.values())


def test_nothing_tells_who_came_first(
    client: FlaskClient, session: Session, engine: Engine, settings: Settings,
    dystonia: Condition, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(
        "mapapp.actions.statistics.release_make.with_noise", lambda n, _scale: dict(n)
    )
    for name in ("Zinc", "Oats", "Rest"):
        made = factories.make_treatment(session, dystonia, name)
        people = factories.make_uses(session, dystonia, made, 60)
    session.commit()
    release_on(engine, settings)
    page = client.get(PAGE).text
    assert re.findall(r'<h3 dir="auto">(\w+)</h3>', page) == ["Oats", "Rest", "Zinc"]
    assert not any(who.public_id in page or who.pseudonym in page for who in people)
    assert AREAS.get(1).name not in page.split("<main")[1]
