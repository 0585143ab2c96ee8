"""The page of a condition: what it is a form of, and who is on the maps near it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.store.conditions import Condition
from tests.places import zones_of
from tests.published import change_number
from tests.worlds import HERE

CERVICAL = "/conditions/cervical-dystonia"


def by_slug(session: Session, slug: str) -> Condition:
    return session.scalars(select(Condition).where(Condition.slug == slug)).one()


def people(session: Session, **numbers: int) -> None:
    for slug, n in numbers.items():
        change_number(session, by_slug(session, slug.replace("_", "-")), zones_of(HERE)[0], n)
    session.commit()


def section(page: str) -> str:
    found = re.search(
        r'<section class="stack[^"]*" aria-labelledby="family">(.*?)</section>', page, re.S
    )
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_an_empty_map_shows_the_nearest_people_and_the_family(
    client: FlaskClient, session: Session
) -> None:
    people(session, hand_dystonia=4, dystonia=2, epilepsy=50)
    page = client.get(CERVICAL).text
    assert "Be the first on this map" in page
    assert page.count("button-primary") == 1
    words = section(page)
    assert re.search(
        r"nearest maps with people (Dystonia 2 people W.* dystonia 4|W.* dystonia 4 .*Dystonia 2)",
        words,
    )
    assert "focal dystonia 4 people on 1 map" in words
    assert "pilepsy" not in words
    assert page.index('id="family"') < page.index('id="questions"')


def test_nearer_comes_before_larger(client: FlaskClient, session: Session) -> None:
    people(session, hand_dystonia=1, dystonia_12=90)
    words = section(client.get(CERVICAL).text)
    assert words.index("hand dystonia") < words.index("dystonia 12")


def test_a_map_with_many_people_tells_of_its_family_at_the_end(
    client: FlaskClient, session: Session
) -> None:
    people(session, cervical_dystonia=10)
    page = client.get(CERVICAL).text
    assert page.index('id="family"') > page.index('id="questions"')
    # Its own people are part of the family.
    assert "focal dystonia 10 people on 1 map" in section(page)


def test_a_family_that_nobody_joined_says_so(client: FlaskClient) -> None:
    words = section(client.get(CERVICAL).text)
    assert "Nobody has joined a map of this family yet." in words
    assert "focal dystonia" in words


def test_with_nobody_near_the_group_is_shown(client: FlaskClient, session: Session) -> None:
    by_slug(session, "essential-tremor").group = by_slug(session, "cervical-dystonia").group
    people(session, essential_tremor=3)
    words = section(client.get(CERVICAL).text)
    assert "Maps with people in the group “Movement and balance” Essential tremor 3 people" in words


def test_forms_are_listed_with_most_people_first(client: FlaskClient, session: Session) -> None:
    people(session, focal_dystonia=1, hemidystonia_hemiatrophy_syndrome=2)
    words = section(client.get("/conditions/dystonia").text)
    forms = words.split("Forms of it ")[1]
    assert forms.startswith("hemidystonia-hemiatrophy syndrome 2 people focal dystonia 1 person ")
    assert "The number of a family adds up its maps." in forms


@pytest.mark.parametrize("shown", [True, False])
def test_what_staff_hid_is_not_in_the_family(
    client: FlaskClient, session: Session, shown: bool
) -> None:
    people(session, hand_dystonia=4)
    by_slug(session, "hand-dystonia").shown = shown
    session.commit()
    words = section(client.get(CERVICAL).text)
    assert ("hand dystonia" in words) is shown
    assert ("4 people on 1 map" in words) is shown


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("dystonia-22-juvenile-onset", "Dystonia 22, juvenile-onset is a form of inherited"),
        ("focal-dystonia", "Focal dystonia is a form of dystonia."),
        ("cerebral-palsy-spastic-monoplegic", "spastic monoplegia."),
        ("lung-disorder", "Lung disorder is in the group “Lungs and breathing”."),
        ("misophonia", "Misophonia is in the group “Mental health”."),
    ],
)
def test_the_place_in_the_family_is_said_in_words(
    client: FlaskClient, slug: str, said: str
) -> None:
    page = client.get(f"/conditions/{slug}").text
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert said in description
    assert f"<p>{description}</p>" in page
    assert "In short." not in page


def test_two_families_are_both_named(client: FlaskClient) -> None:
    page = client.get("/conditions/small-intestinal-tubular-adenoma").text
    assert re.search(r"is a form of (tubular adenoma) and of adenoma of small intestine\.", page)


def test_every_condition_has_its_place_in_words() -> None:
    groups = load_catalogue().groups
    assert all(condition.group in groups for condition in load_catalogue().conditions)
