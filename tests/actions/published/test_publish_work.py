"""What a publication costs: statements for each part, however many changes a part has."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from mapapp.actions.published import publisher
from mapapp.actions.published.publishing import publish
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.published import ListingRow, NumberChange
from tests.places import zones_of
from tests.published import wrong_numbers

Make = Callable[..., Any]
NOON = 1_795_953_600  # 2026-11-29 12:00 UTC
DAY = 86_400
ZONES = zones_of("DE-BE")


@pytest.fixture
def dystonia(make_condition: Make) -> Condition:
    made: Condition = make_condition("dystonia")
    return made


@contextmanager
def given(engine: Engine) -> Iterator[list[tuple[str, int]]]:
    """Take down the statements that a database is given, each with its number of rows."""
    seen: list[tuple[str, int]] = []

    def _note(_c: Any, _cursor: Any, words: str, values: Any, _what: Any, many: bool) -> None:
        seen.append((words, len(values) if many else 1))

    event.listen(engine, "before_cursor_execute", _note)
    yield seen
    event.remove(engine, "before_cursor_execute", _note)


def move_all(session: Session, area_id: int) -> None:
    """Let everybody be elsewhere from the next publication on."""
    for membership in session.scalars(select(Membership)):
        membership.area_id, membership.due = area_id, 0
    session.commit()


@pytest.mark.both
def test_a_part_takes_as_many_statements_for_few_as_for_many(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, make_membership: Make
) -> None:
    taken = []
    for day, more in enumerate((1, 1, 38)):
        for number in range(more):
            make_membership(dystonia, ZONES[number % 7], due=0)
        session.commit()
        publish(engine, daily, NOON + 2 * day * DAY)
        move_all(session, ZONES[8 + day])
        with given(engine) as seen:
            assert publish(engine, daily, NOON + (2 * day + 1) * DAY).memberships in {1, 2, 40}
        taken.append(len(seen))
    assert taken[1] == taken[2]  # the first finds no older numbers to tidy
    assert wrong_numbers(session) == []


@pytest.mark.both
def test_a_part_takes_no_more_than_its_share(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition, make_membership: Make
) -> None:
    for number in range(7):
        make_membership(dystonia, ZONES[number], due=0)
    session.commit()
    publish(engine, daily, NOON)
    move_all(session, ZONES[8])
    with given(engine) as seen:
        assert [publisher.stage(session, 2, 0, most=3) for _ in range(4)] == [3, 3, 1, 0]
    assert max(rows for _words, rows in seen) <= 3 * 6  # a card's area, role, month and languages
    session.commit()
    publish(engine, daily, NOON + DAY)
    left = []
    while publisher.tidy(session, most=3):
        left.append(_number(session, ListingRow))
    assert left == [11, 8, 7]
    assert wrong_numbers(session) == []


def _number(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
def test_what_is_counted_goes_in_parts(session: Session, dystonia: Condition) -> None:
    for number in (*[1] * 5, None):
        change = {"key": "", "area_id": ZONES[0], "visibility": "public", "n": 0}
        session.add(NumberChange(condition_id=dystonia.id, taken=number, **change))
    session.flush()
    assert publisher.forget_counted(session) == 0  # publication 1 does not stand yet
    publisher.flip(session, 1, None, [], {})
    assert [publisher.forget_counted(session, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert _number(session, NumberChange) == 1


@pytest.mark.both
def test_what_waits_is_read_once_for_all_maps(
    engine: Engine, session: Session, make_condition: Make, make_membership: Make
) -> None:
    for slug in ("dystonia", "asthma", "lupus"):
        make_membership(make_condition(slug), ZONES[0])
    with given(engine) as seen:
        assert wrong_numbers(session) == []
    assert sum("GROUP BY number_change." in words for words, _rows in seen) == 1


def test_the_publisher_gives_its_memory_back(engine: Engine, settings: Settings) -> None:
    if engine.dialect.name != "sqlite":
        return
    with given(engine) as seen:
        publish(engine, settings, NOON)
    rooms = [words for words, _rows in seen if words.startswith("PRAGMA cache_size")]
    assert rooms == ["PRAGMA cache_size=-32000", "PRAGMA cache_size=-2000"]
