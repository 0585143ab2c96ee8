"""A small world for pages to show, its twin, and a count of the queries a page takes."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from mapapp.web.core.request_session import db
from tests import factories
from tests.places import zone_at_band, zones_of

HERE = "DE-BE"
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE")


def fill(session: Session) -> Any:
    """Make dystonia with a public person, a member and a distant person; return the condition."""
    condition = factories.make_condition(session, "dystonia", name="Dystonia")
    here = zones_of(HERE)[0]
    with factories.published_together(session):
        for name, area, visibility in (
            ("Public Person", here, "public"),
            ("Members Person", here, "members"),
            ("Far Person", zone_at_band(here, 3), "public"),
        ):
            who = factories.make_member(session, pseudonym=name, languages=["de"])
            factories.make_membership(session, condition, area, member=who, visibility=visibility)
        factories.make_noise(session, here)
    session.commit()
    return condition


def hide_somebody(session: Session, condition: Any) -> None:
    """Make the twin world: the same, but for one member who is only counted."""
    member = factories.make_member(session, pseudonym="Hidden Person", languages=["fr"])
    here = zones_of(HERE)[0]
    factories.make_membership(
        session, condition, here, member=member, visibility="counted", role="researcher"
    )
    session.commit()


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Give the list of statements that reach the database."""
    statements: list[str] = []

    def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(WORK):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", _note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", _note)


def whole_answer(client: Any, path: str) -> tuple[int, Any, bytes]:
    """Return everything that an outsider can compare."""
    response = client.get(path)
    headers = sorted((name, value) for name, value in response.headers if name != "Date")
    return response.status_code, headers, response.data


def embedded(page: str, name: str) -> Any:
    """Return what a page gives its scripts as JSON under a name."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])
