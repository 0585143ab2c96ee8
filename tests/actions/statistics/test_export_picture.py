"""The map for a report: the numbers of the day, with legend, source and caveat, the same bytes."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics import export_picture
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.statistics.codebook import CAVEAT, DEMO_NOTE
from mapapp.domain.statistics.export_choices import PICTURES
from mapapp.maps.palette import LIGHT
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.records import Export
from tests.places import zones_of

BEGINNINGS = {"png": b"\x89PNG\r\n", "svg": b"<svg", "pdf": b"%PDF-"}


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia", name="dystonia *#x*")
    for _ in range(6):
        make_membership(condition, zones_of("DE-BY")[0])
    make_membership(condition, zones_of("GB-ENG")[0])
    make_membership(condition, zones_of("DE-BY")[0], visibility="counted")
    return condition


def drawn(session: Session, kind: str, today: date = date(2026, 11, 23)) -> bytes:
    wanted = Request(("dystonia",), "country", kind)
    return export_numbers(session, wanted, By("shell", "a test"), site="Test", today=today).content


@pytest.mark.parametrize("kind", PICTURES)
def test_it_is_drawn_alike_each_time(session: Session, dystonia: Condition, kind: str) -> None:
    first = drawn(session, kind)
    assert first.startswith(BEGINNINGS[kind])
    session.query(Export).delete()
    assert drawn(session, kind) == first


@pytest.fixture
def values(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the page is set from."""
    found: dict[str, str] = {}

    def _typeset(_name: str, given: Mapping[str, str], *_how: object) -> bytes:
        found.update(given)
        return b"a picture"

    monkeypatch.setattr(export_picture, "typeset", _typeset)
    return found


def test_it_says_what_it_shows_and_what_it_cannot(
    session: Session, dystonia: Condition, values: dict[str, str]
) -> None:
    drawn(session, "svg")
    assert values["name"] == "Dystonia *#x*"
    assert values["people"] == "7 people are listed, in 2 countries"
    assert values["caveat"] == CAVEAT
    for part in ("Test", "2026-11-23", "CC BY 4.0", "Natural Earth"):
        assert part in values["source"]
    legend = dict(line.split(" ", 1)[::-1] for line in values["legend"].splitlines())
    assert list(legend) == ["nobody", "1 to 4", "5 or more"]
    # Germany has the last shade of the legend, the United Kingdom the one before, others none.
    shades = [values["map"].count(f'fill="{legend[words]}"') for words in legend]
    assert shades == [1, 1, 1]
    assert legend["nobody"] == LIGHT[0]


def test_it_says_so_when_people_are_invented(
    session: Session, dystonia: Condition, values: dict[str, str]
) -> None:
    facts.state(session, facts.HAS_DEMO, "yes")
    drawn(session, "svg")
    assert values["caveat"].startswith(DEMO_NOTE)


def test_one_person_and_nobody_have_words(
    session: Session, make_condition: Callable, make_membership: Callable, values: dict[str, str]
) -> None:
    condition = make_condition("dystonia")
    drawn(session, "png")
    assert values["people"] == "0 people are listed, in 0 countries"
    make_membership(condition, zones_of("DE-BY")[0])
    drawn(session, "png", date(2026, 11, 24))
    assert values["people"] == "1 person is listed, in 1 country"
    assert values["legend"].splitlines()[1].endswith(" 1 or more")
