"""The words that travel with an export: what each column means and what the numbers cannot say."""

from collections.abc import Sequence

from mapapp.domain.counts import NEAREST, SMALL, SMALL_WORDS

COLUMN_WORDS = {
    "area_id": "Number of the area in this site's area table; it changes when that table does.",
    "code": "Code of the area: ISO 3166 where there is one, else a code of our own.",
    "name": "Name of the area. A zone bears the name of its largest town. One without a town is "
    "called after the nearest one, such as “near Raipur (west)”, or else after its region. Where a "
    "name would occur twice in a region, a second town, a direction or a number is added.",
    "level": "world (the total), country, region (ISO 3166-2) or zone.",
    "country": "Code of the country the area lies in; empty for the world.",
    "country_name": "Name of that country.",
    "population": "People who live there, an approximation from open data.",
    "condition": "Short name of the condition on this site.",
    "condition_name": "Name of the condition.",
    "people": f"People listed there: 0, {SMALL_WORDS}, or a number to the nearest {NEAREST}.",
    "people_min": "Least number that is shown like this.",
    "people_max": "Greatest number that is shown like this.",
    "geometry": "Outline of the area, simplified, in degrees (WGS 84); none for the world.",
}

CAVEAT = (
    "These numbers count people who chose to join this site. They are not a sample: whoever has "
    "heard of it, goes online and wishes to be found is counted more often than others. They say "
    "nothing about how many people have a condition, and differences between areas may come from "
    "who joined alone."
)

DEMO = (
    "Invented people are counted here: the site showed its demo when these numbers were taken. "
    "They say nothing about anybody."
)
"""Stands in every export that contains people of the demo, and is how such exports are found."""

RULES = (
    f"Counts of 1 to {SMALL - 1} are shown as {SMALL_WORDS}. All others are rounded to the nearest "
    f"{NEAREST}. Zero stays zero.",
    "Each number is rounded on its own from the true one, totals too; so sums of rounded numbers "
    "differ from rounded totals.",
    "People may place themselves at a region or a country only. They are counted there and above, "
    "but in no area below, so areas may add up to less than the area around them.",
    "Only listed people are counted. Those who chose to be counted but not listed are not in here.",
    "A person who joined several conditions is counted once in each.",
    "The numbers were taken once in this epoch and stand still until it ends, in every format.",
    "Do not compute rates of small areas, and do not try to find out who somebody is.",
)


def codebook(
    *,
    site: str,
    epoch: str,
    level: str,
    conditions: Sequence[tuple[str, str]],
    area_version: str,
    columns: Sequence[str],
    has_demo: bool = False,
) -> str:
    """Return the codebook of an export as Markdown."""
    lines = [
        "# Codebook",
        "",
        f"- Site: {site}",
        f"- Epoch: {epoch}",
        f"- Table: area × condition, level {level}",
        f"- Area table: version {area_version}",
        "- Conditions:",
        *(f"  - {name} (`{slug}`)" for slug, name in conditions),
        "",
        "## Read this first",
        *([DEMO, ""] if has_demo else []),
        CAVEAT,
        "",
        "## How the numbers were made",
        *(f"- {rule}" for rule in RULES),
        "",
        "## Columns",
        *(f"- `{name}`: {COLUMN_WORDS[name]}" for name in columns),
        "",
        "## Credits",
        "Areas: Natural Earth, GeoNames (CC BY 4.0), Unicode CLDR. "
        "Conditions: Mondo Disease Ontology (CC BY 4.0).",
        "",
    ]
    return "\n".join(lines)
