"""What the commands do that import the editors' answers from files, and export them."""

from pathlib import Path

import click

from mapapp.actions.core import audit
from mapapp.actions.knowledge.editorial_read import SHIPPED
from mapapp.actions.knowledge.editorial_transfer import Brought, export_content, import_content
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_site, say, shell_language
from mapapp.domain.knowledge.editorial_file import content_paths
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.errors import N_, Nn_

MOST_NAMED = 20
BROUGHT = Nn_(
    "%(n)s new answer, %(changed)s changed, %(same)s unchanged.",
    "%(n)s new answers, %(changed)s changed, %(same)s unchanged.",
)
NEW_TREATMENTS = Nn_("%(n)s treatment added.", "%(n)s treatments added.")
LEFT_AS_EDITED = Nn_(
    "%(n)s left alone, because it was changed or hidden here.",
    "%(n)s left alone, because they were changed or hidden here.",
)


def import_files(folder: Path | None, replace: bool) -> None:
    """Publish the answers in FOLDER: <condition>/<question>.md."""
    source, who = (folder, audit.SHELL) if folder else (CONTENT, SHIPPED)
    with (
        open_site() as (_settings, session),
        progress(N_("Importing"), len(content_paths(source))) as advance,
    ):
        done = import_content(session, source, who=who, may_replace=replace, advance=advance)
        audit.record(session, audit.SHELL, "content-import", new=done.new, changed=done.changed)
    click.echo(brought_words(done))
    for name in done.kept[:MOST_NAMED]:
        say(N_("left alone: %(name)s"), err=True, name=name)


def export_files(folder: Path) -> None:
    """Write every published answer to FOLDER, in the format that can be imported."""
    with open_site(write=False) as (_settings, session):
        written = export_content(session, folder)
    say(Nn_("%(n)s answer in %(folder)s", "%(n)s answers in %(folder)s"), n=written, folder=folder)


def brought_words(done: Brought) -> str:
    """Return what an import did, in words."""
    language = shell_language()
    words = [language.say(BROUGHT, n=done.new, changed=done.changed, same=done.same)]
    if done.treatments:
        words.append(language.say(NEW_TREATMENTS, n=done.treatments))
    if done.kept:
        words.append(language.say(LEFT_AS_EDITED, n=len(done.kept)))
    return " ".join(words)
