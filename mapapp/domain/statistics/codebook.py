"""The words that travel with an export: what each column means and what the numbers cannot say."""

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.conditions.codes import COPY_OF, codes_of
from mapapp.domain.statistics.column_words import COLUMN_WORDS
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, GROWTH, RELEASED
from mapapp.domain.statistics.export_table import Counted

CAVEAT = (
    "These numbers count people who chose to join this site. They are not a sample: people who "
    "have heard of it, go online and wish to be found are counted more often than others. They say "
    "nothing about how many people have a condition, and differences between areas may only "
    "reflect who joined."
)

A_PICTURE = "A world map of the numbers of countries, for a report."
ONE_TABLE = "One row for each condition and area."
LAYOUTS = {
    "geojson": "One feature for each area. Its numbers are `people_` and `per_million_` followed "
    "by the short name of a condition; what conditions are called stands in `conditions`.",
    "xlsx": "One row for each area. Its numbers are `people_` and `per_million_` followed by the "
    "short name of a condition; what conditions are called stands in the sheet `Conditions`.",
    "gpkg": "Tables `areas` with the outlines, `conditions` and `numbers`; the view `statistics` "
    "joins them to one row for each condition and area.",
    "zip": "A data package (Frictionless): `numbers.csv` joins `areas.csv` by `area_id` and "
    "`conditions.csv` by `condition`; `areas.geojson` has the outlines. `growth.csv` has "
    "whole maps by month, unless countries were chosen. `datapackage.json` describes each table, "
    "with checksums.",
    "png": A_PICTURE,
    "svg": A_PICTURE,
    "pdf": A_PICTURE,
}
"""By format, where it differs from ``ONE_TABLE``: areas would stand there many times."""
SUBJECT_WORDS = {
    GROWTH: "condition × month, of the whole map",
    RELEASED: "condition × question × answer, released estimates",
}
MAP_LAYOUTS = {
    GROWTH: "One row for each condition and month; a month without a row was before the first.",
    RELEASED: "One row for each answer that is shown.",
}
TAGGED = "The second line has HXL tags, which say what each column is. Plain readers skip it."

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
    "for the world: on the pages of the condition and its countries, and in an export of "
    "`released` numbers.",
    "A person who joined several conditions is counted once in each.",
    "The numbers were taken once for this day and do not change until it ends, in every format.",
)
GROWTH_RULES = (
    "The numbers are exact: those that stood on the map when each month ended.",
    "They are kept since this site began to keep them; nothing is known of months before.",
    "People who leave are counted until then. A number that falls can mean that people left.",
    RULES[3],
)
RELEASED_RULES = (
    "These are estimates, not counts. Noise was added to each before it was frozen, so that "
    "nobody can learn from it whether one person is in it.",
    "Never add them to each other or to numbers of listed people, and never compare two of them "
    "that differ by less than their errors.",
    "Small numbers are not shown. What is missing is fewer than `fewer_than`, and may be nobody.",
    "They stay the same until the next release: a quarter for hidden people, a year for what "
    "listed people say of themselves. Only who has been on the map for 30 days takes part.",
    "Of one person at most 3 languages and 5 treatments count.",
)
RULES_OF = {GROWTH: GROWTH_RULES, RELEASED: RELEASED_RULES}
"""By table, where they are not ``RULES``."""
LAST_RULE = "Do not try to find out who someone is."


@dataclass(frozen=True)
class Contents:
    """What an export contains.

    Attributes:
        day: that of the numbers, or the quarter in which released ones stood.
        countries: the names of those it is of; none for all.
        is_tagged: whether it has HXL tags.
    """

    site: str
    day: str
    level: str
    file_format: str
    conditions: Sequence[Counted]
    area_version: str
    columns: Sequence[str]
    has_demo: bool = False
    countries: Sequence[str] = ()
    is_tagged: bool = False

    @property
    def day_words(self) -> str:
        """The day, or the quarter, and by which clock."""
        return f"Quarter: {self.day}" if self.level == RELEASED else f"Day: {self.day} (UTC)"

    @property
    def table_words(self) -> str:
        """What the rows and columns are."""
        if self.level in EXPORT_LEVELS:
            return f"area × condition, level {self.level}"
        return SUBJECT_WORDS[self.level]

    @property
    def layout_words(self) -> str:
        """How the table is laid out."""
        if self.level in MAP_LAYOUTS:
            return MAP_LAYOUTS[self.level]
        return LAYOUTS.get(self.file_format, ONE_TABLE)


def codebook(export: Contents) -> str:
    """Return the codebook of an export as Markdown."""
    lines = [
        "# Codebook",
        "",
        f"- Site: {export.site}",
        f"- {export.day_words}",
        f"- Table: {export.table_words}",
        f"- Layout: {export.layout_words}",
        *([f"- HXL: {TAGGED}"] if export.is_tagged else []),
        *([f"- Countries: {', '.join(export.countries)}"] if export.countries else []),
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
        *(f"- {rule}" for rule in (*RULES_OF.get(export.level, RULES), LAST_RULE)),
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
