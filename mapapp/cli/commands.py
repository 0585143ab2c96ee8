"""The group of all commands, and errors as one line that says what to do next."""

import sys
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mapapp import __version__
from mapapp.cli.bench import bench_site
from mapapp.cli.content import content
from mapapp.cli.data import areas, export, locate
from mapapp.cli.imports import import_file
from mapapp.cli.keys import addresses
from mapapp.cli.publish import counts, publish_command
from mapapp.cli.site import admin, demo, init, serve, worker
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

HELP = """A community map for people who live with a medical condition.

\b
First steps
  mapapp init                   create the database
  mapapp demo                   add invented people, to try things out
  mapapp serve                  open the site at http://127.0.0.1:8000
  mapapp admin you@example.org  become a member of staff

Settings are environment variables MAPAPP_… or lines of a .env file; docs/settings.md explains
them, docs/commands.md explains the commands.
"""


class Commands(click.Group):
    """Exits with 0 (done), 1 (failed) or 2 (unusable input), never with a traceback."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, standalone_mode: bool = True, **extra: Any
    ) -> None:
        """Run a command, show an expected error as one line, and exit."""
        if not standalone_mode:
            super().main(args, standalone_mode=False, **extra)
            return
        sys.exit(self._run(args, **extra))

    def _run(self, args: Sequence[str] | None, **extra: Any) -> int:
        try:
            return super().main(args, standalone_mode=False, **extra) or 0
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()  # the help, with its layout
            return BAD_INPUT
        except click.UsageError as error:
            return _say_help(error)
        except click.ClickException as error:
            return _end(error.format_message(), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            return _say(N_("Stopped. Nothing half-finished was kept."), STOPPED)
        except DataError as error:
            return _end(shell_language().explain(error), FAILED)
        except MapappError as error:
            return _end(shell_language().explain(error), BAD_INPUT)
        except BrokenPipeError:
            # The program that reads our output (head, less) has closed the pipe.
            sys.stderr.close()
            return 0
        except OSError as error:
            return _say(FILE, FAILED, file=error.filename or NO_NAME, reason=error.strerror)
        except SQLAlchemyError as error:
            return _say(_words_for(error), FAILED, reason=_first_line(error))


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


@click.group(
    cls=Commands,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="mapapp")
def mapapp() -> None:
    """All commands."""


for command in (
    init,
    demo,
    serve,
    worker,
    admin,
    locate,
    import_file,
    publish_command,
    export,
    counts,
    areas,
    bench_site,
):
    mapapp.add_command(command)
mapapp.add_command(addresses)
mapapp.add_command(content)


def main() -> None:
    """Run the command; the installed program's entry point."""
    mapapp(prog_name="mapapp")
