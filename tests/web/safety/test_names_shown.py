"""Names stop after 100 people a day: on each page that shows people; numbers stay."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.safety import reading_limits
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.limits import Reading
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case
from tests import contact_requests, factories
from tests.paging import pages_of
from tests.places import zones_of

ZONES = zones_of("DE-BE")
LUPUS = "/conditions/lupus/areas/world"
AREA = f"/conditions/dystonia/areas/{load_areas().code[ZONES[0]]}"
BERLIN = "/conditions/dystonia/areas/DE-BE"
NEARBY = f"/conditions/dystonia/nearby?area={ZONES[0]}"
PANEL = f"{AREA}/people.json"
MEMBER_WORDS = "You have seen 100 people today."
VISITOR_WORDS = "Visitors from your network have seen 100 people today."


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-25 10:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def others(session: Session, make_condition: Callable[..., Condition]) -> None:
    """A hundred people on another map, the most a reader may see in a day."""
    lupus = make_condition("lupus")
    factories.make_crowd(session, lupus, ZONES[0], 100)
    session.commit()


@pytest.fixture
def wren(
    condition: Condition,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Member:
    member = make_member(pseudonym="Wren")
    make_membership(condition, ZONES[0], member=member, visibility="public")
    return member


@pytest.fixture
def me(
    condition: Condition,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Member:
    member = make_member(pseudonym="Robin Reader")
    make_membership(condition, ZONES[1], member=member)
    return member


@pytest.fixture(params=["member", "visitor"])
def reader(
    request: pytest.FixtureRequest,
    login: Callable[..., FlaskClient],
    client: FlaskClient,
    me: Member,
) -> FlaskClient:
    return login(me) if request.param == "member" else client


def use_up(client: FlaskClient) -> None:
    """Read the names of the most people allowed in a day."""
    pages = list(islice(pages_of(client, LUPUS), 5))
    assert sum(page.count('class="person"') for page in pages) == 100


def without_names(page: str) -> str:
    """Return a page without people, what their cards allow, notices, and forms' tokens."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    for block in ('div class="in-common"', 'div class="notice notice-warm', 'ul class="people"'):
        page = re.sub(rf"<{block}.*?</{block.split()[0]}>", "", page, flags=re.S)
    page = re.sub(r'<p class="notice">.*?</p>', "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<h3>.*?</h3>", "", page))


@pytest.mark.both
@pytest.mark.parametrize("path", [AREA, NEARBY])
def test_names_stop_and_numbers_do_not(
    app: Flask,
    reader: FlaskClient,
    others: None,
    session: Session,
    wren: Member,
    clock: Any,
    path: str,
) -> None:
    session.commit()
    before = reader.get(path).text
    assert "Wren" in before
    clock.shift(86_400)
    use_up(reader)
    page = reader.get(path)
    assert page.status_code == 200
    assert not [one for one in ("Wren", wren.public_id) if one in page.text]
    assert MEMBER_WORDS in page.text or VISITOR_WORDS in page.text
    assert "no new names are shown until tomorrow" in page.text
    assert without_names(page.text) == without_names(before)
    clock.shift(86_400)
    assert "Wren" in reader.get(path).text


def test_who_was_seen_today_is_shown_again(
    reader: FlaskClient, others: None, session: Session, wren: Member
) -> None:
    session.commit()
    use_up(reader)
    _first, again = islice(pages_of(reader, LUPUS), 2)
    assert again.count('class="person"') == 20
    assert "no new names" not in again
    assert "Wren" not in reader.get(AREA).text


def test_the_first_of_a_list_are_shown_up_to_the_limit(
    client: FlaskClient,
    others: None,
    session: Session,
    wren: Member,
    make_membership: Callable[..., Membership],
    condition: Condition,
) -> None:
    for _ in range(20):
        make_membership(condition, ZONES[2], visibility="public")
    session.commit()
    list(islice(pages_of(client, LUPUS), 4))
    client.get(AREA)
    page = client.get(f"/conditions/dystonia/areas/{load_areas().code[ZONES[2]]}").text
    assert page.count('class="person"') == 19
    assert VISITOR_WORDS in page


def test_the_panel_of_the_map(
    reader: FlaskClient, others: None, session: Session, wren: Member
) -> None:
    session.commit()
    use_up(reader)
    answer = reader.get(PANEL).json
    assert answer["people"] == []
    assert answer["note"].startswith((MEMBER_WORDS, VISITOR_WORDS))


