"""What can be asked of a condition's OGC service, as an OpenAPI document (version 3.0)."""

from typing import Any

from flask_babel import gettext as _

from mapapp import __version__
from mapapp.actions.published.listings import FoundCondition
from mapapp.domain.statistics.codebook import LICENCE, LICENCE_URL
from mapapp.web.core.failures import PROBLEM_TYPE
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.locale import translated
from mapapp.web.open_data.ogc_answers import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Document
from mapapp.web.open_data.ogc_columns import MEANINGS, Schema, feature_schema, shape
from mapapp.web.open_data.ogc_documents import landing_document
from mapapp.web.open_data.ogc_questions import (
    FEATURES_A_PAGE,
    FOR_ITEMS,
    FORMS_OF_ANSWERS,
    LEVEL_OF,
    MOST_FEATURES,
)

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}


def definition_document(condition: FoundCondition) -> Document:
    """Return the document; its paths are those of the service of this condition."""
    told = landing_document(condition)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": told["title"],
            "description": told["description"],
            "version": __version__,
            "license": {"name": LICENCE, "url": LICENCE_URL},
        },
        "servers": [{"url": absolute_url("ogc.show_landing", slug=condition.slug)}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "parameters": _parameters()},
    }


def _paths() -> dict[str, Any]:
    paths = {
        "/": _operation("getLandingPage", _("Where the service begins"), "landingPage"),
        "/conformance": _operation(
            "getConformance", _("Which parts of the standard are held"), "confClasses"
        ),
        "/collections": _operation("getCollections", _("All collections"), "collections"),
        "/api": _operation("getApi", _("This document"), media_type=OPENAPI),
    }
    for name in LEVEL_OF:
        here, features = f"/collections/{name}", f"{name}Features"
        items = _operation(f"get_{name}", _("Areas with their numbers"), features, FOR_ITEMS)
        item = _operation(f"get_{name}_one", _("One area"), f"{name}Feature", ("featureId",))
        paths[here] = _operation(f"describe_{name}", _("The collection"), "collection")
        paths[f"{here}/schema"] = _operation(
            f"get_{name}_schema", _("What is known of each area"), media_type=SCHEMA
        )
        paths[f"{here}/items"] = items
        paths[f"{here}/items/{{featureId}}"] = item
    return paths


def _operation(
    name: str, summary: str, schema: str = "", asked: tuple[str, ...] = (), media_type: str = ""
) -> dict[str, Any]:
    is_geo = schema.endswith(("Feature", "Features"))
    kind = media_type or (GEOJSON if is_geo else JSON)
    shape = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    given = [{"$ref": f"#/components/parameters/{one}"} for one in (*asked, "f")]
    refused = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}, HTML: _page()}
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {kind: {"schema": shape}, HTML: _page()}},
        "304": {"description": _("Nothing has changed.")},
        "400": {"description": _("A parameter cannot be used."), "content": refused},
        "404": {"description": _("There is no such thing."), "content": refused},
        "500": {"description": _("Something went wrong on our side."), "content": refused},
    }
    get = {"operationId": name, "summary": summary, "parameters": given, "responses": answers}
    return {"get": get}


def _page() -> dict[str, Any]:
    return {"schema": TEXT}


def _parameters() -> dict[str, Any]:
    limit = {**WHOLE, "minimum": 1, "maximum": MOST_FEATURES, "default": FEATURES_A_PAGE}
    figures = {"type": "array", "items": {"type": "number"}}
    # The standard asks for this form: four numbers or six, written with commas.
    box = {"oneOf": [{**figures, "minItems": n, "maxItems": n} for n in (4, 6)]}
    return {
        "limit": _query("limit", _("How many features there are on a page at most."), limit),
        "offset": _query(
            "offset", _("How many features are left out before."), {**WHOLE, "default": 0}
        ),
        "bbox": {
            **_query(
                "bbox",
                _(
                    "Only areas that meet this box: west, south, east and north in degrees. West "
                    "of a box across the antimeridian is larger than east."
                ),
                box,
            ),
            "explode": False,
        },
        "datetime": _query(
            "datetime", _("A time, or two with a slash between. Each fits all areas."), TEXT
        ),
        "country": _query(
            "country", _("Only areas of the country that has this code."), {**TEXT, "example": "DE"}
        ),
        "f": _query(
            "f",
            _("The form of the answer. Without it, the header Accept decides."),
            {**TEXT, "enum": list(FORMS_OF_ANSWERS)},
        ),
        "featureId": {
            "name": "featureId",
            "in": "path",
            "required": True,
            "description": translated(MEANINGS["area_id"]),
            "schema": WHOLE,
        },
    }


def _query(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
    }


def _schemas() -> dict[str, Schema]:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
    collections = {"type": "array", "items": {"$ref": "#/components/schemas/collection"}}
    schemas = {
        "link": shape({"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT}),
        "landingPage": shape({"title": TEXT, "description": TEXT, "links": links}),
        "confClasses": shape({"conformsTo": {"type": "array", "items": TEXT}}),
        "collections": shape({"links": links, "collections": collections}),
        "collection": shape(
            {
                "id": {**TEXT, "enum": list(LEVEL_OF)},
                "title": TEXT,
                "description": TEXT,
                "extent": {"type": "object"},
                "itemType": {**TEXT, "enum": ["feature"]},
                "crs": {"type": "array", "items": TEXT},
                "links": links,
            }
        ),
        "problem": shape({"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT}),
    }
    for name, level in LEVEL_OF.items():
        schemas[f"{name}Feature"] = feature_schema(level)
        schemas[f"{name}Features"] = _features(f"{name}Feature", links)
    return schemas


def _features(feature: str, links: Schema) -> Schema:
    return shape(
        {
            "type": {**TEXT, "enum": ["FeatureCollection"]},
            "links": links,
            "numberMatched": WHOLE,
            "numberReturned": WHOLE,
            "features": {"type": "array", "items": {"$ref": f"#/components/schemas/{feature}"}},
        }
    )
