"""How many statements an act of placing gives the database, sessions and limits included."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import ZONE
from mapapp.domain.mail.consent_wordings import ADULT, MAIL, words_version
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, MemberLanguage, Membership
from tests.forms import place_form
from tests.trust import AREAS, LEEDS
from tests.worlds import counted_queries

PLACE = "/conditions/dystonia/place"
AUDIENCE = "/places/dystonia/visibility"
ELSEWHERE = next(i for i in range(LEEDS + 1, len(AREAS)) if AREAS.level[i] == ZONE)
MOST_TO_PLACE, MOST_TO_MOVE, MOST_TO_WIDEN, MOST_TO_NARROW = 10, 9, 8, 13

pytestmark = pytest.mark.both
Send = Callable[[str, dict[str, object]], list[str]]


@pytest.fixture
def member(make_condition: Callable[..., Condition], make_member: Callable[..., Member]) -> Member:
    make_condition("dystonia")
    return make_member()


@pytest.fixture
def send(app: Flask, member: Member, settings: Settings, login: Callable[..., FlaskClient]) -> Send:
    """Send a form to a site that publishes once a day; return the statements."""
    app.extensions["mapapp_settings"] = settings.model_copy(update={"publish": "daily@04:00"})
    browser = login(member)

    def _send(path: str, form: dict[str, object]) -> list[str]:
        with counted_queries(app) as given:
            assert browser.post(path, data=form).status_code == 303
        return given

    return _send


def test_placing_oneself(send: Send, session: Session) -> None:
    given = send(PLACE, place_form(visibility="map"))
    assert len(given) <= MOST_TO_PLACE, given
    assert session.scalars(select(Membership.area_id)).all() == [LEEDS]
    numbers = [one for one in given if "number" in one or "UPDATE condition" in one]
    assert numbers == [], "no counter is touched (privacy rule 4)"


def test_the_first_place_of_somebody_new(
    app: Flask,
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    make_condition("dystonia")
    browser = login(make_member(email=None, languages=[]))
    app.extensions["mapapp_settings"] = settings.model_copy(update={"publish": "daily@04:00"})
    form = place_form(visibility="public", adult="y", mail="y", languages=["en", "de"])
    with counted_queries(app) as given:
        assert browser.post(PLACE, data=form).status_code == 303
    assert len(given) <= MOST_TO_PLACE, given
    said = set(session.scalars(select(Consent.purpose)))
    assert said == {ADULT, MAIL, "count", "map", "members", "public"}
    assert set(session.scalars(select(MemberLanguage.language))) == {"en", "de"}


def test_moving(send: Send, session: Session) -> None:
    send(PLACE, place_form())
    given = send(PLACE, place_form(area_id=str(ELSEWHERE)))
    assert len(given) <= MOST_TO_MOVE, given
    assert session.scalars(select(Membership.area_id)).all() == [ELSEWHERE]


@pytest.mark.parametrize(
    ("before", "wanted", "most"),
    [("map", "public", MOST_TO_WIDEN), ("public", "counted", MOST_TO_NARROW)],
)
def test_another_audience(
    send: Send, session: Session, before: str, wanted: str, most: int
) -> None:
    send(PLACE, place_form(visibility=before))
    given = send(AUDIENCE, {"visibility": wanted, "words": words_version()})
    assert len(given) <= most, given
    assert session.scalars(select(Membership.visibility)).all() == [wanted]
