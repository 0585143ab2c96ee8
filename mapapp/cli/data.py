"""Commands that look places up, bring members in, take statistics out, and check the numbers."""

import csv
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from mapapp.actions.audit import SHELL
from mapapp.actions.export import FORMATS, Request
from mapapp.actions.export import export as make_export
from mapapp.actions.import_members import Imported, file_fingerprint
from mapapp.actions.import_members import import_members as add_members
from mapapp.actions.site import check_site
from mapapp.cli.tools import Advance, Command, number_of, open_site, progress
from mapapp.domain.areas import COUNTRY, LEVELS, REGION, load_areas
from mapapp.domain.export_table import EXPORT_LEVELS
from mapapp.domain.locate import latlng_to_zone
from mapapp.domain.point_files import BadRow, Rows, checked_latlng, read_points
from mapapp.domain.verify import verify_areas
from mapapp.errors import BadInputError, DataError
from mapapp.store import live_counts

HEADER = ("id", "level", "code", "country", "region", "name")
MOST_SHOWN = 1000  # bad rows that are listed one by one
NO_REASON = "No reason given, from the shell."  # what the audit log then says, and staff reads
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("lat", required=False)
@click.argument("lng", required=False)
@click.option("--file", "path", type=EXISTING, help="CSV file with the columns lat and lng.")
def locate(lat: str | None, lng: str | None, path: Path | None) -> None:
    """Say in which zone a point lies; store nothing.

    LAT and LNG are degrees, such as 48.14 11.58 or -33.9 18.4. With --file there is one line of
    output for each row of the file, empty where there is no zone.
    """
    if path is not None and lat is None:
        _locate_file(path)
    elif path is None and lat is not None and lng is not None:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(HEADER)
        out.writerow(_zone_row(latlng_to_zone(*checked_latlng(lat, lng))))
    else:
        raise click.UsageError("Give LAT and LNG, or --file with a CSV file")


def _locate_file(path: Path) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(HEADER)
    bad = 0
    with progress("Locating", path.stat().st_size) as advance:
        for part in _advancing(read_points(path), advance):
            for row in part.in_order():
                if isinstance(row, BadRow):
                    bad += 1
                    out.writerow([""] * len(HEADER))
                    _show_bad(row, bad)
                else:
                    out.writerow(_zone_row(row[1]))
    if bad:
        raise BadInputError(f"{number_of(bad, 'row has', 'rows have')} no zone.")


@cache
def _zone_row(zone: int) -> tuple[object, ...]:
    table = load_areas()
    area = table.get(zone)
    codes = {int(table.level[above]): str(table.code[above]) for above in table.ancestors(zone)}
    return zone, LEVELS[area.level], area.code, codes[COUNTRY], codes.get(REGION, ""), area.name


def _advancing(parts: Iterator[Rows], advance: Advance) -> Iterator[Rows]:
    before = 0
    for part in parts:
        yield part
        advance(part.read - before)
        before = part.read


def _show_bad(row: BadRow, number: int) -> None:
    if number <= MOST_SHOWN:
        click.echo(f"line {row.line}: {row.reason}", err=True)
    elif number == MOST_SHOWN + 1:
        click.echo("… more bad rows are counted, but not listed.", err=True)


