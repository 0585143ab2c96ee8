"""What the command does that imports members from a file, and takes an import out again."""

import gc
import shlex
from pathlib import Path

import click

from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_members import ImportFile, add_members
from mapapp.actions.operations.import_run import Imported, ImportRules
from mapapp.actions.operations.import_undo import people_of_import, undo_import
from mapapp.actions.operations.site_setup import check_site
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.cli.point_rows import advancing, show_bad, show_note
from mapapp.cli.progress import progress
from mapapp.cli.publish import run_publication
from mapapp.cli.tools import open_database, open_site, say, shell_language
from mapapp.domain.areas.place_cells import similar_columns
from mapapp.domain.areas.point_files import BadRow, read_points
from mapapp.domain.core.text_files import refuse_other_kinds
from mapapp.errors import N_, BadInputError, Nn_

FILE_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".geojson", ".json"})
LONGEST_IMPORT_NAME = 120
MOST_COUNTRIES = 10
ROWS_READ = N_(
    "%(read)s read = %(imported)s imported + %(unchanged)s unchanged + %(refused)s refused."
)
ROWS_CHECKED = N_(
    "%(read)s read = %(imported)s to be imported + %(unchanged)s unchanged + %(refused)s refused. "
    "Nothing was written."
)
ROWS_REPLACED = Nn_(
    "%(n)s of the imported rows replaces what was there.",
    "%(n)s of the imported rows replace what was there.",
)
ROWS_TO_REPLACE = Nn_(
    "%(n)s of these rows would replace what is there.",
    "%(n)s of these rows would replace what is there.",
)
PEOPLE_REMOVED = Nn_(
    "%(n)s person is not in the file any more, and was taken out.",
    "%(n)s people are not in the file any more, and were taken out.",
)
PEOPLE_TO_REMOVE = Nn_(
    "%(n)s person is not in the file any more, and would be taken out.",
    "%(n)s people are not in the file any more, and would be taken out.",
)
PEOPLE_MISSING = Nn_(
    "%(n)s person of the earlier import is not in the file, and stays.",
    "%(n)s people of the earlier import are not in the file, and stay.",
)
PEOPLE_ELSEWHERE = Nn_(
    "%(n)s person of this condition is there from other imports. New rows that say the same as one "
    "of them: %(same)s.",
    "%(n)s people of this condition are there from other imports. New rows that say the same as "
    "one of them: %(same)s.",
)
TO_UNDO = N_("To take this import out again: %(command)s")
IMPORT_UNDONE = Nn_(
    "%(n)s person of “%(name)s” taken out.", "%(n)s people of “%(name)s” taken out."
)
IMPORT_TO_UNDO = Nn_(
    "%(n)s person of “%(name)s” would be taken out. Nothing was written.",
    "%(n)s people of “%(name)s” would be taken out. Nothing was written.",
)
UNUSED = Nn_("%(n)s column is not used.", "%(n)s columns are not used.")
SPELT = Nn_(
    "%(n)s column is not used. Check how it is spelt: it looks like %(names)s.",
    "%(n)s columns are not used. Check how they are spelt: some look like %(names)s.",
)
SHOWN_LATER = N_("The map shows it from the next publication on. To show it now: mapapp publish")
ONE_OF_BOTH = N_("Give FILE and --condition, or --undo with the name of an import.")


def import_file(
    path: Path | None, slug: str, name: str, undo: str, *, publish: bool, **rules: bool
) -> None:
    """Import members from FILE, a .csv or .geojson from another map."""
    if undo:
        _undo(" ".join(undo.split()), slug, write=not rules["check"])
        is_written = not rules["check"]
    elif path is not None and slug:
        refuse_other_kinds(path)
        if path.suffix.lower() not in FILE_ENDINGS:
            raise BadInputError(
                N_("%(file)s: the file must end in .csv or .geojson."), file=path.name
            )
        _import(path, slug, _checked_name(name or path.name), ImportRules(**rules))
        is_written = not rules["check"]
    else:
        raise click.UsageError(shell_language().say(ONE_OF_BOTH))
    if is_written:
        _show(at_once=publish)


def _show(*, at_once: bool) -> None:
    """Publish what was imported, or say when it will be."""
    with open_database() as (settings, engine):
        if at_once or settings.schedule.is_live:
            run_publication(engine, settings, WITH_THE_NEXT)
        else:
            say(SHOWN_LATER)


def _checked_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy.isprintable() or not 0 < len(tidy) <= LONGEST_IMPORT_NAME:
        raise BadInputError(
            N_("Give the import a --name of 1 to %(most)s printable characters."),
            most=LONGEST_IMPORT_NAME,
        )
    return tidy


def _import(path: Path, slug: str, name: str, rules: ImportRules) -> None:
    with open_site(write=not rules.check) as (settings, session):
        check_site(session)
        gc.freeze()  # what is loaded stays; only what the parts of the file leave is collected
        with progress(N_("Importing"), path.stat().st_size) as advance:
            file = ImportFile(advancing(read_points(path), advance), name)
            done, why = add_members(Context(session, settings), slug, file, rules, _Shown().show)
        if why is None and not done.imported and not done.unchanged:
            why = BadInputError(N_("No row could be imported."))
        if why is not None:
            _say_done(done, is_written=False)
            raise why
    # Only now is it certain: a full disk can refuse what was to be written up to the last moment.
    _say_done(done, is_written=not rules.check)
    if not rules.check:
        command = f"mapapp import --undo {shlex.quote(name)} --condition {shlex.quote(slug)}"
        say(TO_UNDO, command=command)


class _Shown:
    """How many refused rows were listed."""

    number = 0

    def show(self, row: BadRow) -> None:
        """List one more."""
        self.number += 1
        show_bad(row, self.number)


def _undo(name: str, slug: str, *, write: bool) -> None:
    with open_site(write=write) as (settings, session):
        if not write:
            there = people_of_import(session, name, slug)
            say(IMPORT_TO_UNDO, n=there, name=name)
            return
        with progress(N_("Taking out")) as advance:
            gone = undo_import(Context(session, settings), name, slug, advance)
    say(IMPORT_UNDONE, n=gone, name=name)


def _say_done(done: Imported, *, is_written: bool) -> None:
    show_note(done.note)
    say(
        ROWS_READ if is_written else ROWS_CHECKED,
        read=done.read,
        imported=done.imported,
        unchanged=done.unchanged,
        refused=done.bad,
    )
    for words, number in (
        (ROWS_REPLACED if is_written else ROWS_TO_REPLACE, done.changed),
        (PEOPLE_REMOVED if is_written else PEOPLE_TO_REMOVE, done.removed),
        (PEOPLE_MISSING, done.missing),
    ):
        if number:
            say(words, n=number)
    people, same = done.elsewhere
    if people:
        say(PEOPLE_ELSEWHERE, n=people, same=same)
    if done.imported:
        countries = [f"{code} {n:,}" for code, n in done.countries.most_common(MOST_COUNTRIES)]
        say(N_("Countries: %(numbers)s"), numbers=", ".join(countries))
        seen = [f"{name} {n:,}" for name, n in sorted(done.by_visibility.items())]
        say(N_("Visibility: %(numbers)s"), numbers=", ".join(seen))
    if done.ignored_columns:
        similar = ", ".join(similar_columns(done.ignored_columns))
        say(SPELT if similar else UNUSED, n=len(done.ignored_columns), names=similar)
