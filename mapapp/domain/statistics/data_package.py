"""The description of a data package, by Frictionless Data Package 1 (specs.frictionlessdata.io).

The package has files that are no tables, too, so its profile is the general one; each table has the
tabular one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mapapp.domain.statistics.codebook import CAVEAT, DEMO_NOTE, LICENCE, LICENCE_URL, Contents
from mapapp.domain.statistics.column_words import COLUMN_WORDS

DESCRIPTION = "datapackage.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "md": "text/markdown",
    "txt": "text/plain",
}
TYPES = {
    **dict.fromkeys(("area_id", "residents", "people", "estimate", "error"), "integer"),
    "fewer_than": "integer",
    "per_million": "number",
    "month": "yearmonth",
}
"""Of columns that are no texts."""


@dataclass(frozen=True)
class PackedFile:
    """A file of a package.

    Attributes:
        path: its name there.
        columns: those of a table.
        key: the columns by which a line is known.
        joins: the table that a column leads to, by the column.
    """

    path: str
    title: str
    content: bytes
    columns: Sequence[str] = ()
    key: Sequence[str] = ()
    joins: Mapping[str, str] = field(default_factory=dict)


def package_description(export: Contents, files: Sequence[PackedFile], day: str) -> dict[str, Any]:
    """Return what ``datapackage.json`` says of ``files``; ``day`` is when their numbers stood."""
    where = f"-{'-'.join(export.countries)}" if export.countries else ""
    return {
        "profile": "data-package",
        "name": _name(f"{export.level}{where}-{export.day}"),
        "title": f"Listed people, {export.table_words}: {export.site}, {export.day}",
        "description": f"{DEMO_NOTE} {CAVEAT}" if export.has_demo else CAVEAT,
        "created": f"{day}T00:00:00Z",
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL, "title": LICENCE}],
        "contributors": [{"title": export.site, "role": "publisher"}],
        "keywords": [one.slug for one in export.conditions],
        "resources": [_resource(one) for one in files],
    }


def _name(text: str) -> str:
    """Return a name as the specification allows: small letters, digits, and signs between them."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())
    return "-".join(part for part in plain.split("-") if part)


def _resource(file: PackedFile) -> dict[str, Any]:
    stem, _, ending = file.path.rpartition(".")
    described = {
        "name": stem.lower() if file.columns else _name(file.path),
        "path": file.path,
        "title": file.title,
        "format": ending,
        "mediatype": MEDIA_TYPES[ending],
        "encoding": "utf-8",
        "bytes": len(file.content),
        "hash": f"sha256:{hashlib.sha256(file.content).hexdigest()}",
    }
    if file.columns:
        described |= {"profile": "tabular-data-resource", "schema": _schema(file)}
    return described


def _schema(file: PackedFile) -> dict[str, Any]:
    links = [
        {"fields": [column], "reference": {"resource": table, "fields": [column]}}
        for column, table in file.joins.items()
    ]
    fields = [
        {"name": name, "type": TYPES.get(name, "string"), "description": COLUMN_WORDS[name]}
        for name in file.columns
    ]
    keys = {"primaryKey": list(file.key)} if file.key else {}
    joins = {"foreignKeys": links} if links else {}
    return {"fields": fields, "missingValues": [""], **keys, **joins}
