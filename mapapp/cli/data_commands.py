"""The commands about people, numbers, areas and texts, as they are called and explained."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapapp.cli.declared import FILE_THERE, Command
from mapapp.domain.statistics.export_choices import EXPORT_TABLES, FORMATS
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.cli import answer_files, bench, data, imports, publish
else:
    answer_files = OnFirstUse("mapapp.cli.answer_files")
    bench = OnFirstUse("mapapp.cli.bench")
    data = OnFirstUse("mapapp.cli.data")
    imports = OnFirstUse("mapapp.cli.imports")
    publish = OnFirstUse("mapapp.cli.publish")


LARGEST_SITE = 50_000_000
FOLDER_TYPE = click.Path(file_okay=False, path_type=Path)
FILE_MADE = click.Path(dir_okay=False, path_type=Path)
IMPORT_APART = (
    *(("undo", other) for other in ("path", "name", "strict", "add", "replace")),
    ("check", "publish"),
    ("add", "replace"),
)


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    apart=[("lat", "path"), ("lng", "path")],
)
@click.argument("lat", required=False)
@click.argument("lng", required=False)
@click.option("--file", "path", type=FILE_THERE, help="CSV file with the columns lat and lng.")
def locate(lat: str | None, lng: str | None, path: Path | None) -> None:
    """Print the zone that contains a point, without storing anything.

    LAT and LNG are degrees, such as 48.14 11.58 or -33.9 18.4. With --file, print one line for each
    row of the file, empty where there is no zone.
    """
    data.locate(lat, lng, path)


@click.command("import", cls=Command, apart=IMPORT_APART)
@click.argument("path", metavar="FILE", type=FILE_THERE, required=False)
@click.option("--condition", "slug", default="", metavar="SLUG", help="Which condition.")
@click.option("--name", default="", help="What the import is called; the file's name by default.")
@click.option("--check", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--strict", is_flag=True, help="Import nobody if any row is refused.")
@click.option("--add", is_flag=True, help="New rows are other people than those of other imports.")
@click.option("--replace", is_flag=True, help="Bring the import of this name in line with FILE.")
@click.option("--publish", is_flag=True, help="Show them now, not with the next publication.")
@click.option("--undo", default="", metavar="NAME", help="Take the import of this name out.")
def import_members(
    path: Path | None, slug: str, name: str, undo: str, *, publish: bool, **rules: bool
) -> None:
    """Import members from FILE, a .csv or .geojson from another map.

    Columns: lat and lng, or town, region and country (two letters); optionally id, pseudonym, role,
    visibility and languages. Coordinates are turned into zones and not kept. Refused rows are
    listed with their line and the reason. Rows without a visibility are shown to
    people on this map.

    A file can be corrected and imported again under the same name: rows that are there already are
    left as they are. Start with --check.
    """
    imports.import_file(path, slug, name, undo, publish=publish, **rules)


@click.command("publish", cls=Command)
@click.option("--now", "at_once", is_flag=True, help="Also what waits for a later day.")
def publish_command(at_once: bool) -> None:
    """Publish what is due, without waiting for the worker.

    Others see new places, moves and wider audiences from a publication on. Each comes with one of
    the next three, so that nobody can tell when somebody came; --now gives this up for all that
    waits, which is meant for a site that nobody reads yet.
    """
    publish.publish_due(at_once)


@click.command(cls=Command)
@click.option(
    "--condition", "slugs", required=True, multiple=True, metavar="SLUG", help="May be repeated."
)
@click.option(
    "--level",
    type=click.Choice(EXPORT_TABLES),
    required=True,
    help="Kind of area; or growth by month, or released estimates, of whole maps.",
)
@click.option("--format", "file_format", type=click.Choice(FORMATS), required=True)
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="CODE",
    help="Only this country, such as DE. May be repeated.",
)
@click.option("--hxl", "is_tagged", is_flag=True, help="With a row of HXL tags (csv, xlsx).")
@click.option("-o", "--output", required=True, type=FILE_MADE, metavar="FILE")
@click.option("--reason", default="", help="Why; kept in the audit log.")
def export(
    slugs: tuple[str, ...], countries: tuple[str, ...], output: Path, reason: str, **more: Any
) -> None:
    """Write statistics to FILE, and their codebook to FILE.codebook.md.

    Numbers are those of the map; the same export gives the same bytes until the day (UTC) ends.
    png, svg and pdf are pictures of one condition by country; zip is a data package.
    """
    data.export(output, reason, slugs=slugs, countries=countries, **more)


@click.group()
def counts() -> None:
    """Check or repair the published numbers."""


@counts.command("verify", cls=Command)
def counts_verify() -> None:
    """Recount everyone and compare with what is published; exit with 1 if anything is wrong."""
    publish.verify_counts()


@counts.command("repair", cls=Command)
def counts_repair() -> None:
    """Recount all published numbers from the people who are shown."""
    publish.repair_counts()


@click.group()
def areas() -> None:
    """Check the area table."""


@areas.command("verify", cls=Command)
def areas_verify() -> None:
    """Check the whole area table and print its figures; exit with 1 if something is wrong."""
    data.verify_tree()


@click.group()
def content() -> None:
    """Import the editors' answers from files, or export them."""


@content.command("import", cls=Command)
@click.argument("folder", type=FOLDER_TYPE, required=False)
@click.option("--replace", is_flag=True, help="Also replace answers that were edited on the site.")
def import_files(folder: Path | None, replace: bool) -> None:
    """Publish the answers in FOLDER: <condition>/<question>.md.

    Without FOLDER, import the answers that ship with the program. Answers that have not changed
    stay as they are, and so do those that staff edited. docs/content.md describes the files. If
    one file is wrong, nothing changes.
    """
    answer_files.import_files(folder, replace)


@content.command("export", cls=Command)
@click.argument("folder", type=FOLDER_TYPE)
def export_files(folder: Path) -> None:
    """Write every published answer to FOLDER, in the format that can be imported."""
    answer_files.export_files(folder)


@click.command("bench-site", cls=Command)
@click.argument("people", metavar="N", type=click.IntRange(1_000, LARGEST_SITE))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
def bench_site(people: int, seed: int) -> None:
    """Fill an empty site with N invented people on the maps of 1,000 conditions, for measuring.

    Every page says that they are invented. A site that has people is refused: nobody else may use
    the database meanwhile, and what is made can only be thrown away as a whole.
    """
    bench.bench_site(people, seed)
