"""Who is near: counts, people by band, towns, my place, every refusal, and limits."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.quotas import NEARBY_VISITOR
from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.limits import Quota
from tests import factories
from tests.paging import pages_of
from tests.places import zones_of
from tests.trust import LEEDS
from tests.worlds import HERE, fill, hide_somebody, whole_answer

ADDRESS = "/conditions/dystonia/nearby"


def here() -> str:
    return f"{ADDRESS}?area={zones_of(HERE)[0]}"


def look(client: FlaskClient, town: str) -> str:
    """Type a town into the form, and return the page that it leads to."""
    answer = client.post(ADDRESS, data={"town": town}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_form_alone(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(ADDRESS).text
    assert 'name="town"' in page
    assert "People you can meet" not in page


def test_counts_first_then_people_by_band(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(here()).text
    assert "2 people in this area, 3 within 250 km." in page
    order = [page.index(t) for t in ("within 250 km", "Public Person", "Far Person")]
    assert order == sorted(order)
    assert "Members Person" not in page
    assert "/connect?condition=dystonia" in page


def test_by_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = look(client, "Berlin")
    assert "Germany</h1>" in page
    assert "Public Person" in page


def test_by_the_whole_label_of_a_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    label = client.get("/api/v1/towns?q=Springfield").json["items"][1]
    page = look(client, label["value"])
    assert "Did you mean another place?" not in page
    assert load_areas().get(label["area"]).name in page


def test_other_towns_of_the_name_are_offered(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = look(client, "London")
    assert "Did you mean another place?" in page
    assert "London, Ontario, Canada" in page


def test_a_name_of_many_towns_asks_which_one(client: FlaskClient, session: Session) -> None:
    fill(session)
    for name in ("Springfield", "Ashford", "Richmond"):
        page = look(client, name)
        question = f"There are several places called “{name}”. Which one do you mean?"
        assert "<title>Which place do you mean? – " in page
        assert question in page
        assert f'<h3 id="which" tabindex="-1" autofocus>{question}</h3>' in page
        assert "Who is near you?</h1>" in page
        assert "Did you mean …?" not in page


def test_a_similar_name_is_offered_and_nothing_is_done(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    page = look(client, "Qwertyville")
    assert "We do not know a town called “Qwertyville”" in page
    assert page.index("Did you mean …?") < page.index("Wentzville, Missouri, United States")
    assert "Which one" not in page
    assert "Who is near you?</h1>" in page


def test_towns_of_other_names_are_offered_only_with_a_reason(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    leeds = look(client, "Leeds")
    assert "Hoopeston" not in leeds
    assert "Elkins" not in leeds
    roma = client.get("/api/v1/towns?q=Roma").json["items"]
    assert ("Rome", "Lazio, Italy · also called Roma") in [(t["name"], t["detail"]) for t in roma]


def test_unknown_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = look(client, "Xqzvwkjh")
    assert "We do not know a town called “Xqzvwkjh”" in page
    assert 'value="Xqzvwkjh"' in page
    assert 'aria-describedby="town-error"' in page


@pytest.mark.parametrize("given", [{"town": "Leeds"}, {"town": "Qwertyville"}, {"area": "25"}])
def test_what_was_typed_stands_in_no_address_and_no_title(
    client: FlaskClient, session: Session, given: dict[str, str]
) -> None:
    """Privacy rule 4: of a search, a browser's history keeps an address that soon says nothing."""
    condition = fill(session)
    factories.make_crowd(session, condition, zones_of(HERE)[0], 30)
    session.commit()
    answer = client.post(ADDRESS, data=given)
    assert answer.status_code == 303
    assert re.fullmatch(rf"{ADDRESS}\?at=[\w-]+", answer.location)
    page = client.get(answer.location).text
    assert "<title>Who is near you? – " in page
    addresses = re.findall(r'(?:href|action)="([^"]*nearby[^"]*)"', page)
    assert addresses
    assert not [a for a in addresses if re.search(r"area=|town=|Leeds|Qwerty", a)]


