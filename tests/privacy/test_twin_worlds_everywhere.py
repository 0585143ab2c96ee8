"""Every public page and file, before and after each act of a hidden member (privacy rule 4)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.operations.import_members import ImportFile, add_members
from mapapp.actions.operations.import_run import ImportRules
from mapapp.actions.published.card_changes import announce_all
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.point_files import read_points
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, Membership
from tests.alerts import tell_news, wait_for_people
from tests.finished import emptied
from tests.searchable import PAGE, make_editorial, make_post, make_question

AREAS = load_areas()
LEEDS, YORK = latlng_to_zone(53.8, -1.55), latlng_to_zone(53.96, -1.08)
AREA = f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}"
PAGES = (
    "/map.svg",
    "/conditions?q=dystonia",
    "/conditions?letter=D",
    "/conditions/focal-dystonia",
    "/conditions/cervical-dystonia",
    "/conditions/dystonia/tell-me",
    "/conditions/focal-dystonia/tell-me",
    "/news",
    "/conditions/dystonia/map.svg",
    "/conditions/dystonia/map.html",
    "/card.png",
    "/conditions/dystonia/card.png",
    "/conditions/dystonia/poster.pdf",
    "/conditions/dystonia/share",
    "/conditions/dystonia/statistics",
    "/conditions/dystonia/ogc",
    "/conditions/dystonia/ogc?f=html",
    "/conditions/dystonia/ogc/collections?f=json",
    "/conditions/dystonia/ogc/collections/countries/items",
    "/conditions/dystonia/ogc/collections/countries/items?f=json",
    "/conditions/dystonia/ogc/collections/regions/items?f=html&country=GB",
    "/conditions/dystonia/ogc/collections/zones/items?bbox=-2,53,-1,54",
    f"/conditions/dystonia/ogc/collections/zones/items/{LEEDS}",
    f"/conditions/dystonia/ogc/collections/zones/items/{YORK}?f=html",
    "/conditions/dystonia/map?by=rate",
    "/conditions/dystonia/compare?q=gout",
    "/conditions/dystonia/compare/gout",
    "/conditions/gout/compare/dystonia",
    "/embed/conditions/dystonia",
    "/conditions/dystonia/areas/GB",
    f"/conditions/dystonia/areas/{AREAS.code[YORK]}",
    f"{AREA}/people.json",
    "/conditions/dystonia/areas/GB/people.json",
    f"/conditions/dystonia/nearby?area={LEEDS}&role=researcher&language=fr",
    f"/conditions/dystonia/nearby?area={LEEDS}&age=mine",
    f"/conditions/dystonia/nearby?area={YORK}&page=2",
    "/api/v1/conditions/dystonia/counts?level=region&include=points",
    f"/api/v1/conditions/dystonia/counts?level=zone&under={LEEDS}",
    "/api/v1/conditions?q=dyst",
    "/api/v1/conditions?limit=2",
    "/api/v1/conditions/dystonia",
    "/api/v1/conditions/dystonia/family",
    "/api/v1/conditions/dystonia/statistics",
    "/api/v1/conditions/dystonia/releases",
    "/api/v1/areas?level=country&limit=3",
    "/api/v1/",
    "/api/v1/openapi.json",
    "/api",
    "/helplines",
    "/offline",
    "/service-worker.js",
    "/app/site/manifest.webmanifest",
    "/app/notes/icon-192.png",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemaps/1.xml",
    "/conditions/dystonia/feed.atom",
    PAGE,
    f"{PAGE}/answers",
    f"{PAGE}/answers?order=newest&role=self",
    "/conditions/dystonia/questions",
    "/conditions/dystonia/stories",
    "/questions?q=zebra",
    "/readyz",
    "/no-such-page",
)


FORMS = (f"/conditions/dystonia/join?area={LEEDS}", f"/conditions/dystonia/join?area={YORK}")
"""Pages with a form for visitors, which has a token and offers a pseudonym."""
DRAWN_BY_LOT = r'name="csrf_token"[^>]*>|name="pseudonym"[^>]*>'


@pytest.fixture(autouse=True, params=[True, False], ids=["finished", "made"])
def _finished_or_made(
    request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it holds for finished answers, and for those that Flask makes each time."""
    monkeypatch.setattr(emptied(app), "is_on", request.param)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def condition(
    session: Session,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Condition:
    make_condition("gout")
    made = make_condition("dystonia")
    for visibility in ("public", "members"):
        make_membership(made, LEEDS, member=make_member(), visibility=visibility)
    question_id = make_question(session, made)
    make_post(session, made, question_id)
    make_editorial(session, question_id)
    return made


def _answers(client: FlaskClient, hidden: Member) -> list[tuple[object, ...]]:
    theirs = f"/members/{hidden.public_id}/connect?condition=dystonia"
    got = [client.get(path) for path in (*PAGES, theirs)]
    forms = [client.get(path) for path in FORMS]
    return [(a.status_code, sorted(a.headers.items()), a.data) for a in got] + [
        (a.status_code, re.sub(DRAWN_BY_LOT, "", a.text)) for a in forms
    ]


@pytest.mark.both
def test_nothing_tells_of_a_hidden_member(
    app: Flask,
    client: FlaskClient,
    session: Session,
    settings: Settings,
    login: Callable[..., FlaskClient],
    condition: Condition,
    make_member: Callable[..., Member],
) -> None:
    reader = make_member()
    hidden = make_member(pseudonym="Hidden", languages=["fr"])
    wait_for_people(session, reader.id, condition.id, LEEDS)
    # What they wrote without their name reveals nothing about their place on a map. With it, it
    # says that they are on the map: the name belongs to their place there.
    make_post(session, condition, make_question(session, condition), member=hidden)
    make_post(session, condition, member=hidden, title="My second year")
    session.commit()
    signed_in = login(reader, on=app.test_client())
    signed_in.get("/places")  # the first page with a form is given the cookie of its token
    before = _answers(client, hidden), _answers(signed_in, hidden)

    def _place(area_id: int, role: str = "researcher") -> None:
        wanted = Placement(area_id, AREAS.version, "counted", role, "Quiet Heron")
        placing.place(Context(session, settings, AREAS, hidden.id), condition.id, wanted)

    def _leave() -> None:
        placing.remove(Context(session, settings), hidden.id, condition.id)

    def _give_decades() -> None:
        given = {"birth_decade": 1970, "birth_shown": True, "diagnosis_decade": 2010}
        mine = Membership.member_id == hidden.id
        session.execute(update(Membership).where(mine).values(given))
        announce_all(Context(session, settings, AREAS, hidden.id), hidden.id)

    acts = (lambda: _place(LEEDS), lambda: _place(YORK), lambda: _place(YORK, "self"))
    for act in (*acts, _give_decades, _leave):
        act()
        tell_news(session, settings)  # with the hidden one there would be three
        session.commit()
        assert (_answers(client, hidden), _answers(signed_in, hidden)) == before
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
        session.rollback()


@pytest.mark.both
def test_importing_hidden_members_changes_nothing(
    client: FlaskClient,
    session: Session,
    settings: Settings,
    condition: Condition,
    make_member: Callable[..., Member],
    tmp_path: Path,
) -> None:
    nobody = make_member()
    session.commit()
    tags = [client.get(path).headers.get("ETag") for path in PAGES]
    before = _answers(client, nobody)
    file = tmp_path / "people.csv"
    file.write_text("lat,lng,visibility\n53.8,-1.55,counted\n", encoding="utf-8")
    given = ImportFile(read_points(file), "people")
    done, refused = add_members(Context(session, settings), condition.slug, given, ImportRules())
    session.commit()
    assert (done.added, refused) == (1, None)
    assert [client.get(path).headers.get("ETag") for path in PAGES] == tags
    assert _answers(client, nobody) == before
