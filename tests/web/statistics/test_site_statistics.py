"""The numbers of the whole site: for admins, as published, in three orders, with what was spent."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd, SiteMonthEnd
from mapapp.store.records import Release
from tests import factories
from tests.charts import bars, section, table, words
from tests.paging import pages_of
from tests.places import zones_of
from tests.releases import put_release

PAGE = "/admin/statistics"
Login = Callable[..., FlaskClient]
PEOPLE = {
    "dystonia": [("DE-BE", 5)],
    "gout": [("DE-BE", 1), ("FR-IDF", 1), ("GB-ENG", 1)],
    "ataxia": [("FR-IDF", 4)],
}


@pytest.fixture
def admin(session: Session, login: Login, app: Flask) -> FlaskClient:
    return login(factories.make_member(session, staff=True), on=app.test_client())


@pytest.fixture
def maps(session: Session) -> dict[str, Condition]:
    """Three maps; and a fourth, on which nobody is listed."""
    made = {slug: factories.make_condition(session, slug, name=slug) for slug in PEOPLE}
    nobody = factories.make_condition(session, "rosacea", name="rosacea")
    with factories.published_together(session):
        for slug, places in PEOPLE.items():
            for code, people in places:
                for _ in range(people):
                    area = zones_of(code)[0]
                    factories.make_membership(session, made[slug], area, visibility="map")
        for condition in (*made.values(), nobody):
            factories.make_membership(session, condition, zones_of("PL")[0], visibility="counted")
    session.commit()
    return made


def _end(session: Session, maps: dict[str, Condition], month: str, **listed: int) -> None:
    people = sum(listed.values())
    session.add(SiteMonthEnd(month=month, listed=people, conditions=len(listed)))
    for slug, n in listed.items():
        session.add(MonthEnd(condition_id=maps[slug].id, month=month, listed=n))
    session.commit()


def _main(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main")[0]


def test_it_is_for_admins(app: Flask, client: FlaskClient, login: Login, session: Session) -> None:
    assert client.get(PAGE).status_code == 303
    assert login(factories.make_member(session), on=app.test_client()).get(PAGE).status_code == 403


@pytest.mark.both
def test_published_numbers_are_summed_and_nobody_else_is(
    admin: FlaskClient, maps: dict[str, Condition]
) -> None:
    main = _main(admin)
    assert "People on maps 12 Maps with people 3 Countries 3" in words(main)
    assert "A person on two maps counts twice" in words(main)
    assert [row[:3] for row in table(section(main, "maps"))] == [
        ["dystonia", "5", "1"],
        ["ataxia", "4", "1"],
        ["gout", "3", "3"],
    ]
    countries = section(main, "countries")
    assert bars(countries) == [
        ("Germany", "100.0%", "6"),
        ("France", "83.3%", "5"),
        ("United Kingdom", "16.7%", "1"),
    ]
    assert [row[:2] for row in table(countries)] == [[w, n] for w, _length, n in bars(countries)]
    assert "Poland" not in main


def test_somebody_on_two_maps_counts_twice(
    admin: FlaskClient, session: Session, maps: dict[str, Condition]
) -> None:
    wren = factories.make_member(session)
    with factories.published_together(session):
        for slug in ("dystonia", "gout"):
            area = zones_of("DE-BE")[0]
            factories.make_membership(session, maps[slug], area, member=wren, visibility="map")
    session.commit()
    assert "People on maps 14" in words(_main(admin))


@pytest.mark.both
def test_maps_have_three_orders(
    admin: FlaskClient, session: Session, maps: dict[str, Condition]
) -> None:
    assert 'by=growth"' not in _main(admin)
    _end(session, maps, "2026-09", dystonia=1)
    _end(session, maps, "2026-10", dystonia=6, ataxia=2)
    rows = table(section(_main(admin, f"{PAGE}?by=growth"), "maps"))
    assert [row[:4] for row in rows] == [
        ["gout", "3", "+3", "3"],
        ["ataxia", "4", "+2", "1"],
        ["dystonia", "5", "-1", "1"],
    ]
    by_countries = _main(admin, f"{PAGE}?by=countries")
    assert [row[0] for row in table(section(by_countries, "maps"))] == [
        "gout",
        "ataxia",
        "dystonia",
    ]
    assert by_countries.count('aria-sort="descending"') == 1
    assert admin.get(f"{PAGE}?by=names").status_code == 400
    growth = section(by_countries, "growth")
    assert bars(growth)[:2] == [("September 2026", "8.3%", "1"), ("October 2026", "66.7%", "8")]
    assert bars(growth)[2][1:] == ("100.0%", "12")
    assert table(growth)[1] == ["October 2026", "8", "2"]


@pytest.mark.both
@pytest.mark.parametrize("by", ["people", "growth", "countries"])
def test_each_map_is_on_one_page(
    admin: FlaskClient, session: Session, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapapp.actions.statistics.site_numbers.MAPS_A_PAGE", 3)
    with factories.published_together(session):
        for n in range(8):
            made = factories.make_condition(session, f"made-{n}", name=f"Made {n}")
            for code in ("DE-BE", "FR-IDF")[: 1 + n % 2]:
                factories.make_membership(session, made, zones_of(code)[0], visibility="map")
    session.commit()
    pages = list(pages_of(admin, f"{PAGE}?by={by}"))
    names = [row[0] for page in pages for row in table(section(page, "maps"))]
    assert len(pages) == 3
    assert sorted(names) == [f"Made {n}" for n in range(8)]


def test_a_map_that_staff_hid_is_named_and_leads_nowhere(
    admin: FlaskClient, session: Session, maps: dict[str, Condition]
) -> None:
    maps["gout"].shown = False
    session.commit()
    main = _main(admin)
    assert "gout hidden" in words(section(main, "maps"))
    assert "/conditions/gout/" not in main


@pytest.mark.both
def test_what_releases_cost_is_read_from_the_ledger(
    admin: FlaskClient, session: Session, maps: dict[str, Condition]
) -> None:
    assert "None was made yet" in words(_main(admin))
    for slug in ("dystonia", "gout"):
        put_release(session, maps[slug], "role:world", self=400)
    put_release(session, maps["gout"], "birth:world")
    session.query(Release).filter_by(query="birth:world").delete()
    session.commit()
    releases = section(_main(admin), "releases")
    assert table(releases) == [["2026", "2", "3", "1", "0.45"]]
    assert "at most 6 in a year" in words(releases)
    assert "3 on one map" in words(releases)


def test_an_empty_site(admin: FlaskClient) -> None:
    assert "Nobody is on a map yet." in words(_main(admin))
