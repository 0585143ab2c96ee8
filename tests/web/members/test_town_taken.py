"""“Who is near” says which town it took, asks where there are several, and when none was typed."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.places import zones_of
from tests.worlds import HERE, fill

ADDRESS = "/conditions/dystonia/nearby"


def look(client: FlaskClient, town: str) -> str:
    """Type a town into the form, and return the page that it leads to."""
    answer = client.post(ADDRESS, data={"town": town}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_an_empty_field_says_what_to_type(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = look(client, " ")
    assert '<p class="error" id="town-error">Type a town.</p>' in page
    assert page.count(" autofocus") == 1
    assert "Type a town." not in client.get(ADDRESS).text


def test_the_page_says_which_springfield_and_which_ashford(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    assert "Springfield, Ohio, United States</h1>" in look(client, "Springfield, Ohio")
    (link,) = re.findall(r'<a href="([^"]*)">Ashford, near Staines', look(client, "Ashford"))
    assert "Ashford" not in link
    page = client.get(link).text
    assert "Staines, United Kingdom</h1>" in page
    assert "Ashford belongs to the area around Staines." in page


def test_a_misspelt_name_of_one_town_asks_which_one(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = look(client, "Sprinfield")
    assert "<title>Which place do you mean? – " in page
    assert "Springfield, Ohio, United States" in page


def test_only_who_has_a_place_is_led_to_it(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    condition, me = fill(session), factories.make_member(session)
    session.commit()
    for is_placed in (False, True):
        if is_placed:
            factories.make_membership(session, condition, zones_of(HERE)[0], member=me)
            session.commit()
        login(me)
        page = client.get("/conditions/dystonia").text
        assert ("See who is near your place" in page) is is_placed
        assert ('name="town"' in page) is not is_placed
        page = client.get(f"{ADDRESS}?area={zones_of(HERE)[0]}&role=parent").text
        assert ("Use my place instead" in page) is is_placed
        assert (f'href="{ADDRESS}?role=parent">Use my place' in page) is is_placed
