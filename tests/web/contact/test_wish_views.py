"""The page where a member says what they would like to be asked about, and where others see it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.members import Member
from tests import factories
from tests.places import zone_at_band, zones_of

HERE = zones_of("DE-BE")[0]
WISHES = "/conditions/dystonia/wishes"
Login = Callable[..., FlaskClient]


@pytest.fixture
def wren(session: Session) -> Member:
    return _on_map(session, "Wren", HERE, ["de"], "self")


def _on_map(
    session: Session, pseudonym: str, area_id: int, languages: list[str], role: str
) -> Member:
    member = factories.make_member(session, pseudonym=pseudonym, languages=languages)
    condition = factories.make_condition(session, "dystonia")
    factories.make_membership(session, condition, area_id, member=member, role=role)
    return member


@pytest.mark.parametrize(
    ("wish", "shown", "refused", "fits"),
    [
        ({"not_now": "y"}, "Does not want to be asked", (HERE, ["de"], "self"), None),
        (
            {"carers_only": "y"},
            "Parents and carers only",
            (HERE, ["de"], "self"),
            (HERE, ["de"], "parent"),
        ),
        (
            {"same_language": "y"},
            "Same language only",
            (HERE, ["fr"], "self"),
            (HERE, ["fr", "de"], "self"),
        ),
        (
            {"farthest": "2"},
            "Only people within 100 km",
            (zone_at_band(HERE, 3), ["de"], "self"),
            (zone_at_band(HERE, 2), ["de"], "self"),
        ),
    ],
)
def test_a_wish_is_shown_and_held_to(
    app: Flask, login: Login, session: Session, wren: Member, wish: dict[str, str], shown: str,
    refused: tuple, fits: tuple | None,
) -> None:  # fmt: skip
    page = f"/members/{wren.public_id}/connect?condition=dystonia"
    hers = login(wren, on=app.test_client())
    assert hers.post(WISHES, data={"farthest": "", **wish}).location == "/places"
    form = hers.get(WISHES).text
    assert ("checked" in form) or ('value="2" selected' in form or 'selected value="2"' in form)
    knock = {"reason": "meet", "greeting": "hello"}
    stranger = login(_on_map(session, "Robin", *refused), on=app.test_client())
    seen = stranger.get(page).text
    assert shown in seen
    assert 'name="reason"' not in seen
    assert stranger.post(page, data=knock).status_code == 403
    if fits:
        friend = login(_on_map(session, "Heron", *fits), on=app.test_client())
        assert friend.post(page, data=knock).status_code == 303


def test_only_wished_reasons_are_offered_and_taken(
    app: Flask, login: Login, session: Session, wren: Member
) -> None:
    page = f"/members/{wren.public_id}/connect?condition=dystonia"
    hers = login(wren, on=app.test_client())
    hers.post(WISHES, data={"farthest": "", "reasons": ["treatments", "carers"]})
    asker = login(_on_map(session, "Robin", HERE, ["fr"], "self"))
    seen = asker.get(page).text
    assert "Would like to talk about: treatments, caring for someone" in seen
    assert 'value="treatments"' in seen
    assert 'value="meet"' not in seen
    bad = asker.post(page, data={"reason": "meet", "greeting": "hello"})
    assert bad.status_code == 400
    good = asker.post(page, data={"reason": "treatments", "greeting": "hello"})
    assert good.status_code == 303


@pytest.mark.both
def test_wishes_show_beside_the_pseudonym_in_lists(
    app: Flask, login: Login, session: Session, wren: Member
) -> None:
    login(wren).post(WISHES, data={"farthest": "", "carers_only": "y"})
    reader = login(factories.make_member(session), on=app.test_client())
    for path in (
        "/conditions/dystonia/areas/DE-BE",
        f"/conditions/dystonia/nearby?area={HERE}",
        "/conditions/dystonia/areas/DE-BE/people.json",
    ):
        assert "Parents and carers only" in reader.get(path).text, path


def test_wishes_are_for_ones_own_maps_and_can_be_taken_back(
    app: Flask, login: Login, session: Session, wren: Member
) -> None:
    hers = login(wren)
    assert hers.get("/conditions/als/wishes").status_code == 404
    hers.post(WISHES, data={"farthest": "", "not_now": "y"})
    hers.post(WISHES, data={"farthest": ""})
    reader = login(factories.make_member(session), on=app.test_client())
    page = reader.get(f"/members/{wren.public_id}/connect?condition=dystonia").text
    assert "Does not want to be asked" not in page


@pytest.mark.parametrize("junk", [{"farthest": "9"}, {"reasons": "nonsense", "farthest": ""}])
def test_what_is_not_offered_is_refused(login: Login, wren: Member, junk: dict[str, str]) -> None:
    assert login(wren).post(WISHES, data=junk).status_code == 400


def test_moving_keeps_the_wishes(login: Login, session: Session, wren: Member) -> None:
    client = login(wren)
    client.post(WISHES, data={"farthest": "", "carers_only": "y"})
    client.post("/conditions/dystonia/visibility", data={"visibility": "public"})
    assert "checked" in client.get(WISHES).text
