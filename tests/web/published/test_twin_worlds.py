"""Two sites that differ in hidden members alone give identical public bytes (privacy rule 4)."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.finished import emptied

AREAS = load_areas()
LEEDS, YORK = latlng_to_zone(53.8, -1.55), latlng_to_zone(53.96, -1.08)
CODE = str(AREAS.code[LEEDS])
PAGES = (
    "/",
    "/conditions",
    "/conditions/dystonia",
    "/conditions/dystonia/map",
    "/conditions/dystonia/map?by=rate",
    f"/conditions/dystonia/areas/{CODE}",
    f"/conditions/dystonia/nearby?area={LEEDS}",
    "/api/v1/conditions/dystonia/counts?level=country",
    "/api/v1/conditions/dystonia/counts?level=zone",
)


@pytest.fixture(autouse=True, params=[True, False], ids=["finished", "made"])
def _finished_or_made(
    request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both hold for finished answers, and for those that Flask makes each time."""
    monkeypatch.setattr(emptied(app), "is_on", request.param)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """A response's date and its forms' tokens contain the time in seconds; nothing else may."""
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


def _answers(client: FlaskClient) -> list[tuple[object, ...]]:
    got = [client.get(path) for path in PAGES]
    for path, answer in zip(PAGES, got, strict=True):
        assert answer.status_code == 200, path
    return [(a.status_code, sorted(a.headers.items()), a.data) for a in got]


def test_hidden_members_change_no_public_byte(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> None:
    condition = make_condition("dystonia")
    for visibility in ("public", "members"):
        make_membership(condition, LEEDS, visibility=visibility)
    reader, hidden = make_member(), make_member(pseudonym="Hidden")
    session.commit()
    signed_in = login(reader, on=app.test_client())
    signed_in.get("/places")  # the first page with a form is given the cookie of its token
    before = _answers(client), _answers(signed_in)

    def _place(area_id: int) -> None:
        wanted = Placement(area_id, AREAS.version, "counted", "self", "Hidden")
        placing.place(Context(session, settings, AREAS, hidden.id), condition.id, wanted)
        session.commit()

    for act in (
        lambda: _place(LEEDS),
        lambda: _place(YORK),
        lambda: placing.remove(Context(session, settings), hidden.id, condition.id),
    ):
        act()
        session.commit()
        assert (_answers(client), _answers(signed_in)) == before


def test_a_listed_member_does_change_them(
    client: FlaskClient,
    session: Session,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
) -> None:
    """The test above would prove nothing if the pages never changed."""
    condition = make_condition("dystonia")
    make_membership(condition, LEEDS)
    session.commit()
    before = _answers(client)
    make_membership(condition, LEEDS)
    session.commit()
    assert all(a != b for a, b in zip(before[2:], _answers(client)[2:], strict=True))
