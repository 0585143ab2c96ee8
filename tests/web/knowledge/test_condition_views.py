"""All conditions: search, letters, groups; the page of one; suggestions."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.store.conditions import Condition, ConditionName
from mapapp.store.published import MonthEnd, SiteMonthEnd
from tests import factories
from tests.places import zones_of
from tests.trust import World
from tests.worlds import counted_queries, fill, hide_somebody, whole_answer


def test_index_shows_ways_to_all(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get("/conditions").text
    assert "/conditions/dystonia" in page
    assert "letter=D" in page
    assert "group=" in page


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("dystonia", "dystonia"),
        ("dystonai", "dystonia"),
        ("ME/CFS", "me-cfs"),
        ("long covid", "long-covid"),
    ],
)
def test_search_finds_what_people_type(client: FlaskClient, typed: str, slug: str) -> None:
    page = client.get("/conditions", query_string={"q": typed}).text
    links = [part.split('"')[0] for part in page.split('href="/conditions/')[1:]]
    assert slug in links[:3], links[:5]


def test_search_finds_nothing_kindly(client: FlaskClient) -> None:
    response = client.get("/conditions?q=zzzzqqqqxxxx")
    assert response.status_code == 200
    assert "We do not know a condition by that name" in response.text


@pytest.mark.both
def test_groups(client: FlaskClient) -> None:
    index = client.get("/conditions").text
    key = index.split("?group=")[1].split('"')[0]
    assert client.get(f"/conditions?group={key}").status_code == 200
    assert client.get(f"/conditions?group={key}&page=99999").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("letter=DD", 400),
        ("letter=%C3%84", 400),
        ("letter=D&page=-1", 400),
        ("letter=D&page=x", 400),
        ("group=none-such", 404),
        ("q=" + "a" * 101, 400),
    ],
)
def test_bad_input(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/conditions?{query}").status_code == status


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("GB-ENG",), "1 person in 1 country"),
        (("GB-ENG", "GB-SCT"), "2 people in 1 country"),
        (("GB-ENG", "GB-SCT", "DE-BY"), "3 people in 2 countries"),
    ],
)
def test_people_and_countries_are_each_one_or_many(
    client: FlaskClient, world: World, codes: tuple[str, ...], words: str
) -> None:
    for code in codes:
        world.place(world.member(), "public", area_id=zones_of(code)[0])
    world.session.commit()
    for path in ("/", "/conditions/dystonia", "/conditions/dystonia/map"):
        page = " ".join(re.sub(r"<[^>]*>", " ", client.get(path).text).split())
        assert re.search(rf"{words}\b", page), path


def test_condition(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get("/conditions/dystonia").text
    assert "3 people" in page
    assert "That is who has joined, not how many people have it." in page
    assert "/conditions/dystonia/map" in page
    assert "/conditions/dystonia/join" in page
    assert "Germany" in page


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("dystonia 12", "Dystonia 12"),
        ("von Hippel-Lindau disease", "Von Hippel-Lindau disease"),
        ("tRNA disorder", "tRNA disorder"),
        ("α-mannosidosis", "α-mannosidosis"),
    ],
)
def test_a_title_begins_large(client: FlaskClient, session: Session, name: str, title: str) -> None:
    factories.make_condition(session, "named", name=name)
    session.commit()
    assert f"<title>{title} – " in client.get("/conditions/named").text


def test_what_it_is_in_short(client: FlaskClient, session: Session) -> None:
    condition = session.scalars(select(Condition).where(Condition.code == "MONDO:0003441")).one()
    path = f"/conditions/{condition.slug}"
    ours = "Dystonia makes muscles tighten when they are not meant to."
    page = client.get(path).text
    assert f'<p lang="en">{ours}' in page
    assert "In short. Not medical advice." in page
    assert f'<meta name="description" content="{ours}' in page
    condition.about = 'Our own "words".'
    session.commit()
    page = client.get(path).text
    assert "<p>Our own &#34;words&#34;.</p>" in page
    assert '<meta name="description" content="Our own &#34;words&#34;.">' in page
    assert ours not in page
    assert "In short." not in page


def test_most_conditions_are_described_by_their_place_alone(client: FlaskClient) -> None:
    page = client.get("/conditions/chiari-malformation").text
    assert '<meta name="description" content="Chiari malformation is ' in page
    assert "In short." not in page


def test_codes_elsewhere_with_links_that_tell_nothing(client: FlaskClient) -> None:
    page = client.get("/conditions/dystonia").text
    codes = page[page.index('<h3 id="codes">') :]
    quiet = 'rel="external noopener noreferrer nofollow"'
    assert f'<a href="https://meshb.nlm.nih.gov/record/ui?ui=D020821" {quiet}>MeSH: ' in codes
    assert ">D020821</span></a>" in codes
    assert codes.count(quiet) == 4
    assert "as Mondo had it in July 2024" in codes


def test_conditions_of_staff_have_no_codes(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "ours", code="STAFF:0001")
    session.commit()
    assert 'id="codes"' not in client.get("/conditions/ours").text


def test_a_code_is_found_and_said(client: FlaskClient) -> None:
    page = client.get("/conditions", query_string={"q": "orpha 58"}).text
    assert "(Orphanet 58)" in page
    assert "Nothing has exactly that name" not in page
    offered = client.get("/api/v1/conditions", query_string={"q": "D020821"}).json["items"]
    assert (offered[0]["name"], offered[0]["detail"]) == ("Dystonia", "MeSH D020821")


def test_condition_without_people(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "rare")
    session.commit()
    page = client.get("/conditions/rare").text
    assert "Nobody has joined this map yet. You would be the first." in page
    assert "map.svg" not in page


@pytest.mark.parametrize("slug", ["gone", "no-such-condition", "%00", "a" * 300])
def test_unknown_and_hidden(client: FlaskClient, session: Session, slug: str) -> None:
    factories.make_condition(session, "gone", shown=False)
    session.commit()
    assert client.get(f"/conditions/{slug}").status_code == 404


@pytest.mark.both
def test_what_staff_changed_is_found_and_hidden(client: FlaskClient, session: Session) -> None:
    def found(typed: str) -> str:
        return client.get("/conditions", query_string={"q": typed}).text

    assert "/conditions/dystonia-of-our-own" not in found("Wobbleitis")
    added = factories.make_condition(session, "dystonia-of-our-own", name="Wobbleitis")
    session.add(ConditionName(condition_id=added.id, name="Jiggle disease"))
    facts.step_up(session, facts.CONDITIONS_VERSION)
    session.commit()
    assert "/conditions/dystonia-of-our-own" in found("Wobbleitis")
    assert "/conditions/dystonia-of-our-own" in found("jiggle disease")
    added.shown = False
    facts.step_up(session, facts.CONDITIONS_VERSION)
    session.commit()
    assert "/conditions/dystonia-of-our-own" not in found("Wobbleitis")
    assert "Wobbleitis" not in client.get("/conditions?letter=W").text


def test_suggested_conditions(client: FlaskClient) -> None:
    response = client.get("/api/v1/conditions?q=dysto")
    first = response.json["items"][0]
    assert "dystoni" in first["name"].lower()
    assert first["url"].startswith("/conditions/")
    assert response.headers["Cache-Control"] == "no-store"


def test_another_name_is_explained(client: FlaskClient) -> None:
    first = client.get("/api/v1/conditions?q=epiloia").json["items"][0]
    assert (first["name"].lower(), first["detail"].lower()) == (
        "tuberous sclerosis",
        "also called epiloia",
    )


def test_hurtful_names_are_found_and_not_shown(client: FlaskClient) -> None:
    first = client.get("/api/v1/conditions?q=happy puppet syndrome").json["items"][0]
    assert first["url"] == "/conditions/angelman-syndrome"
    assert first["detail"] == ""
    found = client.get("/conditions?q=happy+puppet+syndrome").text
    assert "/conditions/angelman-syndrome" in found
    assert "also called happy puppet" not in found.lower()
    assert "Nothing has exactly that name" not in found
    assert "puppet" not in client.get("/conditions/angelman-syndrome").text.lower()


def test_suggested_towns(client: FlaskClient) -> None:
    response = client.get("/api/v1/towns?q=Leeds")
    first = response.json["items"][0]
    assert (first["name"], first["detail"]) == ("Leeds", "England, United Kingdom")
    assert isinstance(first["area"], int)
    assert "lat" not in first
    assert response.headers["Cache-Control"] == "no-store"


def test_suggestions_for_nothing_and_for_too_much(client: FlaskClient) -> None:
    assert client.get("/api/v1/towns").json["items"] == []
    for kind in ("towns", "conditions"):
        assert client.get(f"/api/v1/{kind}?q={'a' * 101}").status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/conditions", "/conditions/dystonia", "/conditions?q=dystonia", "/conditions?letter=D"],
)
def test_hidden_people_change_no_byte(client: FlaskClient, session: Session, path: str) -> None:
    condition = fill(session)
    before = whole_answer(client, path)
    hide_somebody(session, condition)
    assert whole_answer(client, path) == before


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/conditions", 5),
        ("/conditions/dystonia", 9),
        ("/conditions?q=dystonia", 6),
        ("/conditions?letter=D", 5),
        ("/api/v1/conditions?q=dystonia", 4),
        ("/api/v1/towns?q=Leeds", 0),
    ],
)
def test_budget_of_queries(
    app: Flask, client: FlaskClient, session: Session, path: str, most: int
) -> None:
    fill(session)
    client.get(path)
    with counted_queries(app) as statements:
        client.get(path)
    assert len(statements) <= most


@pytest.mark.both
def test_growth_is_told_from_the_totals_of_the_ends_of_months(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    session.refresh(condition)
    people = condition.listed
    page = client.get("/conditions/dystonia").text
    assert "than at the end of" not in page  # no end was kept yet
    for month, listed in (("2026-08", 0), ("2026-09", people - 2), ("2026-10", people - 1)):
        session.add(SiteMonthEnd(month=month, listed=listed, conditions=1))
        session.add(MonthEnd(condition_id=condition.id, month=month, listed=listed))
    session.commit()
    page = client.get("/conditions/dystonia").text
    assert "That is 2 more than at the end of September 2026." in page
    session.execute(update(MonthEnd).values(listed=people))
    session.commit()
    assert "than at the end of" not in client.get("/conditions/dystonia").text
