"""Alerts of older sites: they wait for three people, and news of one become no news of three."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.store.database import make_engine
from mapapp.store.members import PeopleAlert
from mapapp.store.migrate import upgrade
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.old_sites import insert, upgrade_to


@pytest.fixture
def empty(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Engine]:
    """A database without tables."""
    engine = make_engine(databases.empty())
    yield engine
    engine.dispose()


@pytest.mark.both
def test_alerts_of_before_wait_for_three(empty: Engine) -> None:
    upgrade_to(empty, "r0010")
    member = {"id": 1, "account_id": str(uuid.uuid4()), "source": "", "session_handle": "handle"}
    condition = {"id": 1, "code": "LOCAL:1", "slug": "a", "name": "A", "group_key": "", "about": "",
                 "edited": True, "listed": 0, "version": 0}  # fmt: skip
    insert(empty, {"member": [member], "condition": [condition]})
    with Session(empty) as session:
        adding = text("INSERT INTO nearby_alert VALUES (1, 1, :area_id, :news)")
        rows = [(0, ""), (7, ""), (8, "mailed"), (9, "shown")]
        session.execute(adding, [{"area_id": area_id, "news": news} for area_id, news in rows])
        session.commit()
    upgrade(empty)
    with Session(empty) as session:
        alerts = session.scalars(select(PeopleAlert).order_by(PeopleAlert.area_id)).all()
        found = [(one.kind, one.area_id, one.people, one.by_mail, one.news) for one in alerts]
    assert found == [
        ("area", 0, 3, True, ""),
        ("near", 7, 3, True, ""),
        # Their one person has been told of, by the one mail that was promised.
        ("near", 8, 3, False, ""),
        ("near", 9, 3, False, ""),
    ]
