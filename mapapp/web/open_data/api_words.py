"""The OpenAPI document in words, for the page that explains the API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from mapapp.errors import Words
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import number_words

BODY = "application/json"


@dataclass(frozen=True)
class ToldParameter:
    """A parameter: what it is for, and what it can be, in words or one of ``choices``."""

    name: str
    needed: bool
    about: str
    values: str
    choices: list[str]


@dataclass(frozen=True)
class ToldOperation:
    """Something that can be asked, with an example of a request and of its answer.

    Attributes:
        key: its name on the page.
        sent: the body of the example, '' for none.
    """

    key: str
    method: str
    path: str
    title: str
    about: str
    parameters: list[ToldParameter]
    asked: str
    sent: str
    answer: str


@dataclass(frozen=True)
class ToldPart:
    """Operations that belong together."""

    name: str
    about: str
    operations: list[ToldOperation]


def told_parts(document: Mapping[str, Any]) -> list[ToldPart]:
    """Return the parts of the document in its order."""
    found = [
        (operation["tags"], _operation(document, method.upper(), path, operation))
        for path, part in document["paths"].items()
        for method, operation in part.items()
    ]
    return [
        ToldPart(
            _said(tag["name"]),
            _said(tag["description"]),
            [told for tags, told in found if tag["name"] in tags],
        )
        for tag in document["tags"]
    ]


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> ToldOperation:
    given, sent = operation["parameters"], ""
    parameters = [_parameter(one["name"], one["required"], one) for one in given]
    if "requestBody" in operation:
        body = operation["requestBody"]["content"][BODY]
        sent = _pretty(body["example"])
        shape = document["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
        needed = shape.get("required", ())
        parameters += [
            _parameter(name, name in needed, {"schema": part, **part})
            for name, part in shape["properties"].items()
        ]
    return ToldOperation(
        operation["operationId"],
        method,
        path,
        _said(operation["summary"]),
        _said(operation["description"]),
        parameters,
        _asked(path, given),
        sent,
        _pretty(operation["responses"]["200"]["content"][BODY]["example"]),
    )


def _parameter(name: str, needed: bool, told: Mapping[str, Any]) -> ToldParameter:
    schema = told["schema"]
    choices = [schema["const"]] if "const" in schema else schema.get("enum", [])
    values = "" if choices else _values(schema)
    return ToldParameter(name, needed, _said(told["description"]), values, choices)


def _values(schema: Mapping[str, Any]) -> str:
    """Return in words what a value can be."""
    if schema["type"] == "string":
        return str(_("text of at most %(most)s characters", most=number_words(schema["maxLength"])))
    least, most = number_words(schema["minimum"]), number_words(schema["maximum"])
    words = _("a whole number from %(least)s to %(most)s", least=least, most=most)
    if "default" not in schema:
        return str(words)
    return str(_("%(values)s; otherwise %(usual)s", values=words, usual=schema["default"]))


def _asked(path: str, parameters: list[dict[str, Any]]) -> str:
    """Return the address of an example: with what is needed, as the document has it."""
    needed = {one["name"]: one["example"] for one in parameters if one["required"]}
    in_path = {name for name in needed if f"{{{name}}}" in path}
    asked = {name: value for name, value in needed.items() if name not in in_path}
    return path.format(**needed) + (f"?{urlencode(asked)}" if asked else "")


def _pretty(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)


def _said(text: str) -> str:
    """Return a text of the document in the language of the page."""
    return translated(Words(text))
