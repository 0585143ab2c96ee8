"""What is said where people stumble names the cause, and the way on."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.errors import BadInputError
from tests.forms import place_form
from tests.posts import Board

Login = Callable[..., FlaskClient]
FOREIGN = "to an address with letters such as “ä” before the @"
INDEX = "/conditions/dystonia/questions"
STORY = "/conditions/dystonia/stories/write"
AGE = "If you are 18 or over, tick the box that says so."


@pytest.mark.parametrize("typed", ["ä@example.org", " Zoë@example.org."])
def test_an_address_that_cannot_be_used_here_is_not_searched_for_a_comma(
    client: FlaskClient, login: Login, make_member: Callable[..., Any], typed: str
) -> None:
    visitor = client.post("/sign-in", data={"email": typed}).text
    member = login(make_member()).post("/account/address", data={"email": typed}).text
    for page in (visitor, member):
        assert FOREIGN in page
        assert "a comma" not in page


@pytest.mark.parametrize("typed", ["robin", "robin@@example.org", "robin@exämple", "a b@c.de"])
def test_other_mistakes_in_an_address_are_described(client: FlaskClient, typed: str) -> None:
    page = client.post("/sign-in", data={"email": typed}).text
    assert "Look for a space, a comma or a missing part" in page


@pytest.fixture
def newcomer(board: Board, login: Login) -> FlaskClient:
    """The browser of somebody who is on no map and has agreed to nothing."""
    board.condition()
    return login(board.member(email=None))


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (INDEX, {"question": "Does anybody sleep better in winter?"}),
        (STORY, {"title": "A year", "text": "I woke. " * 40, "role": "self", "named_to": "nobody"}),
    ],
)
def test_who_writes_without_saying_their_age_is_shown_the_box(
    newcomer: FlaskClient, path: str, sent: dict[str, str]
) -> None:
    page = newcomer.post(path, data=sent)
    assert page.status_code == 400
    assert AGE in page.text
    assert "on a map" not in page.text.partition("<main")[2].partition("</form>")[0]
    assert 'name="adult"' in page.text
    assert newcomer.post(path, data={**sent, "adult": "y"}).status_code == 303
    assert 'name="adult"' not in newcomer.get(path).text


def test_the_box_that_was_forgotten_is_named(newcomer: FlaskClient) -> None:
    page = newcomer.post("/conditions/dystonia/place", data=place_form()).text
    assert "Tick this box if you are 18 or over. This site is only for adults." in page


def test_a_name_that_is_longer_than_it_looks(board: Board) -> None:
    with pytest.raises(BadInputError, match="counts as if they were written out"):
        clean_pseudonym("\ufdfa" * 10, "A site")


def test_a_link_that_took_an_address_back_says_that_it_is_used(client: FlaskClient) -> None:
    for answer in (client.get("/account/address/undo/x"), client.post("/account/address/undo/x")):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text
        assert "It may have been used already, or be older than seven days." in answer.text
        main = answer.text.partition("<main")[2]
        assert "Nothing was changed" not in main
        assert 'href="/sign-in?next=/account"' in main
