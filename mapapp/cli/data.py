"""What the commands do that locate points, export statistics and check the area table."""

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import click

from mapapp.actions.core.audit import SHELL, By
from mapapp.actions.statistics.export_asked import ask_for, make_now
from mapapp.actions.statistics.export_kept import stored_file
from mapapp.actions.statistics.export_request import Request
from mapapp.cli.point_rows import advancing, show_bad, show_note
from mapapp.cli.progress import progress
from mapapp.cli.tools import open_database, open_site, say, shell_language
from mapapp.domain.areas.area_check import verify_areas
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, REGION, load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.place_cells import checked_latlng
from mapapp.domain.areas.point_files import BadRow, read_points
from mapapp.domain.statistics.inert_cells import write_csv
from mapapp.errors import N_, NO_WORDS, BadInputError, DataError, Nn_
from mapapp.store.database import transaction
from mapapp.whole_files import put_files

HEADER = ("id", "level", "code", "country", "region", "name")
LAT_LNG = N_("Give LAT and LNG, or --file with a CSV file")
NO_REASON = "No reason given (command line)."  # for the audit log, which staff read
NO_FILE = N_("Give the name of a file, such as %(example)s. %(file)s is none.")


def locate(lat: str | None, lng: str | None, path: Path | None) -> None:
    """Print the zone that contains a point, without storing anything."""
    if path is not None and lat is None:
        _locate_file(path)
    elif path is None and lat is not None and lng is not None:
        _print_rows(HEADER, _zone_row(latlng_to_zone(*checked_latlng(lat, lng))))
    else:
        raise click.UsageError(shell_language().say(LAT_LNG))


def _locate_file(path: Path) -> None:
    _print_rows(HEADER)
    bad, note = 0, NO_WORDS
    with progress(N_("Locating"), path.stat().st_size) as advance:
        for part in advancing(read_points(path), advance):
            note = part.note
            for row in part.in_order():
                if isinstance(row, BadRow):
                    bad += 1
                    _print_rows([""] * len(HEADER))
                    show_bad(row, bad)
                else:
                    _print_rows(_zone_row(row[1]))
    show_note(note)
    if bad:
        raise BadInputError(Nn_("%(n)s row has no zone.", "%(n)s rows have no zone."), n=bad)


def _print_rows(*rows: Iterable[object]) -> None:
    write_csv(sys.stdout, rows, line_end="\n")


@cache
def _zone_row(zone: int) -> tuple[object, ...]:
    table = load_areas()
    area = table.get(zone)
    codes = {int(table.level[above]): str(table.code[above]) for above in table.ancestors(zone)}
    return zone, LEVELS[area.level], area.code, codes[COUNTRY], codes.get(REGION, ""), area.name


def export(output: Path, reason: str, **asked: Any) -> None:
    """Write statistics to FILE, and their codebook to FILE.codebook.md.

    Args:
        asked: the values of a ``Request``.
    """
    wanted = Request(**asked)
    words = output.with_name(f"{output.name}.codebook.md")
    _check_targets(output, words, example=f"numbers.{wanted.file_format}")
    if not output.parent.is_dir():
        raise BadInputError(
            N_("There is no folder %(folder)s. Create it first."), folder=output.parent
        )
    with open_site() as (_settings, session):
        key = ask_for(session, wanted, By(SHELL, reason.strip() or NO_REASON))
    with open_database() as (settings, engine), progress(N_("Exporting")):
        make_now(engine, key, settings)
        with transaction(engine, write=False) as session:
            made = stored_file(session, key)
    put_files({words: made.codebook.encode(), output: made.content})
    say(
        N_("%(file)s and %(codebook)s: numbers of %(day)s, %(bytes)s bytes."),
        file=output,
        codebook=words.name,
        day=made.day,
        bytes=len(made.content),
    )


def _check_targets(*paths: Path, example: str) -> None:
    """Refuse names under which no file can be put, such as ``-`` or a device.

    Raises:
        BadInputError: for the first of them.
    """
    for path in paths:
        if str(path).startswith("-") or (path.exists() and not path.is_file()):
            raise BadInputError(NO_FILE, file=path, example=example)


def verify_tree() -> None:
    """Check the whole area table and print its figures; exit with 1 if something is wrong."""
    report = verify_areas(load_areas())
    for name, figure in report.figures.items():
        click.echo(f"{name.replace('_', ' '):24} {figure:>14,}")
    if not report.is_sound:
        raise DataError(N_("The area table is wrong: %(faults)s"), faults=" ".join(report.faults))
    say(N_("The area table is sound."))
