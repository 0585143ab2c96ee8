"""After signing in, people go to a page of this site, whatever the URL says (privacy rule 4)."""

import pytest
from flask.testing import FlaskClient

from mapapp.web.core.security import local_path

ODD = (
    "//[",
    "//[evil",
    "/\\evil.example",
    "//evil.example",
    "///evil.example",
    "/\t/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/sign-out",
)


@pytest.mark.parametrize("target", ODD)
def test_other_places_become_the_start_page(target: str) -> None:
    assert local_path(target) == "/"


@pytest.mark.parametrize("target", ODD)
def test_the_page_answers_whatever_stands_in_next(client: FlaskClient, target: str) -> None:
    answer = client.get("/sign-in", query_string={"next": target})
    assert answer.status_code == 200
    assert "evil" not in answer.text
    assert "alert(1)" not in answer.text
