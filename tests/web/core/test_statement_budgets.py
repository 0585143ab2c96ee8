"""How many statements a page needs, and how many rows each brings, with many people on the map."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER
from mapapp.domain.core.dates import this_month
from mapapp.store.members import Member
from tests.places import zone_at_band
from tests.plans import Asked, every_one_taken_down
from tests.worlds import HERE, fill, zones_of

PEOPLE = 60
A_PAGE = 20
WRITES = ("INSERT", "UPDATE", "DELETE")
ZONE = zones_of(HERE)[0]
COUNTRY = HERE[:2]
NAMELESS = {
    "/": (4, 8),
    "/conditions/dystonia": (9, 14),
    "/conditions/dystonia/map": (4, 9),
    "/conditions/dystonia/share": (2, 6),
    "/conditions/dystonia/statistics": (10, 15),
    f"/conditions/dystonia/statistics/{COUNTRY}": (9, 14),
    "/conditions/dystonia/compare/a-condition-nobody-asked-about": (7, 12),
    "/conditions/dystonia/card.png": (3, 3),
    "/conditions/dystonia/poster.pdf": (4, 4),  # and the day of its numbers
    "/card.png": (3, 3),
    "/embed/conditions/dystonia": (3, 4),
    "/conditions/cervical-dystonia": (6, 12),  # a map that nobody joined, and its family
}
NAMING = {
    "/conditions/dystonia/areas/world": (8, 18),
    f"/conditions/dystonia/areas/{HERE}": (7, 17),
    f"/conditions/dystonia/areas/{load_areas().code[ZONE]}/people.json": (6, 13),
    f"/conditions/dystonia/nearby?area={ZONE}": (10, 22),
}
"""Statements for a visitor and for a member, where two of them note who was shown today."""


@pytest.fixture
def readers(
    app: Flask,
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Any],
    make_membership: Callable[..., Any],
) -> tuple[FlaskClient, FlaskClient]:
    """A visitor and a member, and a map with more people in each list than a page shows."""
    condition = fill(session)
    for number in range(PEOPLE):
        who: Member = make_member(pseudonym=f"Heron {number}", languages=["de"])
        # New on the map, so that advisers are looked for.
        given = {"visibility": "public", "month": this_month()}
        make_membership(condition, ZONE, member=who, **given)
    return client, login(who, on=app.test_client())


@pytest.mark.parametrize("path", [*NAMELESS, *NAMING])
def test_a_page_asks_little_and_fetches_what_it_shows(
    readers: tuple[FlaskClient, FlaskClient], engine: Engine, path: str
) -> None:
    budgets = (NAMELESS | NAMING)[path]
    for reader, most in zip(readers, budgets, strict=True):
        asked = _asked(reader, path)
        assert len(asked) <= most, "\n".join(one.words for one in asked)
        rows = {one.words: _rows_of(engine, one) for one in asked}
        assert {words: n for words, n in rows.items() if n > A_PAGE + 1} == {}


@pytest.mark.parametrize("path", [*NAMELESS, *NAMING])
def test_reading_writes_the_note_of_who_was_shown_alone_and_once(
    readers: tuple[FlaskClient, FlaskClient], path: str
) -> None:
    for reader in readers:
        notes = _writes(_asked(reader, path))
        assert notes == ({"INSERT INTO reading": 1} if path in NAMING else {})
        assert _writes(_asked(reader, path)) == {}


@pytest.mark.parametrize("path", NAMELESS)
def test_a_finished_answer_asks_nothing(
    readers: tuple[FlaskClient, FlaskClient], path: str
) -> None:
    visitor, _member = readers
    assert _asked(visitor, path) != []
    assert _asked(visitor, path) == []


def _asked(reader: FlaskClient, path: str) -> list[Asked]:
    with every_one_taken_down() as found:
        assert reader.get(path).status_code == 200
    return found


def _writes(asked: list[Asked]) -> dict[str, int]:
    words = (one.words.split() for one in asked if one.words.startswith(WRITES))
    notes = Counter(" ".join(word[:3]) for word in words)
    # Each search for people nearby is counted, which limits them (privacy rule 6).
    return {note: n for note, n in notes.items() if "quota" not in note}


def _rows_of(engine: Engine, asked: Asked) -> int:
    if asked.words.startswith(WRITES):
        return 0
    with engine.connect() as connection:
        return len(connection.exec_driver_sql(asked.words, asked.values).all())


def test_few_people_in_many_bands_are_read_at_once(
    app: Flask,
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Any],
    make_membership: Callable[..., Any],
) -> None:
    condition = fill(session)
    for band in range(2, FARTHER + 1):
        who: Member = make_member(languages=["de"])
        make_membership(condition, zone_at_band(ZONE, band), member=who, visibility="public")
    path = f"/conditions/dystonia/nearby?area={ZONE}"
    for reader, most in ((client, 10), (login(who, on=app.test_client()), 22)):
        asked = _asked(reader, path)
        assert len(asked) <= most, "\n".join(one.words for one in asked)
        for choice in ("&role=self", "&language=de&language=fr"):
            assert len(_asked(reader, path + choice)) <= most + 1
        assert reader.get(path).text.count('class="person"') > FARTHER - 2
