"""Tags of the Humanitarian Exchange Language, by which programs know what a column is.

From the core schema of HXL 1.1 (hxlstandard.org); attributes behind the plus signs may be our own.
"""

import re

HXL_TAGS = {
    "area_id": "#loc+id",
    "code": "#loc+code",
    "code_standard": "#meta+code+standard",
    "name": "#loc+name",
    "level": "#loc+type",
    "country": "#country+code+v_iso2",
    "country_alpha3": "#country+code+v_iso3",
    "country_name": "#country+name",
    "residents": "#population",
    "condition": "#cause+code",
    "condition_name": "#cause+name",
    "mondo": "#cause+code+v_mondo",
    "orpha": "#cause+code+v_orpha",
    "people": "#affected+listed",
    "per_million": "#indicator+listed+per_million+num",
    "month": "#date+month",
    "question": "#indicator+code",
    "answer": "#indicator+value+code",
    "treatment": "#indicator+treatment+name",
    "estimate": "#affected+estimated",
    "error": "#indicator+error+num",
    "fewer_than": "#indicator+threshold+num",
    "epoch": "#date+period",
    "released_of": "#meta+people",
}
LEVEL_TAGS = {
    "code": {"region": "#adm1+code"},
    "name": {"region": "#adm1+name"},
}
"""What an area is, where HXL has a name for the level; countries have columns of their own."""


def hxl_tags(columns: tuple[str, ...], level: str) -> tuple[str, ...]:
    """Return the tag of each column of a table of areas of ``level``, or of another table.

    A column of one condition, such as ``people_als``, has the tag of the number and an attribute.
    """
    return tuple(_tag(column, level) for column in columns)


def _tag(column: str, level: str) -> str:
    if level in LEVEL_TAGS.get(column, {}):
        return LEVEL_TAGS[column][level]
    if column in HXL_TAGS:
        return HXL_TAGS[column]
    number = "per_million" if column.startswith("per_million_") else "people"
    slug = column.removeprefix(f"{number}_")
    return f"{HXL_TAGS[number]}+c_{re.sub('[^a-z0-9]', '_', slug.lower())}"