def test_areas_are_limited_too(
    client: FlaskClient, session: Session, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit()
    monkeypatch.setattr(reading_limits, "MOST_AREAS", 2)
    for path in (BERLIN, "/conditions/dystonia/areas/DE"):
        assert "Wren" in client.get(path).text
    page = client.get(AREA).text
    assert "Wren" not in page
    assert "have seen people in 200 areas today" in page
    assert "Wren" in client.get(BERLIN).text


def test_pages_that_name_nobody_write_nothing(client: FlaskClient, session: Session) -> None:
    factories.make_membership(session, factories.make_condition(session, "dystonia"), ZONES[0])
    session.commit()
    for path in (AREA, NEARBY, PANEL, "/", "/conditions/dystonia", "/conditions/dystonia/map"):
        assert client.get(path).status_code == 200
    assert session.scalar(select(func.count()).select_from(Reading)) == 0


def test_a_kept_answer_hands_out_no_names(
    reader: FlaskClient, others: None, session: Session, wren: Member, clock: Any
) -> None:
    session.commit()
    tag = reader.get(AREA).headers["ETag"]
    clock.shift(86_400)
    use_up(reader)
    answer = reader.get(AREA, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Wren" not in answer.text


@pytest.fixture
def mine(login: Callable[..., FlaskClient], me: Member) -> FlaskClient:
    return login(me)


def test_a_profile_stops_as_well(
    mine: FlaskClient, others: None, wren: Member, session: Session
) -> None:
    session.commit()
    use_up(mine)
    seen = session.scalars(
        select(Membership.public_id).join(Condition).where(Condition.slug == "lupus")
    ).first()
    assert mine.get(f"/members/{seen}/connect").status_code == 200
    answer = mine.get(f"/members/{wren.public_id}/connect")
    assert answer.status_code == 429
    assert MEMBER_WORDS in answer.text
    assert "Wren" not in answer.text
    nobody = mine.get("/members/00000000-0000-4000-8000-000000000000/connect")
    assert nobody.status_code == 404


def test_a_form_that_is_refused_counts(
    mine: FlaskClient, others: None, wren: Member, session: Session
) -> None:
    session.commit()
    path = f"/members/{wren.public_id}/connect"
    assert mine.post(path, data={}).status_code == 400
    assert session.scalar(select(func.count()).select_from(Reading)) == 1
    pages = list(islice(pages_of(mine, LUPUS), 5))
    assert sum(page.count('class="person"') for page in pages) == 99
    assert mine.get(path).status_code == 200


def test_after_the_stop_nobody_new_is_asked(
    mine: FlaskClient, others: None, wren: Member, session: Session
) -> None:
    session.commit()
    use_up(mine)
    sent = {"reason": "meet", "greeting": "hello"}
    answer = mine.post(f"/members/{wren.public_id}/connect?condition=dystonia", data=sent)
    assert answer.status_code == 429
    assert mine.get("/inbox").status_code == 200


def test_whom_one_is_in_touch_with_is_no_reading(
    mine: FlaskClient, others: None, me: Member, wren: Member, session: Session, settings: Settings
) -> None:
    conversation = contact_requests.connected(session, settings, me, wren)
    session.commit()
    assert "Wren" in mine.get(f"/members/{wren.public_id}/connect").text
    assert session.scalar(select(func.count()).select_from(Reading)) == 0
    use_up(mine)
    assert "Wren" in mine.get(f"/members/{wren.public_id}/connect").text
    assert "Wren" in mine.get(f"/conversations/{conversation}").text


def test_reporting_and_blocking_are_never_refused_and_name_nobody_new(
    mine: FlaskClient, others: None, wren: Member, session: Session
) -> None:
    session.commit()
    use_up(mine)
    path = f"/report/person/{wren.public_id}?condition=dystonia"
    page = mine.get(path)
    assert page.status_code == 200
    assert "this person" in page.text
    assert "Wren" not in page.text
    assert mine.post(path, data={"category": "spam"}).status_code == 303
    blocked = mine.post(f"/members/{wren.public_id}/block?condition=dystonia")
    assert blocked.status_code == 303


@pytest.mark.both
def test_staff_see_who_and_how_much(
    app: Flask,
    mine: FlaskClient,
    others: None,
    wren: Member,
    session: Session,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Member],
) -> None:
    moderator = login(make_member(staff="moderator"), on=app.test_client())
    for browser in (mine, app.test_client()):
        use_up(browser)
        browser.get(AREA)
    queue = moderator.get("/moderation").text
    assert queue.count("Read the names of very many people or areas") == 2
    assert "someone not named here" in queue
    assert "a visitor, or someone who has left" in queue
    for case, who in zip(
        session.scalars(select(Case).order_by(Case.id)),
        ("a member who was signed in", "a visitor who was not signed in"),
        strict=True,
    ):
        path = f"/moderation/{case.public_id}"
        moderator.post(f"{path}/take")
        page = moderator.get(path).text
        for words in (who, "101; 100 were shown", "November 25, 2026", "The site stopped this"):
            assert words in page
        assert "127.0.0.1" not in page
