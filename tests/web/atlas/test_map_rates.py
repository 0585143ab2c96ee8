"""The map by people per million: from how many on, in which words, shades and order."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from tests import factories
from tests.published import change_numbers
from tests.worlds import embedded, fill

MAP = "/conditions/dystonia/map"


def _peopled(session: Session, people: dict[str, int]) -> None:
    """A condition with this many people in each country, by its code."""
    condition = factories.make_condition(session, "dystonia", name="Dystonia")
    ids = [load_areas().by_code(code).id for code in people]
    change_numbers(session, condition, dict(zip(ids, people.values(), strict=True)))
    session.commit()


def _cells(page: str, name: str) -> list[str]:
    (row,) = re.findall(rf"<tr [^>]*>(?:(?!</tr>).)*>{name}<.*?</tr>", page, re.S)
    return re.findall(r"<td[^>]*>([^<]*)</td>", row)


def test_a_rate_is_told_from_eight_people_on(client: FlaskClient, session: Session) -> None:
    _peopled(session, {"DE": 7, "FR": 8, "CN": 130, "IS": 12})
    page = client.get(MAP).text
    assert _cells(page, "Germany") == ["7", "–"]
    assert _cells(page, "France") == ["8", "1 in 8.5 million"]
    assert _cells(page, "China") == ["130", "1 in 11 million"]
    assert _cells(page, "Iceland") == ["12", "33"]
    legend = page.split('data-legend="rate"')[1].split("</ul>")[0]
    lines = re.findall(r'data-shade="(\d)"></span>([^<]+)<', legend)
    assert lines[0] == ("0", "Fewer than 8 people")
    assert lines[1][1] == "under 1"
    assert "0.0" not in legend


def test_a_map_of_few_has_no_rate_at_all(client: FlaskClient, session: Session) -> None:
    _peopled(session, {"DE": 7, "FR": 1})
    page = client.get(MAP).text
    numbers = embedded(page, "map-numbers")
    assert numbers["scales"]["rate"] == {"limits": [], "shades": []}
    assert numbers["rateFrom"] == 8
    legend = page.split('data-legend="rate"')[1].split("</ul>")[0]
    assert legend.count("<li>") == 1


PEOPLE_THERE = {"DE": 40, "FR": 8, "CN": 130, "IS": 12, "IT": 7, "AT": 3}


def _listed(page: str) -> list[str]:
    return re.findall(r'<tr data-area="\d+"><th scope="row"><a [^>]*>([^<]+)<', page)


def test_the_choice_is_in_the_address(client: FlaskClient, session: Session) -> None:
    _peopled(session, PEOPLE_THERE)
    by_number, by_rate = (client.get(f"{MAP}{query}").text for query in ("", "?by=rate"))
    assert _listed(by_number) == ["China", "Germany", "Iceland", "France", "Italy", "Austria"]
    # Those without a rate come after the others.
    assert _listed(by_rate) == ["Iceland", "Germany", "France", "China", "Italy", "Austria"]
    for page, chosen, other in ((by_number, "number", "rate"), (by_rate, "rate", "number")):
        assert f'data-by="{chosen}" aria-current="true"' in page
        assert f'data-by="{other}" aria-current' not in page
        assert re.search(f'<div data-legend="{other}" hidden>', page)
        assert re.search(f'<div data-legend="{chosen}">', page)
        (head,) = re.findall(r'<th [^>]*aria-sort="descending"><a [^>]*data-by="(\w+)"', page)
        assert head == chosen
    assert re.findall(r'href="([^"]+)" data-by="rate"', by_number) == [
        f"{MAP}?by=rate",
        f"{MAP}?by=rate#countries",
    ]
    assert f'<a href="{MAP}" data-by="number"' in by_rate


def _drawn(page: str) -> dict[str, int]:
    found = re.findall(r'areas/(\w+)" tabindex="-1"><path class="shape" data-shade="(\d)"', page)
    return {code: int(shade) for code, shade in found}


def test_the_drawn_world_has_the_shades_of_the_choice(
    client: FlaskClient, session: Session
) -> None:
    _peopled(session, PEOPLE_THERE)
    by_number, by_rate = (_drawn(client.get(f"{MAP}{query}").text) for query in ("", "?by=rate"))
    assert by_number["CN"] == max(by_number.values())
    assert min(by_number.values()) > 0
    assert (by_rate["IT"], by_rate["AT"]) == (0, 0)
    assert by_rate["IS"] > by_rate["DE"] >= by_rate["FR"] > 0
    assert by_rate.keys() == by_number.keys()


@pytest.mark.parametrize("by", ["number", "Rate", "rate%20", "<b>"])
def test_no_other_choice(client: FlaskClient, session: Session, by: str) -> None:
    fill(session)
    refused = client.get(f"{MAP}?by={by}")
    assert refused.status_code == 400
    assert "The map can be shown by people or per million" in refused.text
    assert "<b>" not in refused.text.split("<main")[1]


def test_a_page_of_one_choice_is_not_taken_for_the_other(
    client: FlaskClient, session: Session
) -> None:
    _peopled(session, PEOPLE_THERE)
    tag = client.get(MAP).headers["ETag"]
    assert client.get(f"{MAP}?by=rate", headers={"If-None-Match": tag}).status_code == 200
    assert client.get(f"{MAP}?by=", headers={"If-None-Match": tag}).status_code == 304
