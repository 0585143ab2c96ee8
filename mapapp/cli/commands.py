"""All commands in one group, and errors as one line with a next step."""

import sys
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mapapp import __version__
from mapapp.cli.content import content
from mapapp.cli.data import areas, counts, export, import_file, locate
from mapapp.cli.keys import addresses
from mapapp.cli.site import admin, demo, init, serve, worker
from mapapp.errors import DataError, MapappError

BAD_INPUT, FAILED, STOPPED = 2, 1, 130

HELP = """A community map for people who live with a medical condition.

\b
First steps
  mapapp init                   create the database
  mapapp demo                   fill it with invented people, to try things out
  mapapp serve                  open the site at http://127.0.0.1:8000
  mapapp admin you@example.org  become a member of staff

Settings are environment variables MAPAPP_… or lines of a .env file; docs/settings.md explains
them, docs/commands.md explains the commands.
"""


class Commands(click.Group):
    """Ends with 0 (done), 1 (could not), 2 (what was given cannot be used), and no traceback."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, standalone_mode: bool = True, **extra: Any
    ) -> None:
        """Run, and turn every foreseen error into one line."""
        if not standalone_mode:
            super().main(args, standalone_mode=False, **extra)
            return
        sys.exit(self._run(args, **extra))

    def _run(self, args: Sequence[str] | None, **extra: Any) -> int:
        try:
            return super().main(args, standalone_mode=False, **extra) or 0
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()  # the help, as it is laid out
            return BAD_INPUT
        except click.UsageError as error:
            return _say(_with_help(error), BAD_INPUT)
        except click.ClickException as error:
            return _say(error.format_message(), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            return _say("Stopped. Nothing half-done was kept.", STOPPED)
        except DataError as error:
            return _say(str(error), FAILED)
        except MapappError as error:
            return _say(str(error), BAD_INPUT)
        except BrokenPipeError:
            # Whoever read our output (head, less) has seen enough.
            sys.stderr.close()
            return 0
        except OSError as error:
            return _say(f"{error.filename or 'File'}: {error.strerror}.", FAILED)
        except SQLAlchemyError as error:
            return _say(_database_words(error), FAILED)


def _say(message: str, code: int) -> int:
    click.echo(f"mapapp: {' '.join(message.split())}", err=True)
    return code


def _with_help(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "mapapp"
    return f"{error.format_message().rstrip('.')}. See: {path} --help"


def _database_words(error: SQLAlchemyError) -> str:
    # The statement and its values may hold what people wrote; only the first line is shown.
    first = str(error.orig).splitlines()[0] if isinstance(error, DBAPIError) else str(error)
    return (
        f"The database refused: {first.rstrip('.')}. Check MAPAPP_DATABASE_URL, then: mapapp init"
    )


@click.group(
    cls=Commands,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="mapapp")
def mapapp() -> None:
    """All commands."""


for command in (init, demo, serve, worker, admin, locate, import_file, export, counts, areas):
    mapapp.add_command(command)
mapapp.add_command(addresses)
mapapp.add_command(content)


def main() -> None:
    """What the installed program calls."""
    mapapp(prog_name="mapapp")
