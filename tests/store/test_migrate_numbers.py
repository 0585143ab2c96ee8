"""Numbers of older sites: the site's totals are summed, and countries come with a publication."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.actions.published.number_check import check_published
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.packed import pack, placed_of
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine
from mapapp.store.migrate import upgrade
from mapapp.store.published import SiteMonthEnd
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.old_sites import insert, upgrade_to


@pytest.fixture
def older(databases: SqliteDatabases | PostgresDatabases) -> Iterator[Engine]:
    """A site of three maps, one of them hidden, with the ends of two months."""
    engine = make_engine(databases.empty())
    upgrade_to(engine, "r0018")
    about = {"group_key": "", "about": "", "edited": True, "version": 3}
    maps = [
        {"id": n, "code": f"L:{n}", "slug": str(n), "name": str(n), **about, "listed": listed}
        for n, listed in ((1, 5), (2, 0), (3, 2))
    ]
    places = [load_areas().by_code(code).id for code in ("DE", "FR")]
    numbers = {
        1: pack(placed_of([(places[0], "map", 3), (places[1], "public", 2)])),
        3: pack(placed_of([(places[0], "map", 2)])),
    }
    insert(
        engine,
        {
            "condition": maps,
            "area_numbers": [
                {"condition_id": n, "publication": 1, "numbers": packed}
                for n, packed in numbers.items()
            ],
            "month_end": [
                {"condition_id": n, "month": month, "listed": listed}
                for n, month, listed in ((1, "2026-09", 4), (1, "2026-10", 5), (3, "2026-10", 2))
            ],
            "condition_number": [
                {"condition_id": 1, "key": key, "visibility": "map", "n": 3}
                for key in ("month:2026-09", "role:self")
            ],
            "site_fact": [{"key": "publication", "value": "1"}],
        },
    )
    with engine.begin() as connection:
        connection.execute(text("UPDATE condition SET shown = false WHERE id = 3"))
    yield engine
    engine.dispose()


@pytest.mark.both
def test_an_upgrade_sums_the_ends_of_months_and_counts_countries(
    older: Engine, settings: Settings
) -> None:
    upgrade(older)
    with Session(older) as session:
        ends = select(SiteMonthEnd.month, SiteMonthEnd.listed, SiteMonthEnd.conditions)
        rows = session.execute(ends.order_by(SiteMonthEnd.month))
        assert [tuple(row) for row in rows] == [("2026-09", 4, 1), ("2026-10", 5, 1)]
        keys = session.execute(text("SELECT key FROM condition_number")).scalars()
        assert list(keys) == ["role:self"]
        apart = check_published(session).numbers
        assert not [one for one in apart if one.area_id is None]  # what waits is no fault
    publish(older, settings, int(datetime(2026, 11, 2, tzinfo=UTC).timestamp()))
    with Session(older) as session:
        known = select(Condition.listed, Condition.countries, Condition.version)
        rows = session.execute(known.order_by(Condition.id))
        assert [tuple(row) for row in rows] == [(5, 2, 3), (0, 0, 3), (2, 1, 3)]
