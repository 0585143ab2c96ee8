"""What went wrong, as one line that says what to do next, and the code the program ends with."""

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mapapp.cli.tools import shell_language
from mapapp.errors import N_, DataError, MapappError, Words

BAD_INPUT, FAILED, STOPPED = 2, 1, 130
FILE = N_("%(file)s: %(reason)s.")
NO_NAME = N_("File")
SEE_HELP = N_("%(problem)s. See: %(command)s --help")
DATABASE = N_("The database refused: %(reason)s. Check MAPAPP_DATABASE_URL, then try again.")
DAMAGED = N_(
    "This file is damaged, or is no database (%(reason)s). Restore a backup, or name another file "
    "in MAPAPP_DATABASE_URL, then: mapapp init"
)
BUSY = N_("Another task is writing to the database. Wait until it is done, then try again.")
FULL = N_("There is no room left on the disk of the database. Make some, then try again.")
WORDS_OF_CODES = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_BUSY_SNAPSHOT": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "55P03": BUSY,  # of PostgreSQL: a lock is not available
    "40P01": BUSY,  # and two tasks wait for each other
    "53100": FULL,
}
NO_DATABASE = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})


def told(error: BaseException) -> int | None:
    """Say what an error means and return the program's code; None for one that nobody expected."""
    match error:
        case click.UsageError():
            return _say_help(error)
        case click.ClickException():
            return _end(error.format_message(), BAD_INPUT)
        case click.Abort() | KeyboardInterrupt():
            return _say(N_("Stopped. Nothing half-finished was kept."), STOPPED)
        case MapappError():
            code = FAILED if isinstance(error, DataError) else BAD_INPUT
            return _end(shell_language().explain(error), code)
        case OSError():
            return _say(FILE, FAILED, file=error.filename or NO_NAME, reason=error.strerror)
        case SQLAlchemyError():
            return _say(_words_for(error), FAILED, reason=_first_line(error))
    return None


def _say(message: Words, code: int, **values: object) -> int:
    return _end(shell_language().say(message, **values), code)


def _end(message: str, code: int) -> int:
    click.echo(f"mapapp: {' '.join(message.split())}", err=True)
    return code


def _say_help(error: click.UsageError) -> int:
    path = error.ctx.command_path if error.ctx else "mapapp"
    return _say(SEE_HELP, BAD_INPUT, problem=error.format_message().rstrip("."), command=path)


def _words_for(error: SQLAlchemyError) -> Words:
    if not isinstance(error, DBAPIError):
        return DATABASE
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return DAMAGED if code in NO_DATABASE else WORDS_OF_CODES.get(code or "", DATABASE)


def _first_line(error: SQLAlchemyError) -> str:
    # The statement and its values may hold what people wrote, so only the first line is shown.
    first = str(error.orig).splitlines()[0] if isinstance(error, DBAPIError) else str(error)
    return first.rstrip(".")
