"""The site does what the document of its API says, whatever is asked: right, odd and wrong."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from sqlalchemy.orm import Session

from mapapp.web.open_data.api_document import KEPT_AS, api_document
from tests.worlds import fill

DOCUMENT = "/api/v1/openapi.json"
TRIED = {
    # In the test's own process nothing unpacks an answer.
    "headers": {"Accept-Encoding": "identity"},
    # Which texts are places in a list only the site knows; tests of lists follow the links.
    "parameters": {"query.cursor": ""},
    "generation": {"max-examples": 12, "deterministic": True, "no-shrink": True},
    "phases": {"stateful": {"enabled": False}},
    # Capitals in the address of a condition lead to it, as on pages.
    "checks": {"negative_data_rejection": {"expected-statuses": ["308", "400", "404", "405"]}},
}


def _found(app: Flask) -> tuple[set[str], int]:
    """Return what schemathesis finds, and how often it looked."""
    config = schemathesis.Config.from_dict(TRIED)
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, app, config=config)
    found, looked = set(), 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            found.add(f"{event.label}: {event.value}")
        if isinstance(event, events.ScenarioFinished):
            checks = [one for case in event.recorder.checks.values() for one in case]
            looked += len(checks)
            wrong = [one.failure_info for one in checks if one.failure_info]
            found |= {f"{one.failure.title}: {one.code_sample}" for one in wrong}
    return found, looked


def test_schemathesis_finds_nothing(app: Flask, session: Session) -> None:
    fill(session)
    found, looked = _found(app)
    assert found == set()
    assert looked > 2000


def test_schemathesis_finds_what_the_document_does_not_say(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session)
    with app.test_request_context():
        document: dict[str, Any] = api_document()
    area = document["components"]["schemas"]["Area"]
    changed = {**area, "required": [*area["required"], "street"]}
    schemas = {**document["components"]["schemas"], "Area": changed}
    paths = {path: document["paths"][path] for path in ("/api/v1/areas/{area_id}",)}
    document = {**document, "paths": paths, "components": {"schemas": schemas}}
    monkeypatch.setitem(app.extensions, KEPT_AS, document)
    found, _looked = _found(app)
    assert {one.partition(":")[0] for one in found} == {"Response violates schema"}
