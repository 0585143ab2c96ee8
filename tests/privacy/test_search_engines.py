"""Search engines get pages about conditions, never pages with people's pseudonyms."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from mapapp.domain.areas import load_areas
from mapapp.web.headers import FOR_SEARCH_ENGINES


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", True),
        ("/conditions/dystonia", True),
        ("/conditions/dystonia/map", True),
        ("/conditions/dystonia/areas/GB", False),
        ("/conditions/dystonia/nearby?town=Leeds", False),
        ("/sign-in", False),
        ("/nothing-here", False),
    ],
)
def test_who_may_be_indexed(client: FlaskClient, path: str, found: bool) -> None:
    assert (client.get(path).headers.get("X-Robots-Tag") is None) == found


def test_no_indexed_page_names_anybody(
    client: FlaskClient,
    make_member: Callable[..., Any],
    make_membership: Callable[..., Any],
    make_condition: Callable[..., Any],
    session: Any,
) -> None:
    condition = make_condition("dystonia")
    member = make_member(pseudonym="Zebra Lighthouse")
    area = load_areas().by_code("GB-WLS").id
    make_membership(condition, area, member=member, visibility="public")
    session.commit()
    assert len(FOR_SEARCH_ENGINES) == 7
    assert b"Zebra" in client.get("/conditions/dystonia/areas/GB-WLS").data
    for path in ("/", "/conditions?q=dystonia", "/conditions/dystonia", "/conditions/dystonia/map"):
        assert b"Zebra" not in client.get(path).data
