"""What the properties of a feature mean, and of which kind they are. Named as in exports."""

from typing import Any

from mapapp.actions.statistics.counted_areas import columns_at
from mapapp.errors import N_, Words
from mapapp.web.core.locale import translated

MEANINGS: dict[str, Words] = {
    "area_id": N_("Number of the area on this site. It changes when the table of areas does."),
    "code": N_("Code of the area: ISO 3166 where it has one, otherwise our own after X-."),
    "name": N_("Name of the area. A zone is named after its largest town."),
    "level": N_("country, region or zone."),
    "parent": N_("Number of the area around it; 0 is the world."),
    "country": N_("Code of the country that it lies in."),
    "residents": N_("How many people live there, estimated, in two digits."),
    "people": N_("How many people are on the map there, exactly, as last published."),
    "per_million": N_("People on the map per million residents; empty where very few are."),
    "estimate": N_(
        "About how many more chose only to be counted. It stands for a quarter. It is empty where "
        "fewer than 20 are estimated, and in countries of less than a million people."
    ),
    "error": N_("Of 100 such estimates, 95 are within this of the true number."),
}
KINDS_OF_NUMBERS = {
    "area_id": "integer",
    "parent": "integer",
    "residents": "integer",
    "people": "integer",
    "per_million": "number",
    "estimate": "integer",
    "error": "integer",
}
"""The kinds of those that are no text, as JSON Schema names them."""
SOMETIMES_EMPTY = frozenset({"per_million", "estimate", "error"})

Schema = dict[str, Any]


def feature_schema(level: str) -> Schema:
    """Return the shape of a feature of ``level``, in what JSON Schema and OpenAPI have in common.

    Programs read from it of which kind a column is; the first rows may have no number there.
    """
    return shape(
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer", "minimum": 0},
            "geometry": shape(
                {
                    "type": {"type": "string", "enum": ["MultiPolygon", "Polygon"]},
                    "coordinates": {"type": "array", "items": {}},
                }
            ),
            "properties": shape({name: _column(name) for name in columns_at(level)}),
        }
    )


def shape(properties: dict[str, Schema]) -> Schema:
    """Return the schema of an object that has all of these."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _column(name: str) -> Schema:
    schema = {
        "type": KINDS_OF_NUMBERS.get(name, "string"),
        "description": translated(MEANINGS[name]),
    }
    return {**schema, "nullable": True} if name in SOMETIMES_EMPTY else schema
