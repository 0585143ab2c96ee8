"""Two maps side by side: the numbers of each, the way there, and nothing about both together."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from tests import factories
from tests.places import zones_of
from tests.published import change_numbers
from tests.worlds import HERE, whole_answer

BOTH = "/conditions/dystonia/compare/gout"
CHOOSE = "/conditions/dystonia/compare"
Login = Callable[..., FlaskClient]


@pytest.fixture
def _maps(session: Session) -> None:
    for slug, people in (
        ("dystonia", {"DE": 40, "FR": 7, "CN": 130}),
        ("gout", {"DE": 9, "IT": 2500}),
    ):
        condition = factories.make_condition(session, slug, name=slug.capitalize())
        ids = {load_areas().by_code(code).id: n for code, n in people.items()}
        change_numbers(session, condition, ids)
    session.commit()


def _rows(page: str) -> list[list[str]]:
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")]
    return [[re.sub("<[^>]+>", "", cell) for cell in row] for row in cells if row]


@pytest.mark.usefixtures("_maps")
def test_both_numbers_and_both_rates_by_country(client: FlaskClient) -> None:
    page = client.get(BOTH).text
    assert _rows(page) == [
        ["China", "130 1 in 11 million", "0"],
        ["Germany", "40 1 in 2.1 million", "9 1 in 9.3 million"],
        ["France", "7", "0"],
        ["Italy", "0", "2,500 41"],
    ]
    assert "177 people</span> in 3 countries" in page
    assert "2,509 people</span> in 2 countries" in page
    assert "Nobody can tell from them who is on both." in page


@pytest.mark.usefixtures("_maps")
def test_a_shade_means_the_same_in_both_worlds(client: FlaskClient) -> None:
    page = client.get(BOTH).text
    areas = load_areas()
    first, second = (
        dict(re.findall(r'href="#land-(\d+)" data-shade="(\d)"', world))
        for world in page.split('role="img" aria-label="World map of')[1:3]
    )
    at = {code: str(areas.by_code(code).id) for code in ("DE", "CN", "IT")}
    assert second[at["IT"]] == "6"  # the only one with thousands
    assert int(first[at["CN"]]) > int(first[at["DE"]]) > int(second[at["DE"]]) > 0
    assert page.count('<path id="land-') > 150  # each country once


@pytest.mark.usefixtures("_maps")
def test_it_reads_the_same_from_the_other_side(client: FlaskClient) -> None:
    turned = _rows(client.get("/conditions/gout/compare/dystonia").text)
    assert sorted([name, b, a] for name, a, b in turned) == sorted(_rows(client.get(BOTH).text))


@pytest.mark.usefixtures("_maps")
def test_search_engines_leave_it_out(client: FlaskClient) -> None:
    for path in (BOTH, CHOOSE):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex"
        assert 'rel="canonical"' not in client.get(path).text


@pytest.mark.usefixtures("_maps")
def test_the_search_leads_on(client: FlaskClient) -> None:
    offered = client.get(f"{CHOOSE}?q=gou").text
    assert f'<a href="{BOTH}">' in offered
    assert f'href="{CHOOSE}/dystonia"' not in client.get(f"{CHOOSE}?q=dystonia").text
    exact = client.get(f"{CHOOSE}?q=gOUT")
    assert (exact.status_code, exact.location) == (303, BOTH)
    assert "We know no other condition by that name." in client.get(f"{CHOOSE}?q=xqzvwk").text
    assert client.get(f"{CHOOSE}?q={'x' * 101}").status_code == 400


@pytest.mark.parametrize("path", ["/conditions/dystonia", "/conditions/dystonia/map"])
@pytest.mark.usefixtures("_maps")
def test_map_and_condition_lead_here(client: FlaskClient, path: str) -> None:
    assert f'href="{CHOOSE}">Compare with another condition</a>' in client.get(path).text


@pytest.mark.usefixtures("_maps")
def test_not_with_itself_or_with_what_is_not_there(client: FlaskClient, session: Session) -> None:
    same = client.get(f"{CHOOSE}/dystonia")
    assert same.status_code == 400
    assert "Choose another one to compare it with." in same.text
    factories.make_condition(session, "hidden", shown=False)
    session.commit()
    for path in (f"{CHOOSE}/hidden", "/conditions/hidden/compare", f"{CHOOSE}/nothing"):
        assert client.get(path).status_code == 404


def test_two_empty_maps(client: FlaskClient, session: Session) -> None:
    for slug in ("dystonia", "gout"):
        factories.make_condition(session, slug)
    session.commit()
    page = client.get(BOTH).text
    assert page.count("Nobody is on this map yet.") == 2
    assert "<table" not in page


def test_who_is_on_both_cannot_be_told(
    client: FlaskClient, session: Session, login: Login, make_member: Callable[..., Any]
) -> None:
    """The same for one member on both maps and for two on one each (privacy rule 2)."""
    answers = []
    for slugs in (("asthma", "gout"), ("eczema", "lupus")):
        both = [factories.make_condition(session, slug, name="A map") for slug in slugs]
        zone = zones_of(HERE)[0]
        people = [make_member()] * 2 if slugs[0] == "asthma" else [make_member(), make_member()]
        for condition, who in zip(both, people, strict=True):
            factories.make_membership(session, condition, zone, member=who, visibility="members")
        session.commit()
        reader = login(make_member(), on=client)
        page = reader.get(f"/conditions/{slugs[0]}/compare/{slugs[1]}").text
        page = re.sub(r'name="csrf_token"[^>]*', "", page)
        answers.append(page.replace(slugs[0], "one").replace(slugs[1], "other"))
    assert answers[0] == answers[1]


@pytest.mark.usefixtures("_maps")
def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    before = whole_answer(client, BOTH)
    assert whole_answer(client, BOTH) == before
    tag = client.get(BOTH).headers["ETag"]
    assert client.get(BOTH, headers={"If-None-Match": tag}).status_code == 304
