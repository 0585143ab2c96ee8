"""What no database can hold is refused at the door."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/conditions/dys%00tonia", 404),
        ("/conditions?q=dys%00tonia", 400),
        ("/conditions/dystonia/nearby?town=%00", 400),
    ],
)
def test_a_null_character(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_null_character_in_a_form(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"email": "a\0@example.org"}).status_code == 400
