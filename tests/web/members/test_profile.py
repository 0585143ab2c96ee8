"""The profile: what is the same on all maps, and what belongs to each."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.forms import place_form
from tests.trust import LEEDS

PAGE = "/conditions/dystonia/place"


@pytest.fixture
def member(
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> Member:
    make_condition("dystonia")
    member = make_member(pseudonym="", languages=[])
    login(member)
    return member


def test_the_languages_are_kept_and_shown_on_each_map(
    client: FlaskClient,
    member: Member,
    session: Session,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
) -> None:
    for slug in ("dystonia", "als"):
        make_membership(make_condition(slug), LEEDS, member=member)
    session.commit()
    assert client.post("/profile", data={"languages": ["fr"]}).status_code == 303
    page = client.get("/profile").text
    assert '<option value="fr" selected>' in page
    assert client.post("/profile", data={"languages": ["xx"]}).status_code == 400
    for slug in ("dystonia", "als"):
        (me,) = client.get(f"/conditions/{slug}/areas/GB/people.json").get_json()["people"]
        assert "French" in me["about"]


def test_each_map_suggests_a_pseudonym_of_its_own(
    client: FlaskClient, member: Member, make_condition: Callable[..., Condition], session: Session
) -> None:
    client.post(PAGE, data=place_form())
    make_condition("als")
    session.commit()
    pages = [client.get(f"/conditions/als/place?area={LEEDS}").text for _ in range(5)]
    found = [re.search(r'name="pseudonym"[^>]* value="([^"]+)"', page) for page in pages]
    names = {match[1] for match in found if match}
    assert len(names) > 1
    assert "Quiet Heron" not in names


def test_the_profile_leads_to_what_one_is_called_on_each_map(
    client: FlaskClient, member: Member, session: Session
) -> None:
    client.post(PAGE, data=place_form())
    page = client.get("/profile").text
    assert "Quiet Heron" in page
    assert f'href="{PAGE}"' in page
