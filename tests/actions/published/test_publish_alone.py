"""One process publishes at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.published import publishing
from mapapp.actions.published.publishing import is_published, publish, publish_due
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from tests.places import zones_of

LATER = 1_795_953_600


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Hold the lock as another process does."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({publishing.PUBLISHING_LOCK})")
            yield
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({publishing.PUBLISHING_LOCK})")
        return
    beside = sqlite3.connect(f"{engine.url.database}.publishing", isolation_level=None)
    beside.execute("BEGIN EXCLUSIVE")
    yield
    beside.close()


@pytest.mark.both
def test_two_never_publish_at_once(
    engine: Engine,
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Any],
    make_membership: Callable[..., Any],
) -> None:
    make_membership(make_condition("dystonia"), zones_of("DE-BE")[0], due=0)
    session.commit()
    with held(engine):
        with pytest.raises(BadInputError, match="another process"):
            publish(engine, settings, LATER)
        assert not publish_due(engine, settings, LATER)
    assert not is_published(engine)
    assert publish_due(engine, settings, LATER)
    assert is_published(engine)
