"""The words that travel with an export: what each column means and what the numbers cannot say."""

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.conditions.codes import COPY_OF, codes_of
from mapapp.domain.published.rates import RATE_FROM
from mapapp.domain.statistics.export_table import Counted

COLUMN_WORDS = {
    "area_id": "Number of the area in this site's area table; it changes when that table does.",
    "code": "Code of the area: world in the first row, else ISO 3166 where there is one, otherwise "
    "our own code after X-. Our "
    "own are the codes of zones and of areas made of several, and old codes that have left the "
    "standard or stand for another area there today.",
    "code_standard": "Whose code that is: ISO 3166-1, ISO 3166-2 or own.",
    "name": "Name of the area. A zone has the name of its largest town. A zone without a town is "
    "named after the nearest one, such as “near Raipur (west)”, or otherwise after its region. "
    "Where a name would occur twice in a region, a second town, a direction or a number is added.",
    "level": "world (the total), country, region (ISO 3166-2) or zone.",
    "country": "Code of the country the area lies in; empty for the world. Namibia's is NA, which "
    "some programs take for a missing value: in pandas, read with keep_default_na=False.",
    "country_alpha3": "The three letters of that country in ISO 3166-1; empty for the world, for "
    "groups of small states, and for Kosovo, which is not in the standard.",
    "country_name": "Name of that country.",
    "residents": "Number of people who live there, estimated from open data, in two digits.",
    "condition": "Short name of the condition on this site.",
    "condition_name": "Name of the condition.",
    "mondo": "Its code in the Mondo Disease Ontology; empty where Mondo does not have it.",
    "orpha": "Its code at Orphanet; empty where no code there means this condition and no other.",
    "people": "Number of people listed there.",
    "per_million": "People listed there per million residents, in two digits; empty where fewer "
    f"than {RATE_FROM} are listed: one more person would change it too much.",
    "geometry": "Outline of the area, simplified, in degrees (WGS 84); none for the world.",
}

CAVEAT = (
    "These numbers count people who chose to join this site. They are not a sample: people who "
    "have heard of it, go online and wish to be found are counted more often than others. They say "
    "nothing about how many people have a condition, and differences between areas may only "
    "reflect who joined."
)

ONE_TABLE = "One row for each condition and area."
LAYOUTS = {
    "geojson": "One feature for each area. Its numbers are `people_` and `per_million_` followed "
    "by the short name of a condition; what conditions are called stands in `conditions`.",
    "gpkg": "Tables `areas` with the outlines, `conditions` and `numbers`; the view `statistics` "
    "joins them to one row for each condition and area.",
}
"""By format, where it differs from ``ONE_TABLE``: outlines would stand there many times."""

LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

DEMO_NOTE = (
    "Invented people are counted here: the site showed its demo when these numbers were taken. "
    "They say nothing about real people."
)
"""Part of every export that contains people of the demo; such exports are found by it."""

RULES = (
    "The numbers are exact, and those that the map showed when they were taken.",
    "People may choose only a region or a country. They are counted there and above, but not in "
    "any area below, so areas may add up to less than the area around them.",
    "Only listed people are counted. People who chose only to be counted are in none of these "
    "numbers. About how many they are is estimated once a quarter, with noise, for countries and "
    "for the world: on the pages of the condition and its countries, and by the command "
    "`mapapp release show`.",
    "A person who joined several conditions is counted once in each.",
    "The numbers were taken once for this day and do not change until it ends, in every format.",
    "Do not try to find out who someone is.",
)


@dataclass(frozen=True)
class Contents:
    """What an export contains."""

    site: str
    day: str
    level: str
    file_format: str
    conditions: Sequence[Counted]
    area_version: str
    columns: Sequence[str]
    has_demo: bool = False


def codebook(export: Contents) -> str:
    """Return the codebook of an export as Markdown."""
    lines = [
        "# Codebook",
        "",
        f"- Site: {export.site}",
        f"- Day: {export.day} (UTC)",
        f"- Table: area × condition, level {export.level}",
        f"- Layout: {LAYOUTS.get(export.file_format, ONE_TABLE)}",
        f"- Area table: version {export.area_version}",
        f"- Codes of countries and regions: {load_iso_codes().edition}",
        f"- Conditions, with their codes elsewhere as Mondo had them in {COPY_OF} (the editions of "
        "the other lists are not known):",
        *(f"  - {_named(condition)}" for condition in export.conditions),
        "",
        "## Read this first",
        *([DEMO_NOTE, ""] if export.has_demo else []),
        CAVEAT,
        "",
        "## How the numbers were made",
        *(f"- {rule}" for rule in RULES),
        "",
        "## Columns",
        *(f"- `{name}`: {COLUMN_WORDS[name]}" for name in export.columns),
        "",
        "## Licence",
        f"{LICENCE}, {LICENCE_URL}. Credit: {export.site}, {export.day}, and those below. "
        "Pass on what stands under “Read this first” with the numbers.",
        "",
        "## Credits",
        "Areas: Natural Earth, GeoNames (CC BY 4.0), Unicode CLDR. "
        "Conditions: Mondo Disease Ontology (CC BY 4.0). Codes: Debian iso-codes (LGPL 2.1).",
        "",
    ]
    return "\n".join(lines)


def _named(condition: Counted) -> str:
    codes = "".join(f", {code.system.name} {code.text}" for code in codes_of(condition.mondo))
    return f"{condition.name} (`{condition.slug}`{codes})"


def carried(words: str) -> dict[str, str]:
    """Return what a file carries beside its table, by the names that it has in every format."""
    caveat = f"{DEMO_NOTE} {CAVEAT}" if DEMO_NOTE in words else CAVEAT
    return {"license": LICENCE_URL, "caveat": caveat, "codebook": words}
