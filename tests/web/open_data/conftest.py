"""A small map, and its OGC service to ask."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.worlds import fill

ROOT = "/conditions/dystonia/ogc"

Ask = Callable[..., Any]
Conforms = Callable[..., Any]


@pytest.fixture
def ask(client: FlaskClient, session: Session) -> Ask:
    """Ask the service for JSON, and get what it says."""
    fill(session)

    def _ask(path: str = "", status: int = 200, **query: object) -> Any:
        answer = client.get(ROOT + path, query_string=query)
        assert answer.status_code == status, answer.text
        return answer.get_json(force=True)

    return _ask


@pytest.fixture
def conforms(client: FlaskClient, ask: Ask) -> Conforms:
    """Ask for what the service's definition describes, and hold the answer to it."""
    described = schemathesis.openapi.from_dict(ask("/api"))

    def _conforms(path: str, feature: int | None = None, query: str = "") -> Any:
        here = ROOT + path.rstrip("/").replace("{featureId}", str(feature))
        answer = client.get(here + query)
        described[path]["GET"].validate_response(answer)
        return answer.get_json(force=True)

    return _conforms


def links(document: Any, rel: str) -> dict[str, str]:
    """Return the addresses that a document gives for a relation, by media type."""
    return {one["type"]: one["href"] for one in document["links"] if one["rel"] == rel}
