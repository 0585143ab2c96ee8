"""What a condition's OGC service says of itself: landing page, classes, collections."""

from typing import Any

from flask_babel import gettext as _

from mapapp.actions.published.listings import FoundCondition
from mapapp.actions.statistics.counted_areas import level_ids
from mapapp.domain.statistics.codebook import LICENCE_URL
from mapapp.web.open_data.ogc_answers import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    Document,
    Link,
    link,
)
from mapapp.web.open_data.ogc_columns import SOMETIMES_EMPTY, feature_schema
from mapapp.web.open_data.ogc_questions import LEVEL_OF
from mapapp.web.published.presenters import raised

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "oas30", "html", "geojson")
)
"""The conformance classes of OGC API – Features, Part 1 (OGC 17-069r4), that are held."""


def both(rel: str, title: str, endpoint: str, programs: str = JSON, **values: Any) -> list[Link]:
    """Return the links to a page of the service for programs and for people."""
    return [
        link(rel, programs, title, endpoint, **values),
        link(rel, HTML, _("%(title)s, as a page", title=title), endpoint, **values),
    ]


def itself(endpoint: str, programs: str = JSON, **values: Any) -> list[Link]:
    """Return the links from a document to itself and to its page."""
    return [
        link("self", programs, _("This document"), endpoint, **values),
        link("alternate", HTML, _("This document as a page"), endpoint, **values),
    ]


def landing_document(condition: FoundCondition) -> Document:
    """Return the landing page."""
    service = [
        link("service-desc", OPENAPI, _("What can be asked, for programs"), "ogc.definition"),
        link("service-doc", HTML, _("What can be asked"), "ogc.definition"),
    ]
    return {
        "title": title_of(condition),
        "description": _(
            "How many people joined the map of %(condition)s, for each country, region and zone. "
            "They are not a sample of everyone who has the condition.",
            condition=condition.name,
        ),
        "links": [
            *itself("ogc.show_landing"),
            *service,
            *both("conformance", _("Standards that are held"), "ogc.show_conformance"),
            *both("data", _("Collections"), "ogc.list_collections"),
            {"href": LICENCE_URL, "rel": "license", "type": HTML, "title": "CC BY 4.0"},
        ],
    }


def title_of(condition: FoundCondition) -> str:
    """Return what the service is called."""
    return str(_("%(condition)s: people on the map", condition=raised(condition.name)))


def conformance_document() -> Document:
    """Return which parts of the standard are held."""
    return {"conformsTo": list(CONFORMANCE)}


def collections_document(condition: FoundCondition) -> Document:
    """Return all collections."""
    return {
        "links": itself("ogc.list_collections"),
        "collections": [collection_document(condition, name) for name in LEVEL_OF],
    }


def collection_words(collection: str) -> tuple[str, str]:
    """Return the name of a collection, and what is in it."""
    number = len(level_ids(LEVEL_OF[collection]))
    words = {
        "countries": (
            _("Countries"),
            _("%(n)s countries and groups of small states.", n=f"{number:,}"),
        ),
        "regions": (_("Regions"), _("%(n)s regions of countries (ISO 3166-2).", n=f"{number:,}")),
        "zones": (
            _("Zones"),
            _("%(n)s areas around towns, in each of which enough people live.", n=f"{number:,}"),
        ),
    }
    name, about = words[collection]
    return str(name), str(about)


def collection_document(condition: FoundCondition, collection: str) -> Document:
    """Return what is said of one collection."""
    name, about = collection_words(collection)
    given = {"collection": collection}
    return {
        "id": collection,
        "title": _title(condition, collection),
        "description": about,
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84}},
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            *itself("ogc.show_collection", **given),
            *both("items", name, "ogc.list_items", GEOJSON, **given),
            *_described(**given),
        ],
    }


def _title(condition: FoundCondition, collection: str) -> str:
    return f"{raised(condition.name)}: {collection_words(collection)[0]}"


def _described(**given: str) -> list[Link]:
    # The second says the same: GDAL 3.6 knows the relation by this spelling alone.
    words = _("What is known of each area")
    return [
        link(rel, SCHEMA, words, "ogc.schema", **given) for rel in ("describedby", "describedBy")
    ]


def schema_document(condition: FoundCondition, collection: str) -> Document:
    """Return of which kinds the columns of a collection are, as JSON Schema (draft 2020-12).

    GDAL takes a column for text if the first areas have no number there and nothing tells it more,
    and of a list of kinds it understands nothing. So a number that may be null is a number here.
    """
    found = feature_schema(LEVEL_OF[collection])
    columns = found["properties"]["properties"]
    for name in SOMETIMES_EMPTY & columns["properties"].keys():
        del columns["properties"][name]["nullable"]
        columns["required"].remove(name)
    here = link("self", SCHEMA, "", "ogc.schema", collection=collection)["href"]
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "$id": here, "title": _title(condition, collection), **found}
