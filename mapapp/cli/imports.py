"""The command that imports members from a file, and takes an import out again."""

from pathlib import Path

import click

from mapapp.actions.core.context import Context
from mapapp.actions.operations.import_members import Imported, ImportFile, ImportRules, add_members
from mapapp.actions.operations.import_store import undo_import
from mapapp.actions.operations.site_setup import check_site
from mapapp.cli.point_rows import advancing, show_bad, show_note
from mapapp.cli.tools import Command, open_site, progress, say, shell_language
from mapapp.domain.areas.point_files import BadRow, read_points
from mapapp.errors import N_, BadInputError, Nn_

FILE_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
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
PEOPLE_REMOVED = Nn_(
    "%(n)s person is not in the file any more, and is taken out.",
    "%(n)s people are not in the file any more, and are taken out.",
)
PEOPLE_MISSING = Nn_(
    "%(n)s person of the earlier import is not in the file, and stays.",
    "%(n)s people of the earlier import are not in the file, and stay.",
)
PEOPLE_ELSEWHERE = Nn_(
    "%(n)s person of this condition is there from other imports; %(same)s new rows say the same "
    "as one of them.",
    "%(n)s people of this condition are there from other imports; %(same)s new rows say the same "
    "as one of them.",
)
TO_UNDO = N_("To take this import out again: mapapp import --undo “%(name)s”")
IMPORT_UNDONE = Nn_(
    "%(n)s person of “%(name)s” taken out.", "%(n)s people of “%(name)s” taken out."
)
ONE_OF_BOTH = N_("Give FILE and --condition, or --undo with the name of an import.")


@click.command("import", cls=Command)
@click.argument("path", metavar="FILE", type=FILE_THERE, required=False)
@click.option("--condition", "slug", default="", metavar="SLUG", help="Which condition.")
@click.option("--name", default="", help="What the import is called; the file's name by default.")
@click.option("--check", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--strict", is_flag=True, help="Import nobody if any row is refused.")
@click.option("--add", is_flag=True, help="New rows are other people than those of other imports.")
@click.option("--replace", is_flag=True, help="Bring the import of this name in line with FILE.")
@click.option("--undo", default="", metavar="NAME", help="Take the import of this name out.")
def import_file(path: Path | None, slug: str, name: str, undo: str, **rules: bool) -> None:
    """Import members from FILE, a .csv or .geojson from another map.

    Columns: lat and lng, or town, region and country (two letters); optionally id, pseudonym, role,
    visibility and languages. Coordinates are turned into zones and not kept. Refused rows are
    listed with their line and the reason. Rows without a visibility are shown to members only.

    A file can be corrected and imported again under the same name: rows that are there already are
    left as they are. Start with --check.
    """
    if undo and path is None:
        _undo(undo, slug)
    elif path is not None and slug and not undo:
        if path.suffix.lower() not in FILE_ENDINGS:
            raise BadInputError(
                N_("%(file)s: the file must end in .csv or .geojson."), file=path.name
            )
        _import(path, slug, _checked_name(name or path.name), ImportRules(**rules))
    else:
        raise click.UsageError(shell_language().say(ONE_OF_BOTH))


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
        with progress(N_("Importing"), path.stat().st_size) as advance:
            file = ImportFile(advancing(read_points(path), advance), name)
            done, why = add_members(Context(session, settings), slug, file, rules, _Shown().show)
        _say_done(done, rules)
        if why is not None:
            raise why
        if not done.imported and not done.unchanged:
            raise BadInputError(N_("No row could be imported."))
    if not rules.check:
        say(TO_UNDO, name=name)


class _Shown:
    """How many refused rows were listed."""

    number = 0

    def show(self, row: BadRow) -> None:
        """List one more."""
        self.number += 1
        show_bad(row, self.number)


def _undo(name: str, slug: str) -> None:
    with open_site() as (settings, session), progress(N_("Taking out")) as advance:
        gone = undo_import(Context(session, settings), name, slug, advance)
    say(IMPORT_UNDONE, n=gone, name=name)


def _say_done(done: Imported, rules: ImportRules) -> None:
    show_note(done.note)
    say(
        ROWS_CHECKED if rules.check else ROWS_READ,
        read=done.read,
        imported=done.imported,
        unchanged=done.unchanged,
        refused=done.bad,
    )
    for words, number in (
        (ROWS_REPLACED, done.changed),
        (PEOPLE_REMOVED, done.removed),
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
        say(N_("Columns not used: %(columns)s"), columns=", ".join(sorted(done.ignored_columns)))
