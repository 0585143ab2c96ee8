"""Who is near: numbers before names, one's own place, and choosing among people."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.quotas import HOUR, Limit
from tests import factories
from tests.paging import pages_of
from tests.places import zones_of
from tests.worlds import HERE, fill, hide_somebody, whole_answer

ADDRESS = "/conditions/dystonia/nearby"


def here() -> str:
    return f"{ADDRESS}?area={zones_of(HERE)[0]}"


@pytest.fixture
def crowd(session: Session) -> Any:
    """A map with people near Berlin; the page for Wren, who speaks German and Spanish."""
    condition = fill(session)
    zone = zones_of(HERE)[0]
    with factories.published_together(session):
        for name, languages, role, visibility in (
            ("Ana", ["es"], "self", "public"),
            ("Bea", ["es", "de"], "parent", "members"),
            ("Cleo", ["fr"], "clinician", "map"),
        ):
            who = factories.make_member(session, pseudonym=name, languages=languages)
            given = {"role": role, "visibility": visibility}
            factories.make_membership(session, condition, zone, member=who, **given)
    session.commit()
    return condition


@pytest.fixture
def wren(session: Session, crowd: Any) -> Any:
    who = factories.make_member(session, pseudonym="Wren", languages=["de", "es"])
    factories.make_membership(session, crowd, zones_of(HERE)[0], member=who, visibility="map")
    session.commit()
    return who


def in_common(page: str) -> list[str]:
    """Return what the page says of people near by, without the names of links."""
    found = re.search(r'<ul class="list-plain pills".*?</ul>', page, re.S)
    return re.findall(r">([^<]+)</a>", found[0]) if found else []


def test_numbers_before_names(client: FlaskClient, session: Session, crowd: Any) -> None:
    page = client.get(here()).text
    assert page.index("5 people in this area") < page.index("1 speaks Spanish")
    assert page.index("1 speaks Spanish") < page.index(">Ana<")
    # Those whom a visitor does not see by name are counted by distance alone.
    assert in_common(page) == ["2 speak German", "1 speaks Spanish", "3 live with it"]


def test_numbers_of_who_is_on_the_map(
    client: FlaskClient, session: Session, wren: Any, login: Callable[..., Any]
) -> None:
    login(wren)
    page = client.get(ADDRESS).text
    assert "Who is near you, seen from your place" in page
    assert "Of the nearest 5 people you can meet:" in page
    assert in_common(page) == [
        "4 speak your languages",
        "3 speak German",
        "2 speak Spanish",
        "1 speaks French",
        "3 live with it",
        "1 is a parent or carer",
        "1 says they are a clinician",
    ]
    assert f'href="{ADDRESS}?language=de&amp;language=es#people">4 speak your languages<' in page
    assert "area=" not in page.partition("<main")[2].partition("<footer")[0]


def test_a_choice_is_kept_on_all_pages_and_elsewhere(
    client: FlaskClient, session: Session, wren: Any, crowd: Any, login: Callable[..., Any]
) -> None:
    zone = zones_of(HERE)[0]
    with factories.published_together(session):
        for n in range(45):
            who = factories.make_member(session, languages=["es" if n % 2 else "tr"])
            factories.make_membership(session, crowd, zone, member=who, visibility="public")
        for _ in range(9):
            who = factories.make_member(session, languages=["tr"])
            given = {"visibility": "public", "role": "family"}
            factories.make_membership(session, crowd, zone, member=who, **given)
    session.commit()
    login(wren)
    asked = f"{ADDRESS}?role=self&language=es&language=tr"
    pages = list(pages_of(client, asked))
    assert [page.count('class="person"') for page in pages] == [20, 20, 6]
    for page in pages[:-1]:
        link = re.search(r'rel="next" href="([^"]+)"', page)
        assert link
        assert "role=self&amp;language=es&amp;language=tr&amp;page=" in link[1]
    for kept in ("role", "language"):
        assert re.search(rf'<form[^>]*method="post">\s*.*name="{kept}"', pages[0])
    answer = client.post(ADDRESS, data={"town": "Paris", "role": "self", "language": ["es", "tr"]})
    assert answer.location.endswith("&role=self&language=es&language=tr")


def test_speaks_my_languages_in_one_click(
    client: FlaskClient, session: Session, wren: Any, login: Callable[..., Any]
) -> None:
    login(wren)
    link = re.search(r'href="([^"]+)#people">Speaks my languages<', client.get(ADDRESS).text)
    assert link
    page = client.get(link[1].replace("&amp;", "&")).text
    assert ">Cleo<" not in page
    assert page.count('class="person"') == 5
    assert "Speaks my languages<" not in page
    silent = factories.make_member(session, languages=[])
    session.commit()
    login(silent)
    page = client.get(here()).text
    assert "Speaks my languages<" not in page
    assert "Say which languages you speak" in page


def test_many_languages_are_too_many(client: FlaskClient, session: Session) -> None:
    fill(session)
    tags = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "uk")
    asked = "".join(f"&language={tag}" for tag in tags)
    assert client.get(here() + asked).status_code == 400
    assert client.get(here() + asked.removesuffix("&language=uk")).status_code == 200


def test_own_place_is_a_search_like_any_other(
    client: FlaskClient,
    session: Session,
    wren: Any,
    login: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = Limit("nearby-member", 2, HOUR)
    monkeypatch.setattr("mapapp.web.members.near_place.NEARBY_MEMBER", few)
    login(wren)
    statuses = [client.get(path).status_code for path in (ADDRESS, here(), ADDRESS)]
    assert statuses == [200, 200, 429]


def test_no_numbers_of_roles_where_no_more_names_are_shown(
    client: FlaskClient, session: Session, crowd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_common(client.get(here()).text)
    monkeypatch.setattr("mapapp.domain.safety.reading_limits.MOST_PEOPLE", 1)
    page = client.get(f"{here()}&role=self").text
    assert "Visitors from your network have seen" in page
    assert in_common(page) == []


def test_who_is_counted_is_read_as_if_by_name(
    client: FlaskClient, session: Session, crowd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = f"{here()}&role=researcher"
    page = client.get(nobody).text
    assert "Nobody who shows a pseudonym matches that." in page
    assert in_common(page) == ["2 speak German", "1 speaks Spanish", "3 live with it"]
    monkeypatch.setattr("mapapp.domain.safety.reading_limits.MOST_PEOPLE", 3)
    assert in_common(client.get(nobody).text)  # the same three, once more
    far = zones_of("NZ")[0]
    factories.make_crowd(session, crowd, far, 1)
    session.commit()
    page = client.get(f"{ADDRESS}?area={far}&role=researcher").text
    assert "Visitors from your network have seen" in page
    assert in_common(page) == []


def test_who_hides_changes_no_number_of_roles_or_languages(
    client: FlaskClient, session: Session, crowd: Any
) -> None:
    before = whole_answer(client, here())
    hide_somebody(session, crowd)
    assert whole_answer(client, here()) == before
