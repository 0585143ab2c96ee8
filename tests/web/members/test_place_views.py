import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import ZONE
from mapapp.domain.mail.consent_wordings import words_version
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, MemberLanguage, Membership
from tests.forms import place_form
from tests.published import numbers_of_areas, wrong_numbers
from tests.trust import AREAS, LEEDS

PAGE = "/conditions/dystonia/place"


@pytest.fixture
def member(
    session: Session,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> Member:
    make_condition("dystonia")
    member = make_member(pseudonym="", languages=[])
    login(member)
    return member


def _form(**changes: object) -> dict[str, object]:
    return place_form(**{"languages": ["en", "de", "", ""], **changes})


def _mine(session: Session) -> list[Membership]:
    session.rollback()
    return list(session.scalars(select(Membership)))


def test_visitors_join_instead_and_keep_the_area(
    client: FlaskClient, make_condition: Callable[..., Condition], session: Session
) -> None:
    make_condition("dystonia")
    session.commit()
    answer = client.get(f"{PAGE}?area={LEEDS}")
    assert answer.status_code == 303
    assert answer.location == f"/conditions/dystonia/join?area={LEEDS}"


def test_the_page_previews_what_others_see_without_a_script(
    client: FlaskClient, member: Member
) -> None:
    page = client.get(f"{PAGE}?area={LEEDS}").text
    assert re.search(
        r"Others see you somewhere around Leeds, United Kingdom, an area about \d+ km across "
        r"where about [\d,]+ people live\.",
        page,
    )
    assert "Only your region: England, United Kingdom" in page
    assert "Only your country: United Kingdom" in page
    assert "Others see only your country, United Kingdom, where about" in page
    assert f'name="area_id" value="{LEEDS}"' in page


@pytest.mark.parametrize("missing", ["visibility", "role"])
def test_a_form_without_a_choice_changes_nothing(
    client: FlaskClient, member: Member, session: Session, missing: str
) -> None:
    client.post(PAGE, data=_form(visibility="counted", role="parent"))
    form = {name: value for name, value in _form().items() if name != missing}
    assert client.post(PAGE, data=form).status_code == 400
    (row,) = _mine(session)
    assert (row.visibility, row.role) == ("counted", "parent")


def test_people_on_this_map_are_chosen_until_the_member_chooses(
    client: FlaskClient, member: Member, session: Session
) -> None:
    page = client.get(f"{PAGE}?area={LEEDS}").text
    offered = re.findall(r'<input[^>]* name="visibility"[^>]*>', page)
    values = [re.search(r'value="(\w+)"', one)[1] for one in offered]  # type: ignore[index]
    assert values == ["map", "members", "public", "counted"]
    assert [("checked" in one) for one in offered] == [True, False, False, False]
    client.post(PAGE, data=_form(visibility="map"))
    (row,) = _mine(session)
    assert row.visibility == "map"
    assert list(numbers_of_areas(session).values()) == [1]


@pytest.mark.parametrize("before", ["map", "members", "public"])
def test_a_move_keeps_the_audience_that_was_chosen(
    client: FlaskClient, member: Member, session: Session, before: str
) -> None:
    client.post(PAGE, data=_form(visibility=before))
    page = client.get(f"{PAGE}?area={LEEDS}").text
    (checked,) = re.findall(r'<input[^>]*\bchecked\b[^>]* name="visibility"[^>]*>', page)
    assert f'value="{before}"' in checked


def test_placing_oneself(client: FlaskClient, member: Member, session: Session) -> None:
    answer = client.post(PAGE, data=_form())
    assert (answer.status_code, answer.location) == (303, "/conditions/dystonia/place/done")
    (row,) = _mine(session)
    assert (row.area_id, row.visibility) == (LEEDS, "members")
    assert wrong_numbers(session) == []
    assert list(numbers_of_areas(session).values()) == [1]
    assert row.pseudonym == "Quiet Heron"
    assert set(session.scalars(select(MemberLanguage.language))) == {"en", "de"}
    assert (
        "You are counted here: Leeds, United Kingdom."
        in client.get("/conditions/dystonia/place/done").text
    )


@pytest.mark.parametrize("precision", ["region", "country"])
def test_a_coarser_place_is_stored_coarser(
    client: FlaskClient, member: Member, session: Session, precision: str
) -> None:
    client.post(PAGE, data=_form(precision=precision))
    (row,) = _mine(session)
    assert row.area_id == AREAS.ancestors(LEEDS)[{"country": 0, "region": 1}[precision]]


def test_who_is_counted_only_is_told_when(
    client: FlaskClient, member: Member, session: Session
) -> None:
    answer = client.post(PAGE, data=_form(visibility="counted"), follow_redirects=True)
    assert "in a later release" in answer.text
    (row,) = _mine(session)
    assert row.visibility == "counted"
    assert numbers_of_areas(session) == {}


def test_sending_the_form_twice_places_once(
    client: FlaskClient, member: Member, session: Session
) -> None:
    for _ in range(2):
        assert client.post(PAGE, data=_form()).status_code == 303
    assert len(_mine(session)) == 1
    assert list(numbers_of_areas(session).values()) == [1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area_id": ""}, "First choose roughly where you are"),
        ({"area_id": "0"}, "Choose a country"),
        ({"area_id": "99999999"}, "There is no such area"),
        ({"area_id": "-1"}, "First choose roughly where you are"),
        ({"area_id": "53.8,-1.55"}, "First choose roughly where you are"),
        ({"area_version": "older"}, "redrawn"),
        ({"pseudonym": "robin@example.org"}, "looks like an email address"),
        ({"pseudonym": "+44 113 496 0000"}, "looks like a phone number"),
        ({"pseudonym": "www.robin.example"}, "looks like a web address"),
        ({"pseudonym": ""}, "Choose a pseudonym"),
        ({"precision": "street"}, "valid choice"),
        ({"visibility": "friends"}, "valid choice"),
        ({"role": "king"}, "valid choice"),
        ({"languages": ["xx"]}, "languages from the list"),
        ({"languages": ["en", "de", "fr", "it", "es"]}, "languages from the list"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    client: FlaskClient, member: Member, session: Session, changes: dict[str, Any], words: str
) -> None:
    answer = client.post(
        PAGE, data=_form(role="parent", **changes) if "role" not in changes else _form(**changes)
    )
    assert answer.status_code in {400, 404}
    assert words in answer.text
    assert _mine(session) == []
    if changes.keys().isdisjoint({"pseudonym", "role"}):
        assert 'value="Quiet Heron"' in answer.text
        assert '<option selected value="parent">' in answer.text


def test_the_top_of_a_refused_page_leads_to_the_mistake(
    client: FlaskClient, member: Member
) -> None:
    page = client.post(PAGE, data=_form(pseudonym="robin@example.org")).text
    assert (
        page.index('role="alert"') < page.index('href="#pseudonym"') < page.index("place-details")
    )
    assert 'role="alert"' not in client.get(PAGE).text


def test_an_unknown_condition_is_not_found(client: FlaskClient, member: Member) -> None:
    assert client.get("/conditions/no-such/place").status_code == 404
    assert client.post("/conditions/no-such/place", data=_form()).status_code == 404


def test_a_place_can_be_changed_and_moves_are_limited(
    client: FlaskClient, member: Member, session: Session
) -> None:
    zones = [i for i in range(LEEDS, len(AREAS)) if AREAS.level[i] == ZONE]
    for n in range(5):
        assert client.post(PAGE, data=_form(area_id=str(zones[n]))).status_code == 303
    answer = client.post(PAGE, data=_form(area_id=str(zones[6])))
    assert answer.status_code == 429
    assert "less than 30 days ago" in answer.text
    assert [row.area_id for row in _mine(session)] == [zones[4]]


def test_my_places_show_change_and_remove(
    client: FlaskClient, member: Member, session: Session
) -> None:
    assert "not on any map yet" in client.get("/places").text
    client.post(PAGE, data=_form())
    page = client.get("/places").text
    assert "Dystonia" in page
    assert "Leeds, United Kingdom" in page
    answer = client.post(
        "/places/dystonia/visibility", data={"visibility": "counted", "words": words_version()}
    )
    assert answer.status_code == 303
    assert numbers_of_areas(session) == {}
    assert (
        client.post(
            "/places/dystonia/visibility", data={"visibility": "x", "words": words_version()}
        ).status_code
        == 400
    )
    assert client.post("/places/dystonia/remove").status_code == 303
    assert _mine(session) == []
    assert client.post("/places/dystonia/remove").status_code == 404


def test_a_place_of_an_old_table_is_asked_for_again(
    client: FlaskClient, member: Member, session: Session
) -> None:
    client.post(PAGE, data=_form())
    (row,) = _mine(session)
    row.area_version = "older"
    session.commit()
    assert "redrawn" in client.get("/places").text
    assert client.get(PAGE).status_code == 200


def test_the_preview_for_scripts(client: FlaskClient) -> None:
    found = client.get(f"/api/v1/areas/{LEEDS}/preview?precision=region").get_json()
    assert found["precision"] == "region"
    assert found["area_id"] == AREAS.ancestors(LEEDS)[1]
    assert found["area_version"] == AREAS.version
    assert [choice["precision"] for choice in found["choices"]] == ["zone", "region", "country"]
    assert found["choices"][0]["sentence"].startswith("Others see you somewhere around Leeds")
    assert client.get("/api/v1/areas/0/preview").status_code == 400
    assert client.get("/api/v1/areas/99999999/preview").status_code == 404
    assert client.get(f"/api/v1/areas/{LEEDS}/preview?precision=street").status_code == 400


def test_no_stored_byte_holds_a_point(
    client: FlaskClient, member: Member, settings: Settings, session: Session
) -> None:
    """Even if a client sends its position, it is stored nowhere."""
    point = {"lat": "53.801277", "lng": "-1.548567", "cell": "86195da4fffffff"}
    answer = client.post(PAGE, data=_form(**point), query_string=point)
    assert answer.status_code == 303
    assert "53.80" not in answer.location
    session.close()
    path = settings.sqlalchemy_url.removeprefix("sqlite:///")
    if not settings.sqlalchemy_url.startswith("sqlite"):
        return
    for part in (path, f"{path}-wal"):
        stored = Path(part).read_bytes() if Path(part).exists() else b""
        for value in point.values():
            assert value.encode() not in stored


def test_the_form_needs_its_token(app: Flask, client: FlaskClient, member: Member) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(PAGE, data=_form()).status_code == 400
