"""How a command is declared, so that its help is shown before what it does is imported.

The files that declare commands import nothing but this and what is as light; what a command does
stands in another file, which is imported when the command is called.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mapapp.errors import N_
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp import settings
    from mapapp.cli import tools
else:
    settings, tools = OnFirstUse("mapapp.settings"), OnFirstUse("mapapp.cli.tools")

COMMAND_LINE = ParameterSource.COMMANDLINE
NOT_BOTH = N_("Give %(one)s or %(other)s, not both.")
FILE_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
                    tools.shell_language().say(NOT_BOTH, one=one, other=other), ctx=ctx
                )
        settings.load_settings()
        return super().invoke(ctx)

    def _shown(self, name: str) -> str:
        found = next(one for one in self.params if one.name == name)
        is_option = isinstance(found, click.Option)
        return found.opts[-1] if is_option else found.human_readable_name