def test_an_address_of_old_leads_to_one_that_says_nothing(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    assert re.fullmatch(rf"{ADDRESS}\?at=[\w-]+", client.get(f"{ADDRESS}?town=Leeds").location)


def test_after_two_hours_nobody_can_read_what_was_looked_for(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session)
    location = client.post(ADDRESS, data={"town": "Leeds"}).location
    now = time.time()
    monkeypatch.setattr("mapapp.web.members.asked_place.time.time", lambda: now + 2 * 3600)
    page = client.get(location)
    assert page.status_code == 200
    assert "We no longer know what you looked for here" in page.text
    assert "Leeds" not in page.text
    changed = location[:-3] + ("AAA" if not location.endswith("AAA") else "BBB")
    assert "We no longer know what you looked for here" in client.get(changed).text


def test_filters_and_pages_keep_the_place(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    for n in range(30):
        role = "parent" if n % 2 else "self"
        factories.make_membership(session, condition, 25, visibility="public", role=role)
    session.commit()
    location = client.post(ADDRESS, data={"area": "25"}).location
    pages = list(pages_of(client, f"{location}&role=parent"))
    assert [page.count('class="person"') for page in pages] == [15]
    assert len(list(pages_of(client, location))) == 2
    at = location.partition("at=")[2]
    assert f'<input type="hidden" name="at" value="{at}">' in pages[0]


def test_nobody_nearby_is_said_kindly(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(f"{ADDRESS}?area={zones_of('NZ')[0]}").text
    assert "You would be the first within 250 km" in page
    assert "Tell me when there are more people" in page
    assert "The next people are more than 5,000 km away." in page
    assert "Far Person" in page  # it widens until it finds someone


def test_nobody_at_all(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "rare")
    session.commit()
    page = client.get(f"/conditions/rare/nearby?area={zones_of('NZ')[0]}").text
    assert "Nobody is on this map yet" in page
    assert "Tell me when there are more people" in page


@pytest.mark.both
def test_filters(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    parent = factories.make_member(session, pseudonym="A Parent", languages=["fr"])
    factories.make_membership(
        session, condition, zones_of(HERE)[0], member=parent, visibility="public", role="parent"
    )
    session.commit()
    for term in ("role=parent", "language=fr"):
        page = client.get(f"{here()}&{term}").text
        assert "A Parent" in page
        assert "Public Person" not in page
        assert "3 people in this area" in page
    page = client.get(f"{here()}&role=organisation").text
    assert "Nobody who shows a pseudonym matches that" in page


def test_my_place(client: FlaskClient, session: Session, login: Callable[..., Any]) -> None:
    condition = fill(session)
    me = factories.make_member(session, pseudonym="Myself")
    factories.make_membership(session, condition, zones_of(HERE)[0], member=me)
    session.commit()
    login(me)
    page = client.get(ADDRESS).text
    assert page == client.get(f"{ADDRESS}?place=mine").text  # an address of old
    assert "You yourself are not counted here" in page
    assert "2 people in this area" in page
    assert "Members Person" in page
    assert "Myself" not in page


def test_alone_on_the_map(client: FlaskClient, session: Session, login: Callable[..., Any]) -> None:
    rare, me = factories.make_condition(session, "rare"), factories.make_member(session)
    factories.make_membership(session, rare, zones_of(HERE)[0], member=me)
    session.commit()
    login(me)
    page = client.get("/conditions/rare/nearby?place=mine").text
    assert "Nobody else is on this map yet" in page
    assert "Change your place" in page
    assert "Put yourself on the map" not in page


def test_my_place_without_one(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    fill(session)
    assert client.get(f"{ADDRESS}?place=mine").status_code == 400
    me = factories.make_member(session)
    session.commit()
    login(me)
    assert client.get(f"{ADDRESS}?place=mine").status_code == 400
    assert client.get(f"{ADDRESS}?place=theirs").status_code == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("area=-1", 400),
        ("area=x", 400),
        ("area=1.5", 400),
        ("area=99999999", 400),
        ("area=9999999999", 400),
        ("area=1&page=-1", 400),
        ("area=1&page=x", 400),
        ("area=1&role=king", 400),
        ("area=1&language=xx", 400),
        ("town=" + "a" * 101, 400),
        ("place=52.5,13.4", 400),
    ],
)
def test_bad_input(client: FlaskClient, session: Session, query: str, status: int) -> None:
    fill(session)
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == status
    assert f'<a href="{ADDRESS}">Start again on this page</a>' in answer.text


def test_limit_of_visitors(client: FlaskClient, session: Session) -> None:
    fill(session)
    for _ in range(NEARBY_VISITOR.most):
        assert client.get(here()).status_code == 200
    refused = client.get(here())
    assert refused.status_code == 429
    assert "Try again in about an hour." in refused.text
    assert client.get(ADDRESS).status_code == 200  # the form costs nothing
    session.rollback()
    assert "127.0.0.1" not in str(session.execute(select(Quota.subject)).all())


def test_hidden_people_change_no_byte(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    paths = [here(), f"{here()}&role=researcher", f"{here()}&language=fr"]
    paths.append(client.post(ADDRESS, data={"town": "Paris"}).location)
    before = [whole_answer(client, path) for path in paths]
    hide_somebody(session, condition)
    assert [whole_answer(client, path) for path in paths] == before


def test_two_people_in_one_zone_answer_alike(client: FlaskClient, session: Session) -> None:
    """A search from a town finds the same as any other search from its zone."""
    fill(session)
    by_area = client.get(f"{ADDRESS}?area={LEEDS}").text
    by_town = client.post(ADDRESS, data={"town": "Leeds"}, follow_redirects=True).text
    people = re.compile(r'<section[^>]*id="people".*?</section>|<ul class="people">.*?</ul>', re.S)
    assert people.findall(by_area)
    assert people.findall(by_town) == people.findall(by_area)
