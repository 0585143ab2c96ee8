"""The group of all commands; nothing that they do is imported before it is called."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mapapp import __version__
from mapapp.cli.data_commands import (
    areas,
    bench_site,
    content,
    counts,
    export,
    import_members,
    locate,
    publish_command,
)
from mapapp.cli.release_commands import release
from mapapp.cli.site_commands import addresses, admin, demo, init, serve, worker
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.cli import ends
else:
    ends = OnFirstUse("mapapp.cli.ends")

NO_COMMAND = 2

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
            return NO_COMMAND
        except BrokenPipeError:
            # The program that reads our output (head, less) has closed the pipe.
            sys.stderr.close()
            return 0
        except (Exception, KeyboardInterrupt) as error:
            code = ends.told(error)
            if code is None:
                raise
            return code


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
    import_members,
    publish_command,
    export,
    counts,
    release,
    areas,
    bench_site,
):
    mapapp.add_command(command)
mapapp.add_command(addresses)
mapapp.add_command(content)


def main() -> None:
    """Run the command; the installed program's entry point."""
    mapapp(prog_name="mapapp")
