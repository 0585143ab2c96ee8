"""A site in two pseudo-languages, one left-to-right and one right-to-left."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import languages_catalogues as catalogues

from mapapp import paths
from mapapp.app import create_app
from mapapp.settings import load_settings
from mapapp.store.database import make_engine
from mapapp.web.core.request_session import db
from tests import factories
from tests.catalogues import compile_catalogue
from tests.conftest import SECRET
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.languages.pseudo import HEBREW, pseudo_catalogue
from tests.languages.world import Lived, live

LTR, RTL = "el", "ar"
"""Languages whose own names of months and countries have no Latin letters."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled catalogues of both languages."""
    made = tmp_path_factory.mktemp("translations")
    template = catalogues.extract()
    compile_catalogue(pseudo_catalogue(LTR, template), made)
    compile_catalogue(pseudo_catalogue(RTL, template, HEBREW), made)
    return made


@pytest.fixture(scope="module")
def foreign(
    databases: SqliteDatabases | PostgresDatabases,
    tmp_path_factory: pytest.TempPathFactory,
    folder: Path,
) -> Iterator[tuple[Flask, Lived]]:
    """The site, with people who live there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "TRANSLATIONS", folder)
        settings = load_settings(
            instance=tmp_path_factory.mktemp("instance"),
            database_url=databases.copy(),
            secret_key=SECRET,
            address_key=factories.ADDRESS_KEY,
            publish="live",
            languages=f"{LTR},{RTL}",
            site_name="Χάρτης",
        )
        engine = make_engine(settings.sqlalchemy_url)
        with Session(engine, expire_on_commit=False) as session:
            lived = live(session, settings)
        engine.dispose()
        app = create_app(settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app, lived
        with app.app_context():
            db.engine.dispose()
