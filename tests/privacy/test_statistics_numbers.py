"""The page of a condition's numbers: between publications and releases nobody changes a byte of it.

Privacy rules 3, 4 and 7: listed people exactly as published, everything else from releases.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.decade_choice import forget_decades
from mapapp.actions.moderation.member_hide import hide_everywhere
from mapapp.actions.published.released import released
from mapapp.domain.mail.consent_wordings import DECADES
from mapapp.domain.published.release_rules import OF_A_YEAR
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests import factories
from tests.releases import release_on
from tests.trust import LEEDS, World
from tests.worlds import whole_answer

PAGE = "/conditions/dystonia/statistics"
PAGES = (PAGE, f"{PAGE}/GB", "/conditions/dystonia")
OF_THE_SITE = "/admin/statistics"
OTHERS = 150
HIDDEN = 40
Login = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2027-02-15 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def daily(settings: Settings) -> Settings:
    """A site that publishes once a day."""
    return settings.model_copy(update={"publish": "daily@04:00"})


@pytest.fixture
def unblurred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases in which chance adds nothing, for what must not depend on it."""
    true = "mapapp.actions.statistics.release_make.with_noise"
    monkeypatch.setattr(true, lambda numbers, _scale: dict(numbers))


@pytest.fixture
def dystonia(session: Session, engine: Engine, settings: Settings) -> Condition:
    """A map with a release of each kind, which shows something of everything."""
    made = factories.make_condition(session, "dystonia")
    _fill(session, made, OTHERS)
    wren = factories.make_member(session, languages=("de",))
    given = {"visibility": "public", "role": "clinician", "birth_decade": 1990}
    factories.make_membership(session, made, LEEDS, member=wren, diagnosis_decade=2020, **given)
    consent_receipts.agree(session, wren.id, DECADES, made.id)
    for _ in range(HIDDEN):
        factories.make_membership(session, made, LEEDS, visibility="counted")
    session.commit()
    release_on(engine, settings)
    return made


def _fill(session: Session, condition: Condition, people: int) -> None:
    with factories.published_together(session):
        for n in range(people):
            who = factories.make_member(session, languages=("en", "cy"))
            given = {"visibility": "map", "birth_decade": 1970, "diagnosis_decade": 2010}
            given["role"] = "parent" if n % 2 else "self"
            factories.make_membership(session, condition, LEEDS, member=who, **given)
            consent_receipts.agree(session, who.id, DECADES, condition.id)


@pytest.fixture
def wren(session: Session, dystonia: Condition) -> Member:
    """The only one who says what they say; in the release."""
    who = select(Membership.member_id).where(Membership.birth_decade == 1990)
    return session.scalars(select(Member).where(Member.id.in_(who))).one()


@pytest.fixture
def readers(app: Flask, session: Session, dystonia: Condition, login: Login) -> list[FlaskClient]:
    """A visitor, and a member who is on no map."""
    member = factories.make_member(session)
    browsers = [app.test_client(), login(member, on=app.test_client())]
    browsers[1].get("/places")  # the first page with a form is given the cookie of its token
    return browsers


def _answers(readers: list[FlaskClient]) -> list[tuple[object, ...]]:
    found = [whole_answer(browser, page) for browser in readers for page in PAGES]
    assert {status for status, _headers, _body in found} == {200}
    return list(found)


@pytest.mark.parametrize("visibility", ["counted", "map", "public"])
def test_whoever_comes_changes_no_byte(
    session: Session, daily: Settings, wren: Member, readers: list[FlaskClient], visibility: str
) -> None:
    before = _answers(readers)
    World(session, daily).somebody(visibility, languages=["fr"])
    session.commit()
    assert _answers(readers) == before


def test_whoever_changes_hides_or_goes_changes_no_byte(
    session: Session, daily: Settings, wren: Member, readers: list[FlaskClient]
) -> None:
    before = _answers(readers)
    world = World(session, daily)
    forget_decades(world.ctx, wren.id)
    session.commit()
    assert _answers(readers) == before
    hide_everywhere(world.ctx, wren.id)
    session.commit()
    assert _answers(readers) == before
    world.erase(wren)
    session.commit()
    assert _answers(readers) == before


def test_nor_does_anybody_change_a_byte_of_the_numbers_of_the_site(
    app: Flask, session: Session, daily: Settings, wren: Member, login: Login
) -> None:
    admin = login(factories.make_member(session, staff=True), on=app.test_client())
    admin.get("/places")
    before = whole_answer(admin, OF_THE_SITE)
    world = World(session, daily)
    for visibility in ("counted", "map"):
        world.somebody(visibility)
    hide_everywhere(world.ctx, wren.id)
    session.commit()
    assert before[0] == 200
    assert whole_answer(admin, OF_THE_SITE) == before


def test_a_publication_and_a_release_do_change_it(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition,
    readers: list[FlaskClient],
) -> None:  # fmt: skip
    """The tests above would prove nothing if the page never changed."""
    before = _answers(readers)
    _fill(session, dystonia, OTHERS)
    session.commit()
    published = _answers(readers)
    assert all(a != b for a, b in zip(before, published, strict=True))
    with time_machine.travel("2028-02-15 10:00:00+00:00", tick=False):
        unreleased = _answers(readers)
        release_on(engine, settings, date(2028, 2, 15))
        after = _answers(readers)
    assert all(a != b for a, b in zip(unreleased, after, strict=True))


def test_every_number_is_published_or_released(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    main = client.get(PAGE).text.split("<main")[1].split("</main")[0]
    exact, released_part = main.split('aria-labelledby="released"')
    shown = re.findall(r'<(?:td class="figure"[^>]*|span class="bar-number")>(.*?)<', exact)
    assert shown == [str(OTHERS + 1), str(OTHERS + 1), "68,000,000", "1 in 450,000"]
    answers = [released(session, dystonia.id, query) for query in OF_A_YEAR]
    numbers = {n for answer in answers if answer for n in answer.numbers.values()}
    shown = re.findall(r'<(?:td class="figure"|span class="bar-number")>(.*?)<', released_part)
    estimates = [words for words in shown if words.startswith("about ")]
    assert {int(words.removeprefix("about ")) for words in estimates} <= numbers
    assert len(estimates) >= 2 * 6  # two roles and languages, and a decade of each, drawn twice
    assert {words.split()[0] for words in shown} == {"about", "under"}


@pytest.mark.usefixtures("unblurred")
def test_of_few_people_nothing_is_told(client: FlaskClient, dystonia: Condition) -> None:
    main = client.get(PAGE).text.split("<main")[1].split("</main")[0]
    rows = dict(re.findall(r'<tr><th scope="row">(.*?)</th><td class="figure">(.*?)<', main))
    assert rows["Says they are a clinician"].startswith("under ")
    assert not {"German", "1990 to 1999", "2020 to 2029"} & rows.keys()
