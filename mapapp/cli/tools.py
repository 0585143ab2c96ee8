"""What several commands share: settings, the database and messages."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from babel import default_locale
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.domain.core.translations import ENGLISH, Language, language_of
from mapapp.errors import BadInputError, Words
from mapapp.paths import catalogue_of
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.steps import NOT_MADE, check_tables


def shell_language() -> Language:
    """Return the terminal's language, or English where there is no catalogue for it."""
    tag = default_locale("LC_MESSAGES") or ""
    return language_of(tag) if catalogue_of(tag) else ENGLISH


def say(message: Words, /, *, err: bool = False, **values: object) -> None:
    """Print a message with its values, in the terminal's language."""
    click.echo(shell_language().say(message, **values), err=err)


@contextmanager
def open_database() -> Iterator[tuple[Settings, Engine]]:
    """Yield the settings of this process and an engine for their database."""
    settings = load_settings()
    engine = make_engine(settings.sqlalchemy_url)
    try:
        yield settings, engine
    finally:
        engine.dispose()


@contextmanager
def open_site(*, write: bool = True) -> Iterator[tuple[Settings, Session]]:
    """Yield the settings and a session; returning commits, raising rolls back.

    Raises:
        BadInputError: when the database is missing, or its tables are not this version's.
    """
    with open_database() as (settings, engine):
        _check_database(engine)
        with transaction(engine, write=write) as session:
            yield settings, session


def leave_no_core() -> None:
    """Let this process and its children leave no copy of their memory where they crash.

    It would hold what people were just sending, and the site's keys.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _check_database(engine: Engine) -> None:
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():  # connecting would create an empty file
        raise BadInputError(NOT_MADE)
    with engine.connect() as connection:
        check_tables(connection)
