"""A site on which everything happened once, and all its pages as everyone sees them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.settings import load_settings
from mapapp.store.database import make_engine
from mapapp.web.core.request_session import db
from tests.conftest import ALWAYS
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.languages.walking import STARTS, Walker
from tests.languages.world import Lived, live
from tests.signed_in import sign_in


@pytest.fixture(scope="module")
def lived_in(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Lived]]:
    """The site, with people who live there."""
    instance = tmp_path_factory.mktemp("instance")
    settings = load_settings(instance=instance, database_url=databases.copy(), **ALWAYS)
    engine = make_engine(settings.sqlalchemy_url)
    with Session(engine, expire_on_commit=False) as session:
        lived = live(session, settings)
    engine.dispose()
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app, lived
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def walkers(lived_in: tuple[Flask, Lived]) -> list[Walker]:
    """A visitor, a member who is an admin, a member, and a moderator, who saw every page."""
    app, lived = lived_in
    found = [Walker(app, app.test_client())]
    for name, member in lived.members.items():
        found.append(Walker(app, app.test_client(), name))
        sign_in(found[-1].client, member.id, member.session_handle)
    for walker in found:
        walker.walk((*STARTS, *lived.paths))
    for walker in found:
        walker.send_forms()
    return found
