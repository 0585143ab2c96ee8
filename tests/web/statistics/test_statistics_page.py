"""The numbers of a condition for everybody: what is published, and what a release tells."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from tests import factories
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


def _text(part: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", part)).split()))


def _main(client: FlaskClient) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main")[0]


def _bars(part: str) -> list[tuple[str, str, str]]:
    """Return the words, the length and the number of each bar."""
    row = r'<dt>(.*?)</dt>.*?<rect [^>]*?width="(.*?)".*?class="bar-number">(.*?)<'
    return [tuple(map(unescape, found)) for found in re.findall(row, part, re.DOTALL)]  # type: ignore[misc]


def _table(part: str) -> list[list[str]]:
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", part, re.DOTALL)
    return [[_text(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def _section(main: str, key: str) -> str:
    return re.split(rf'aria-labelledby="{key}"', main)[1].split("</section>")[0]


def test_what_is_published_is_exact(client: FlaskClient, dystonia: Condition) -> None:
    main = _main(client)
    text = _text(main)
    assert "Dystonia in numbers People on the map 10 Countries 2" in text
    assert "Of all people in the world 1 in 810 million" in text
    assert "People and countries are exact, as of" in text
    countries = _section(main, "countries")
    assert _bars(countries) == [("Germany", "100.0%", "9"), ("France", "11.1%", "1")]
    germany, france = _table(countries)
    assert germany[:2] == ["Germany", "9"]
    assert re.fullmatch(r"1 in 9\.\d million", germany[2])
    assert france == ["France", "1", "–"]  # of fewer than 8, one more would change it too much


def test_what_a_sample_of_volunteers_cannot_say_stands_beside_it(
    client: FlaskClient, dystonia: Condition
) -> None:
    text = _text(_main(client))
    before, after = text.split("Where people are", 1)
    assert "They are not a sample of everyone who has the condition." in before
    assert "They do not say how many people have the condition" in after
    assert 'href="/how-we-count"' in _main(client)


def test_a_release_tells_the_rest(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    put_release(session, dystonia, "people:world", **{"": 60})
    put_release(session, dystonia, "role:world", self=400, parent=100)
    put_release(session, dystonia, "language:world", fr=40, de=80, es=80)
    put_release(session, dystonia, "birth:world", **{"1960": 30, "1980": 60})
    put_release(session, dystonia, "diagnosis:world")
    main = _main(client)
    assert "About 60 people more chose only to be counted." in _text(main)
    roles = _section(main, "role")
    assert _bars(roles)[:3] == [
        ("Lives with it", "100.0%", "about 400"),
        ("Parent or carer", "25.0%", "about 100"),
        ("Family or friend", "22", "under 20"),
    ]
    assert len(_bars(roles)) == 6
    languages = [("German", "about 80"), ("Spanish", "about 80"), ("French", "about 40")]
    assert [(w, n) for w, _length, n in _bars(_section(main, "language"))] == languages
    assert "languages that few people speak are missing" in _text(_section(main, "language"))
    decades = [(words, number) for words, _length, number in _bars(_section(main, "birth"))]
    assert decades == [
        ("1960 to 1969", "about 30"),
        ("1970 to 1979", "under 25"),
        ("1980 to 1989", "about 60"),
    ]
    for key in ("role", "language", "birth"):
        section = _section(main, key)
        assert _table(section) == [[words, number] for words, _length, number in _bars(section)]
        assert "Estimates of 2026: of 100 such numbers, 95 are within" in _text(section)
    assert 'aria-labelledby="diagnosis"' not in main
    assert "Not shown, because too few people said it: Decade of diagnosis." in _text(main)


def test_before_the_first_release_the_page_says_when_there_is_more(
    client: FlaskClient, dystonia: Condition
) -> None:
    text = _text(_main(client))
    assert "There is nothing to show yet." in text
    assert "for maps with at least 50 people" in text
    assert "about" not in text.split("What they say of themselves")[1].split("What these")[0]


def test_a_map_that_nobody_joined(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "dystonia", name="dystonia")
    session.commit()
    main = _main(client)
    assert "Nobody is on this map yet. You would be the first." in _text(main)
    assert "<svg" not in main
    assert client.get("/conditions/no-such/statistics").status_code == 404


def test_bars_repeat_what_is_said_and_nothing_is_styled_inside(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    put_release(session, dystonia, "role:world", self=400)
    main = _main(client)
    assert all("aria-hidden" in svg for svg in re.findall(r"<svg[^>]*>", main))
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
    assert _bars(mine) == _bars(_main(client))


def test_growth_is_drawn_once_a_month_has_ended(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    assert 'id="growth"' not in _main(client)
    for month, listed in (("2026-09", 5), ("2026-10", 20)):
        session.add(MonthEnd(condition_id=dystonia.id, month=month, listed=listed))
    session.commit()
    growth = _section(_main(client), "growth")
    bars = _bars(growth)
    assert bars[:2] == [("September 2026", "25.0%", "5"), ("October 2026", "100.0%", "20")]
    assert bars[2][1:] == ("50.0%", "10")  # today
    assert _table(growth) == [[words, number] for words, _length, number in bars]
