"""Commands that bring the editors' answers in from files, and write them out."""

from pathlib import Path

import click

from mapapp.actions import audit
from mapapp.actions.content import Brought, export_content, import_content
from mapapp.actions.editorial import SHIPPED
from mapapp.cli.tools import Command, number_of, open_site, progress
from mapapp.domain.content_files import content_paths
from mapapp.domain.questions import CONTENT

FOLDER = click.Path(file_okay=False, path_type=Path)
MOST_NAMED = 20


@click.group()
def content() -> None:
    """Bring the editors' answers in from files, or write them out."""


@content.command("import", cls=Command)
@click.argument("folder", type=FOLDER, required=False)
@click.option("--replace", is_flag=True, help="Also replace what was written here since.")
def import_files(folder: Path | None, replace: bool) -> None:
    """Publish the answers in FOLDER: <condition>/<question>.md.

    Without FOLDER those that ship with the program. What is published already in the same words
    stays, and so does what staff wrote. docs/content.md describes the files. If one file is wrong,
    nothing changes.
    """
    source, who = (folder, audit.SHELL) if folder else (CONTENT, SHIPPED)
    with (
        open_site() as (_settings, session),
        progress("Importing", len(content_paths(source))) as advance,
    ):
        done = import_content(session, source, who=who, may_replace=replace, advance=advance)
        audit.record(session, audit.SHELL, "content-import", new=done.new, changed=done.changed)
    click.echo(brought_words(done))
    for name in done.kept[:MOST_NAMED]:
        click.echo(f"left alone: {name}", err=True)


@content.command("export", cls=Command)
@click.argument("folder", type=FOLDER)
def export_files(folder: Path) -> None:
    """Write every published answer to FOLDER, in the form in which it can be imported."""
    with open_site(write=False) as (_settings, session):
        written = export_content(session, folder)
    click.echo(f"{number_of(written, 'answer')} in {folder}")


def brought_words(done: Brought) -> str:
    """Return what an import did."""
    words = (
        f"{number_of(done.new, 'answer')} new, {done.changed:,} changed, {done.same:,} as before."
    )
    if done.treatments:
        words += f" {number_of(done.treatments, 'treatment')} new in the lists."
    if done.kept:
        words += f" {len(done.kept):,} left alone, because they were changed or hidden here."
    return words
