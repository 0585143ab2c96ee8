"""The numbers of a condition for everybody: what is published, and what a release tells."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from tests import factories
from tests.charts import bars, section, shades, table, words
from tests.releases import put_release

DYSTONIA = "/conditions/dystonia"
PAGE = f"{DYSTONIA}/statistics"
Login = Callable[..., FlaskClient]


@pytest.fixture
def dystonia(session: Session) -> Condition:
    """A map of nine people in Germany and one in France."""
    made = factories.make_condition(session, "dystonia", name="dystonia")
    with factories.published_together(session):
        for code, people in (("DE", 9), ("FR", 1)):
            area = load_areas().by_code(code).id
            for _ in range(people):
                factories.make_membership(session, made, area, visibility="map")
    session.commit()
    return made


def _main(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main")[0]


def test_what_is_published_is_exact(client: FlaskClient, dystonia: Condition) -> None:
    main = _main(client)
    text = words(main)
    assert "Dystonia in numbers People on the map 10 Countries 2" in text
    assert "Of all people in the world 1 in 810 million" in text
    assert "People and countries are exact, as of" in text
    places = section(main, "places")
    assert bars(places) == [("Germany", "100.0%", "9"), ("France", "11.1%", "1")]
    germany, france = table(places)
    assert germany[:2] == ["Germany", "9"]
    assert re.fullmatch(r"8\d,000,000", germany[2])
    assert re.fullmatch(r"1 in 9\.\d million", germany[3])
    # Of fewer than 8, one more would change it too much.
    assert france == ["France", "1", "68,000,000", "–"]


def test_a_map_is_shaded_by_people_or_per_resident(
    client: FlaskClient, dystonia: Condition
) -> None:
    by_people = section(_main(client), "places")
    assert shades(by_people) == {"Germany: 9 people": "4", "France: 1 person": "1"}
    assert "1 to 4 5 people or more" in words(by_people)
    assert "not that more people there have the condition" in words(by_people)
    by_rate = section(_main(client, f"{PAGE}?by=rate"), "places")
    assert shades(by_rate) == {"Germany: 9 people": "3", "France: 1 person": ""}
    assert "Fewer than 8 people: no rate" in words(by_rate)
    assert "not that the condition is more common there" in words(by_rate)
    assert f'href="{DYSTONIA}/map?by=rate"' in by_rate
    assert bars(by_rate) == bars(by_people)
    assert client.get(f"{PAGE}?by=size").status_code == 400


def test_each_country_leads_to_its_numbers(client: FlaskClient, dystonia: Condition) -> None:
    for code in ("DE", "FR"):
        assert f'href="{PAGE}/{code}"' in _main(client)
        assert client.get(f"{PAGE}/{code}").status_code == 200


def test_what_a_sample_of_volunteers_cannot_say_stands_beside_it(
    client: FlaskClient, dystonia: Condition
) -> None:
    text = words(_main(client))
    before, after = text.split("Where people are", 1)
    assert "They are not a sample of everyone who has the condition." in before
    assert "They do not say how many people have the condition" in after
    assert 'href="/how-we-count"' in _main(client)


def test_a_release_tells_the_rest(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    put_release(session, dystonia, "people:world", **{"": 60})
    put_release(session, dystonia, "people:country", **{"DE|": 40})
    put_release(session, dystonia, "role:world", self=400, parent=100)
    put_release(session, dystonia, "language:world", fr=40, de=80, es=80)
    put_release(session, dystonia, "birth:world", **{"1960": 30, "1980": 60})
    put_release(session, dystonia, "diagnosis:world")
    main = _main(client)
    assert "About 60 people more chose only to be counted." in words(main)
    germany, france = table(section(main, "places"))
    assert germany[0] == "Germany about 40 more only counted"
    assert france[0] == "France"
    roles = section(main, "role")
    assert bars(roles)[:3] == [
        ("Lives with it", "100.0%", "about 400"),
        ("Parent or carer", "25.0%", "about 100"),
        ("Family or friend", "22", "under 20"),
    ]
    assert len(bars(roles)) == 6
    languages = [("German", "about 80"), ("Spanish", "about 80"), ("French", "about 40")]
    assert [(w, n) for w, _length, n in bars(section(main, "language"))] == languages
    assert "languages that few people speak are missing" in words(section(main, "language"))
    decades = [(said, number) for said, _length, number in bars(section(main, "birth"))]
    assert decades == [
        ("1960 to 1969", "about 30"),
        ("1970 to 1979", "under 25"),
        ("1980 to 1989", "about 60"),
    ]
    for key in ("role", "language", "birth"):
        part = section(main, key)
        assert table(part) == [[said, number] for said, _length, number in bars(part)]
        assert "Estimates of 2026: of 100 such numbers, 95 are within" in words(part)
    assert 'aria-labelledby="diagnosis"' not in main
    assert "Not shown, because too few people said it: Decade of diagnosis." in words(main)


def test_before_the_first_release_the_page_says_when_there_is_more(
    client: FlaskClient, dystonia: Condition
) -> None:
    text = words(_main(client))
    assert "There is nothing to show yet." in text
    assert "for maps with at least 50 people" in text
    assert "about" not in text.split("What they say of themselves")[1].split("What these")[0]


def test_a_map_that_nobody_joined(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "dystonia", name="dystonia")
    session.commit()
    main = _main(client)
    assert "Nobody is on this map yet. You would be the first." in words(main)
    assert "<svg" not in main
    assert client.get("/conditions/no-such/statistics").status_code == 404


def test_bars_repeat_what_is_said_and_nothing_is_styled_inside(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    put_release(session, dystonia, "role:world", self=400)
    main = _main(client)
    charts = [svg for svg in re.findall(r"<svg[^>]*>", main) if "aria-hidden" not in svg]
    assert [re.findall(r'role="(.*?)"', svg) for svg in charts] == [["img"]]  # the shaded map
    assert "style=" not in main
    assert "<form" not in main
    assert len(re.findall(r'id="(.*?)"', main)) == len(set(re.findall(r'id="(.*?)"', main)))


@pytest.mark.both
def test_it_is_fetched_anew_only_after_a_release(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    tag = client.get(PAGE).headers["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    put_release(session, dystonia, "role:world", self=400)
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", [DYSTONIA, f"{DYSTONIA}/map", f"{DYSTONIA}/treatments"])
def test_other_pages_of_the_condition_lead_to_it(
    client: FlaskClient, dystonia: Condition, path: str
) -> None:
    assert f'href="{PAGE}"' in client.get(path).text


def test_a_member_reads_the_same_numbers(
    client: FlaskClient, login: Login, app: Any, session: Session, dystonia: Condition
) -> None:
    wren = factories.make_member(session)
    factories.make_membership(session, dystonia, 0, member=wren, visibility="counted")
    session.commit()
    put_release(session, dystonia, "role:world", self=400)
    mine = _main(login(wren, on=app.test_client()))
    assert "Change your place" in mine
    assert bars(mine) == bars(_main(client))


def test_growth_is_drawn_once_a_month_has_ended(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    assert 'id="growth"' not in _main(client)
    for month, listed in (("2026-09", 5), ("2026-10", 20)):
        session.add(MonthEnd(condition_id=dystonia.id, month=month, listed=listed))
    session.commit()
    growth = section(_main(client), "growth")
    drawn = bars(growth)
    assert drawn[:2] == [("September 2026", "25.0%", "5"), ("October 2026", "100.0%", "20")]
    assert drawn[2][1:] == ("50.0%", "10")  # today
    assert table(growth) == [[said, number] for said, _length, number in drawn]