@click.command("import", cls=Command)
@click.argument("path", metavar="FILE", type=EXISTING)
@click.option("--condition", "slug", required=True, metavar="SLUG", help="Which condition.")
@click.option("--strict", is_flag=True, help="Import nobody if any row is bad.")
@click.option("--again", is_flag=True, help="Import a file that was imported before.")
def import_file(path: Path, slug: str, strict: bool, again: bool) -> None:
    """Import members from FILE, a .csv or .geojson of another map.

    Columns: lat and lng, or town and country (two letters); then, if you like, pseudonym, role,
    visibility and languages. Coordinates become zones and are forgotten. Bad rows are listed with
    their line and reason; good ones go in. Who is not said to be public is shown to members only.
    """
    if path.suffix.lower() not in {".csv", ".geojson", ".json"}:
        raise BadInputError(f"{path.name}: the file must end in .csv or .geojson.")
    bad_rows: list[BadRow] = []
    with open_site() as (settings, session), progress("Importing", path.stat().st_size) as advance:
        check_site(session)
        mark = "" if again else file_fingerprint(settings.secret, _hash_of(path), slug)

        def _on_bad(row: BadRow) -> None:
            bad_rows.append(row)
            _show_bad(row, len(bad_rows))

        parts = _advancing(read_points(path), advance)
        done = add_members(
            session,
            settings.secret,
            slug,
            parts,
            strict=strict,
            on_bad=_on_bad,
            fingerprint=mark,
        )
    _say_done(done)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say_done(done: Imported) -> None:
    words = [f"Imported {number_of(done.added, 'member')}"]
    if done.by_visibility:
        numbers = sorted(done.by_visibility.items())
        words.append("visibility " + ", ".join(f"{name}: {n:,}" for name, n in numbers))
    if done.bad:
        words.append(f"{number_of(done.bad, 'bad row')} left out")
    if done.ignored_columns:
        words.append(f"columns not used: {', '.join(sorted(done.ignored_columns))}")
    click.echo("; ".join(words) + ".")
    if not done.added:
        raise BadInputError("No row was good enough to import.")


@click.command(cls=Command)
@click.option(
    "--condition", "slugs", required=True, multiple=True, metavar="SLUG", help="May be repeated."
)
@click.option("--level", type=click.Choice(EXPORT_LEVELS), required=True, help="Kind of area.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), required=True)
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--reason", default="", help="Why; kept in the audit log.")
def export(slugs: tuple[str, ...], level: str, file_format: str, output: Path, reason: str) -> None:
    """Write regional statistics to FILE, and their codebook to FILE.codebook.md.

    Numbers are rounded, and stand still within a quarter: asking again gives the same bytes.
    """
    if not output.parent.is_dir():
        raise BadInputError(f"There is no folder {output.parent}. Make it first.")
    with open_site() as (settings, session), progress("Exporting"):
        made = make_export(
            session,
            Request(slugs, level, file_format),
            actor=SHELL,
            reason=reason.strip() or NO_REASON,
            site=settings.site_name,
        )
    output.write_bytes(made.content)
    words = output.with_name(f"{output.name}.codebook.md")
    words.write_text(made.codebook, encoding="utf-8")
    click.echo(f"{output} and {words.name}: epoch {made.epoch}, {len(made.content):,} bytes.")


@click.group()
def counts() -> None:
    """Check or mend the live numbers."""


@counts.command("verify", cls=Command)
def counts_verify() -> None:
    """Recount everybody and compare with the live numbers; end with 1 if one is wrong."""
    with open_site(write=False) as (_settings, session):
        wrong = live_counts.differences(session)
    for difference in wrong[:20]:
        where = "total" if difference.area_id is None else f"area {difference.area_id}"
        click.echo(
            f"condition {difference.condition_id}, {where}: "
            f"stored {difference.stored}, true {difference.true}"
        )
    if wrong:
        click.echo(
            f"{number_of(len(wrong), 'wrong number')}. Mend with: mapapp counts repair", err=True
        )
        raise SystemExit(1)
    click.echo("All numbers are true.")


@counts.command("repair", cls=Command)
def counts_repair() -> None:
    """Make every live number anew from the memberships."""
    with open_site() as (_settings, session):
        wrong = len(live_counts.differences(session))
        if wrong:
            live_counts.recount(session)
    click.echo(f"Mended {number_of(wrong, 'number')}." if wrong else "All numbers were true.")


@click.group()
def areas() -> None:
    """Check the area table."""


@areas.command("verify", cls=Command)
def areas_verify() -> None:
    """Check the whole area table and print its figures; end with 1 if something is wrong."""
    report = verify_areas(load_areas())
    for name, figure in report.figures.items():
        click.echo(f"{name.replace('_', ' '):24} {figure:>14,}")
    if not report.is_sound:
        raise DataError("The area table is wrong: " + " ".join(report.faults))
    click.echo("The area table is sound.")
