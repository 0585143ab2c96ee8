"""What several commands share: settings, the database, messages and a progress bar."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from babel import default_locale
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.domain.core.translations import ENGLISH, Language, language_of
from mapapp.errors import N_, BadInputError, Words
from mapapp.paths import catalogue_of
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.steps import NOT_MADE, check_tables

Advance = Callable[[int], None]
COMMAND_LINE = ParameterSource.COMMANDLINE
NOT_BOTH = N_("Give %(one)s or %(other)s, not both.")


class Command(click.Command):
    """A command that any wrong or unknown setting stops, even if it needs no settings.

    Attributes:
        apart: names of parameters of which only one may be given, because the other would
            contradict it, or be dropped without a word.
    """

    def __init__(self, *arguments: Any, apart: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.apart = tuple(apart)

    def invoke(self, ctx: click.Context) -> Any:
        """Check what was given and the settings, then run the command."""
        for names in self.apart:
            if all(ctx.get_parameter_source(name) == COMMAND_LINE for name in names):
                one, other = (self._shown(name) for name in names)
                raise click.UsageError(
                    shell_language().say(NOT_BOTH, one=one, other=other), ctx=ctx
                )
        load_settings()
        return super().invoke(ctx)

    def _shown(self, name: str) -> str:
        found = next(one for one in self.params if one.name == name)
        is_option = isinstance(found, click.Option)
        return found.opts[-1] if is_option else found.human_readable_name


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


def _check_database(engine: Engine) -> None:
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():  # connecting would create an empty file
        raise BadInputError(NOT_MADE)
    with engine.connect() as connection:
        check_tables(connection)


@contextmanager
def progress(words: Words, total: int | None = None) -> Iterator[Advance]:
    """Show a progress bar on standard error if that is a terminal; yield its advance function."""
    console = Console(stderr=True)
    columns = (
        TextColumn(shell_language().say(words)),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, advance=done)
