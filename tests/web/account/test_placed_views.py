"""Where placing oneself ends: who is near, and one thing to do next."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.quotas import HOUR, Limit
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.safety import reading_limits
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.forms import place_form
from tests.trust import LEEDS, YORK

PAGE = "/conditions/dystonia/place/done"
TOKYO = latlng_to_zone(35.68, 139.69)

Place = Callable[..., None]


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def others(
    condition: Condition,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    session: Session,
) -> Place:
    """Put somebody on the map: ``others(LEEDS, "en", "de")``."""

    def _place(area_id: int, *languages: str, visibility: str = "members") -> None:
        member = make_member(languages=list(languages))
        make_membership(condition, area_id, member=member, visibility=visibility)
        session.commit()

    return _place


@pytest.fixture
def reader(
    condition: Condition,
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
    session: Session,
) -> FlaskClient:
    browser = login(make_member(languages=[]))
    session.commit()
    return browser


def _placed(browser: FlaskClient, **changes: object) -> str:
    form = place_form(languages=["en", "de"], **changes)
    answer = browser.post("/conditions/dystonia/place", data=form)
    assert answer.location == PAGE
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(PAGE).text).split())


def _primary(browser: FlaskClient) -> list[str]:
    main = browser.get(PAGE).text.partition("<main")[2]
    return re.findall(r'class="button button-primary"[^>]*>([^<]+)<', main)


def test_the_numbers_near_by_and_the_next_step(reader: FlaskClient, others: Place) -> None:
    others(LEEDS, "fr")
    others(LEEDS, "de", "fr")
    others(YORK, "en", "de")
    others(TOKYO, "en")
    words = _placed(reader)
    assert (
        "3 people within 50 km. Of the nearest 3 people you can meet, 2 speak a language" in words
    )
    assert "You are counted here: Leeds, United Kingdom." in words
    assert _primary(reader) == ["Say what you would like to be asked about"]
    assert 'href="/conditions/dystonia/wishes"' in reader.get(PAGE).text


def test_one_of_them(reader: FlaskClient, others: Place) -> None:
    others(LEEDS, "en")
    words = _placed(reader)
    assert "1 person in this area. Of the nearest person you can meet, 1 speaks a language" in words


def test_nobody_is_counted_by_language_whom_the_reader_does_not_see(
    reader: FlaskClient, others: Place
) -> None:
    others(LEEDS, "en", visibility="map")
    others(LEEDS, "en", visibility="counted")
    words = _placed(reader, visibility="counted")  # sees what any member sees
    assert "1 person in this area." in words
    assert "language that you speak" not in words


def test_who_may_be_shown_no_more_names_is_told_nothing_of_cards(
    reader: FlaskClient, others: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    others(LEEDS, "en")
    assert "language that you speak" in _placed(reader)
    monkeypatch.setattr(reading_limits, "MOST_PEOPLE", 1)
    assert "language that you speak" in reader.get(PAGE).text
    monkeypatch.setattr(reading_limits, "MOST_PEOPLE", 0)
    page = reader.get(PAGE).text
    assert "1 person in this area." in page
    assert "language that you speak" not in page


def test_who_has_no_search_left_ends_well(
    reader: FlaskClient, others: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    others(LEEDS, "en")
    monkeypatch.setattr("mapapp.web.members.near_place.NEARBY_MEMBER", Limit("nearby", 1, HOUR))
    assert "1 person in this area." in _placed(reader)
    answer = reader.get(PAGE)
    assert answer.status_code == 200
    assert "You are on the map" in answer.text
    assert "1 person" not in answer.text
    assert _primary(reader) == ["Say what you would like to be asked about"]


def test_where_nobody_is_near_the_next_people_and_a_mail(
    reader: FlaskClient, others: Place
) -> None:
    others(TOKYO, "en")
    words = _placed(reader)
    assert "You are the first within 250 km. The next people are more than 5,000 km away" in words
    assert _primary(reader) == ["Tell me when there are more people"]
    assert "Say what you would like to be asked about" in words
    assert "Related conditions" in words


def test_the_very_first(reader: FlaskClient) -> None:
    words = _placed(reader)
    assert "Nobody else is on this map yet." in words
    assert _primary(reader) == ["Tell me when there are more people"]


def test_who_is_counted_only_is_not_said_to_be_on_the_map(
    reader: FlaskClient, others: Place
) -> None:
    others(LEEDS, "en")
    words = _placed(reader, visibility="counted")
    assert "You are registered, and nobody sees you." in words
    assert "You are on the map" not in words
    assert _primary(reader) == ["See who is near"]
    assert "asked about" not in words


def test_without_a_place_there_is_nothing_to_say(reader: FlaskClient) -> None:
    assert reader.get(PAGE).location == "/conditions/dystonia/place"
    assert reader.get("/conditions/no-such/place/done").status_code == 404
