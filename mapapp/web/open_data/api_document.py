"""The OpenAPI document: what the library makes of the descriptions, and what is true of all."""

import json
import re
from typing import Any

from apiflask import APIFlask
from flask import current_app

from mapapp import __version__
from mapapp.domain.statistics.codebook import LICENCE, LICENCE_URL
from mapapp.errors import N_
from mapapp.settings import Settings
from mapapp.web.core.failures import PROBLEM_TYPE
from mapapp.web.open_data.api_asked import CURSOR, LARGEST_ASKED, PageAsked
from mapapp.web.open_data.api_shapes import Problem

KEPT_AS = "mapapp_api_document"
TITLE = N_("Numbers for programs")
ABOUT = N_(
    "Everything that visitors see as numbers: conditions, areas, listed people as last published, "
    "and what releases estimate. Nobody is named. Answers change when the site publishes; with "
    "their ETag you need not read them twice."
)
_TAGS = [
    {"name": N_("Conditions"), "description": N_("What the site has maps of.")},
    {"name": N_("Areas"), "description": N_("The tree of areas into which the world is divided.")},
    {"name": N_("Numbers"), "description": N_("How many people there are, and what they say.")},
    {"name": N_("This interface"), "description": N_("What there is, and its description.")},
]
IN_PATHS: dict[str, dict[str, Any]] = {
    "slug": {
        "description": N_("The short name of a condition."),
        "schema": {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 120},
        "example": "dystonia",
    },
    "area_id": {
        "description": N_("The number of an area. 0 is the world."),
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_ASKED},
        "example": 0,
    },
}
_HEADERS = {
    "ETag": {
        "description": N_("Names this state of the answer, for If-None-Match."),
        "schema": {"type": "string"},
    },
    "Link": {
        "description": N_("Leads to the next page of a list (rel=next), where there is one."),
        "schema": {"type": "string"},
    },
}
_ELSEWHERE = N_("Where the answer is: short names have no capitals.")
_NOT_CHANGED = N_("It is still what the reader has.")
_FAILURES = {
    "400": N_("Something that was asked cannot be used; the answer names it."),
    "404": N_("There is no such condition or area."),
}
_GOOD = N_("The answer.")
_NAME = re.compile(r"^(?:\w+\.)?(\w+?)(?:Shape|Answer)?$")
"""The library names a shape after each that holds it, and we after what it is in the program."""
_REFERENCE = re.compile(r'("#/components/schemas/)(?:\w+\.)?(\w+?)(?:Shape|Answer)?(?=")')


def init_document(app: APIFlask, settings: Settings) -> None:
    """Say what the document begins with, and how it is finished."""
    app.title, app.version, app.description = str(TITLE), __version__, ABOUT
    app.license = {"name": LICENCE, "url": LICENCE_URL}
    app.tags = _TAGS
    app.servers = [{"url": settings.base_url}]
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_200_RESPONSE=False,
        SUCCESS_DESCRIPTION=_GOOD,
    )
    app.spec_processor(_finished)


def api_document() -> dict[str, Any]:
    """Return the document of this site; it is made when the first reader asks."""
    made = current_app.extensions.get(KEPT_AS)
    if made is None:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        made = current_app.extensions[KEPT_AS] = app.spec
    return dict(made)


def _finished(document: dict[Any, Any] | str) -> dict[str, Any]:
    """Add what holds for every operation, and give each shape one name."""
    if isinstance(document, str):
        raise TypeError("The document is made as JSON.")
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas.update(problem.pop("$defs"), Problem=problem)
    document["components"]["schemas"] = {
        _NAME.sub(r"\1", name): schema for name, schema in sorted(schemas.items())
    }
    for part in document["paths"].values():
        for method, operation in part.items():
            _finish(method, operation)
    return dict(json.loads(_REFERENCE.sub(r"\1\2", json.dumps(document))))


def _finish(method: str, operation: dict[str, Any]) -> None:
    parameters, responses = operation["parameters"], operation["responses"]
    names = {one["name"] for one in parameters}
    parameters.sort(key=lambda one: one["name"] in PageAsked.model_fields)  # these are secondary
    for parameter in parameters:
        parameter.update(
            IN_PATHS[parameter["name"]] | {"required": True}
            if parameter["in"] == "path"
            else _query(parameter["schema"])
        )
    if method == "get":
        responses["304"] = {"description": _NOT_CHANGED}
        told = ("ETag", "Link") if CURSOR in names else ("ETag",)
        responses["200"]["headers"] = {name: _HEADERS[name] for name in told}
    if "slug" in names:
        responses["308"] = {"description": _ELSEWHERE}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    failing = ["400"] if names - IN_PATHS.keys() or method == "post" else []
    failing += ["404"] if names & {*IN_PATHS, "under"} else []
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for code in failing:
        responses[code] = {"description": _FAILURES[code], "content": content}


def _query(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's own parts; the library leaves them with its schema."""
    told = {name: schema.pop(name) for name in ("description", "examples") if name in schema}
    if schema.get("default", 0) in (None, ""):
        del schema["default"]
    example = {"example": told["examples"][0]} if "examples" in told else {}
    return {"description": told["description"], "schema": schema, **example}
