"""Decades of older sites: they are kept, and shown to nobody."""

import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.store.database import FOR_WRITING, make_engine
from mapapp.store.members import Membership
from mapapp.store.migrate import alembic_config, upgrade
from mapapp.store.published import ListingRow
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.old_sites import insert, upgrade_to


@pytest.fixture
def older(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Engine]:
    """A site of two members and two maps, from before decades belonged to a map."""
    engine = make_engine(databases.empty())
    upgrade_to(engine, "r0015")
    members = [
        {"id": n, "account_id": str(uuid.uuid4()), "session_handle": str(n), "source": ""}
        for n in (1, 2)
    ]
    members[0]["birth_decade"] = 1970
    about = {"group_key": "", "about": "", "edited": True, "listed": 0, "version": 0}
    maps = [{"id": n, "code": f"L:{n}", "slug": str(n), "name": str(n), **about} for n in (1, 2)]
    placed = {"pseudonym": "", "area_id": 1, "area_version": "a", "visibility": "map",
              "hidden_reasons": 0, "chosen_visibility": "", "role": "self", "month": "2026-11",
              "listing_order": 1}  # fmt: skip
    at = [
        {**placed, "condition_id": c, "member_id": m, "public_id": str(uuid.uuid4())}
        for c, m in ((1, 1), (2, 1), (1, 2))
    ]
    at[0]["diagnosis_decade"] = 2010
    insert(engine, {"member": members, "condition": maps, "membership": at})
    card = {key: at[0][key] for key in ("condition_id", "member_id", "public_id", "visibility",
            "area_id", "listing_order", "pseudonym", "role", "month")}  # fmt: skip
    card |= {"since": 1, "until": 2**31 - 1, "languages": "", "reasons": ""}
    no_wishes = dict.fromkeys(("not_now", "carers_only", "same_language"), False)
    insert(engine, {"listing": [{**card, **no_wishes}]})
    yield engine
    engine.dispose()


@pytest.mark.both
def test_an_upgrade_keeps_decades_and_shows_them_to_nobody(older: Engine) -> None:
    upgrade(older)
    with Session(older) as session:
        rows = session.scalars(
            select(Membership).order_by(Membership.member_id, Membership.condition_id)
        ).all()
        given = [(row.birth_decade, row.diagnosis_decade) for row in rows]
        assert given == [(1970, 2010), (1970, None), (None, None)]
        assert not any(row.birth_shown or row.diagnosis_shown for row in rows)
        card = session.execute(select(ListingRow.birth_decade, ListingRow.diagnosis_decade)).one()
        assert tuple(card) == (None, None)


@pytest.mark.both
def test_going_back_keeps_a_decade_of_birth(older: Engine) -> None:
    upgrade(older)
    with older.connect().execution_options(**FOR_WRITING) as connection, connection.begin():
        command.downgrade(alembic_config(connection), "r0015")
    with older.connect() as connection:
        born = connection.execute(text("SELECT birth_decade FROM member ORDER BY id")).scalars()
        assert list(born) == [1970, None]
