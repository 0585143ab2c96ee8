"""What several commands need: the site's database, and progress that stays quiet in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.errors import BadInputError
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.migrate import newest_step, step_of

Advance = Callable[[int], None]


class Command(click.Command):
    """A command that a wrong or unknown setting stops, even one that needs no setting."""

    def invoke(self, ctx: click.Context) -> Any:
        """Look at the settings, then do what the command does."""
        load_settings()
        return super().invoke(ctx)


def number_of(n: int, one: str, more: str = "") -> str:
    """Return ``1 row`` or ``2,000 rows``; ``more`` is the word for several if it is not ones."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


@contextmanager
def open_database() -> Iterator[tuple[Settings, Engine]]:
    """The settings of this process and the database they name."""
    settings = load_settings()
    engine = make_engine(settings.sqlalchemy_url)
    try:
        yield settings, engine
    finally:
        engine.dispose()


@contextmanager
def open_site(*, write: bool = True) -> Iterator[tuple[Settings, Session]]:
    """A session on a site that is ready; returning commits, raising rolls back.

    Raises:
        BadInputError: when ``mapapp init`` has not been called yet.
    """
    with open_database() as (settings, engine):
        check_tables(engine)
        with transaction(engine, write=write) as session:
            yield settings, session


def check_tables(engine: Engine) -> None:
    """Refuse a database that is not at this version's tables."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    step = ""
    if not file or Path(file).exists():  # looking would make an empty one
        with engine.connect() as connection:
            step = step_of(connection)
    if not step:
        raise BadInputError("This site has no database yet. Create it with: mapapp init")
    if step != newest_step():
        raise BadInputError("The database is of another version. Upgrade it with: mapapp init")


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Advance]:
    """A bar on the terminal's error channel; nothing at all where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn(words), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, advance=done)
