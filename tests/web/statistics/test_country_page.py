"""The numbers of one country: its regions as published, and what releases tell of it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.conditions import Condition
from tests import factories
from tests.charts import bars, section, shades, table, words
from tests.places import zones_of
from tests.releases import put_release

PAGE = "/conditions/dystonia/statistics/DE"


@pytest.fixture
def dystonia(session: Session) -> Condition:
    """A map of twelve people in Germany, two of them without a region, and one in France."""
    made = factories.make_condition(session, "dystonia", name="dystonia")
    germany, france = (load_areas().by_code(code).id for code in ("DE", "FR"))
    with factories.published_together(session):
        for area, people in (
            (zones_of("DE-BE")[0], 9),
            (zones_of("DE-BY")[0], 1),
            (germany, 2),
            (france, 1),
        ):
            for _ in range(people):
                factories.make_membership(session, made, area, visibility="map")
        factories.make_membership(session, made, zones_of("DE-HH")[0], visibility="counted")
    session.commit()
    return made


def _main(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main")[0]


def test_regions_are_exact(client: FlaskClient, dystonia: Condition) -> None:
    main = _main(client)
    facts = "Dystonia: Germany in numbers People on the map 12 Regions with people 2 of 16"
    assert facts in words(main)
    assert re.search(
        r"Residents about 8\d,000,000 Of all residents 1 in [67](\.\d)? million", words(main)
    )
    places = section(main, "places")
    assert bars(places) == [("Berlin", "100.0%", "9"), ("Bavaria", "11.1%", "1")]
    assert shades(places) == {"Berlin, Germany: 9 people": "4", "Bavaria, Germany: 1 person": "1"}
    berlin, bavaria, nowhere = table(places)
    assert berlin[:2] == ["Berlin", "9"]
    assert berlin[3].startswith("1 in ")
    assert bavaria[1] == "1"
    assert bavaria[3] == "–"
    assert nowhere == ["Germany, without a region", "2", "–", "–"]
    assert "They are not a sample of everyone who has the condition." in words(main)
    assert "They do not say how many people have the condition" in words(main)


def test_where_no_region_has_a_rate_there_is_no_choice(
    client: FlaskClient, dystonia: Condition
) -> None:
    assert 'href="/conditions/dystonia/map#DE"' in _main(client)
    assert 'href="/conditions/dystonia/map?by=rate#DE"' in _main(client, f"{PAGE}?by=rate")
    france = _main(client, f"{PAGE[:-2]}FR?by=rate")
    assert "by=rate" not in france
    assert "People on this map Nobody yet 1 person or more" in words(section(france, "places"))


@pytest.mark.both
def test_a_release_tells_of_the_country_alone(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    assert "There is nothing to show of this country." in words(_main(client))
    put_release(session, dystonia, "people:country", **{"DE|": 40})
    put_release(session, dystonia, "role:country", **{"DE|self": 700, "DE|parent": 90})
    put_release(session, dystonia, "language:country", **{"FR|fr": 900})
    put_release(session, dystonia, "birth:world", **{"1960": 30})
    main = _main(client)
    assert "About 40 people more chose only to be counted." in words(main)
    assert bars(section(main, "role"))[:2] == [
        ("Lives with it", "100.0%", "about 700"),
        ("Parent or carer", "12.9%", "about 90"),
    ]
    assert "Not shown, because too few people said it: Language." in words(main)
    assert 'aria-labelledby="birth"' not in main
    france = _main(client, f"{PAGE[:-2]}FR")
    assert [said for said, _length, _n in bars(section(france, "language"))] == ["French"]
    assert "only to be counted" not in words(france)


def test_a_country_without_people(client: FlaskClient, dystonia: Condition) -> None:
    text = words(_main(client, f"{PAGE[:-2]}JP"))
    assert "Nobody is on the map here yet." in text


@pytest.mark.parametrize("code", ["DE-BE", "world", "XX", "de"])
def test_other_places_have_no_such_page(
    client: FlaskClient, dystonia: Condition, code: str
) -> None:
    assert client.get(f"{PAGE[:-2]}{code}").status_code in {301, 308, 404}
