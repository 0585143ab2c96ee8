"""A progress bar for what takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from mapapp.cli.tools import shell_language
from mapapp.errors import Words

Advance = Callable[[int], None]


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
