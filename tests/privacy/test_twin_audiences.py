"""To all others, people on a map are one more in a number (privacy rule 4: twin worlds)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.profile_edit import set_languages
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from tests.privacy.test_twin_worlds_everywhere import AREAS, LEEDS, PAGES
from tests.searchable import make_editorial, make_post, make_question

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def condition(session: Session, make_condition: Make, make_membership: Make) -> Condition:
    made: Condition = make_condition("dystonia")
    for visibility in ("public", "members", "map"):
        make_membership(made, LEEDS, visibility=visibility)
    question_id = make_question(session, made)
    make_post(session, made, question_id)
    make_editorial(session, question_id)
    return made


@pytest.fixture
def somebody(
    session: Session, condition: Condition, make_member: Make, make_membership: Make
) -> Member:
    """A member on the map, who wrote with and without their name."""
    who: Member = make_member(pseudonym="Somebody", languages=["fr"])
    make_membership(condition, LEEDS, member=who, visibility="map", role="researcher")
    for named_to, title in (("public", "My first year"), ("nobody", "My second year")):
        make_post(session, condition, member=who, title=title, named_to=named_to)
    return who


def _answers(client: FlaskClient, who: Member) -> list[tuple[object, ...]]:
    theirs = f"/members/{who.public_id}/connect?condition=dystonia"
    got = [client.get(path) for path in (*PAGES, theirs)]
    return [(a.status_code, sorted(a.headers.items()), a.data) for a in got]


@pytest.mark.both
def test_no_visitor_tells_people_on_the_map_from_those_shown_to_members(
    client: FlaskClient,
    session: Session,
    settings: Settings,
    condition: Condition,
    somebody: Member,
) -> None:
    session.commit()
    before = _answers(client, somebody)
    for visibility in ("members", "map", "members"):
        ctx = Context(session, settings, AREAS, somebody.id)
        set_visibility(ctx, somebody.id, condition.id, visibility)
        session.commit()
        assert _answers(client, somebody) == before


@pytest.mark.both
def test_nothing_else_about_people_on_the_map_reaches_who_is_not_on_it(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
    condition: Condition,
    somebody: Member,
    make_member: Make,
    make_membership: Make,
) -> None:
    """Neither a visitor nor a member who is only counted reads role or language in any answer."""
    reader = make_member()
    make_membership(condition, LEEDS, member=reader, visibility="counted")
    signed_in = login(reader, on=app.test_client())
    signed_in.get("/places")  # the first page with a form is given the cookie of its token
    before = _answers(client, somebody), _answers(signed_in, somebody)
    for role, tags in (("parent", ("fr",)), ("parent", ("de", "uk")), ("clinician", ())):
        wanted = Placement(LEEDS, AREAS.version, "map", role, "Somebody")
        place_set.place(Context(session, settings, AREAS, somebody.id), condition.id, wanted)
        set_languages(Context(session, settings, AREAS, somebody.id), tags)
        session.commit()
        assert (_answers(client, somebody), _answers(signed_in, somebody)) == before


def test_who_is_on_the_map_sees_the_change(
    app: Flask,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
    condition: Condition,
    somebody: Member,
    make_member: Make,
    make_membership: Make,
) -> None:
    """The tests above would prove nothing if no page ever changed."""
    reader = make_member()
    make_membership(condition, LEEDS, member=reader, visibility="map")
    inside = login(reader, on=app.test_client())
    inside.get("/places")
    before = _answers(inside, somebody)
    set_languages(Context(session, settings, AREAS, somebody.id), ("uk",))
    session.commit()
    assert _answers(inside, somebody) != before
