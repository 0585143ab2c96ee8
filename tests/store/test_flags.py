"""SQL and Python read sets of hiding reasons alike, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import SmallInteger, select, text, type_coerce, update
from sqlalchemy.orm import Session

from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason
from mapapp.store.base import add_flag, has_flag, remove_flag
from mapapp.store.members import Membership

EVERY_SET = [HiddenReason(number) for number in range(2 ** len(HiddenReason))]
sets = strategies.sampled_from(EVERY_SET)
reasons = strategies.sampled_from(list(HiddenReason))


@pytest.fixture
def rows(
    session: Session, make_condition: Callable[..., Any], make_membership: Callable[..., Any]
) -> dict[int, HiddenReason]:
    """A membership for each set of reasons, by the number of its member."""
    condition = make_condition("dystonia")
    made = [make_membership(condition, 5, hidden_reasons=each) for each in EVERY_SET]
    session.flush()
    return {row.member_id: each for row, each in zip(made, EVERY_SET, strict=True)}


def _stored(session: Session) -> dict[int, HiddenReason]:
    rows = session.execute(select(Membership.member_id, Membership.hidden_reasons))
    return {member_id: reasons for member_id, reasons in rows}


def test_what_was_stored_is_read(session: Session, rows: dict[int, HiddenReason]) -> None:
    assert _stored(session) == rows
    assert all(isinstance(each, HiddenReason) for each in _stored(session).values())


@pytest.mark.parametrize("reason", list(HiddenReason))
def test_a_statement_finds_the_rows_that_python_finds(
    session: Session, rows: dict[int, HiddenReason], reason: HiddenReason
) -> None:
    query = select(Membership.member_id)
    with_it = set(session.scalars(query.where(has_flag(Membership.hidden_reasons, reason))))
    without = set(session.scalars(query.where(~has_flag(Membership.hidden_reasons, reason))))
    assert with_it == {member_id for member_id, each in rows.items() if reason in each}
    assert without == rows.keys() - with_it
    assert len(with_it) == len(without) == len(EVERY_SET) / 2


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=strategies.lists(strategies.tuples(strategies.booleans(), reasons, sets), max_size=6))
def test_statements_change_sets_as_python_does(
    session: Session,
    rows: dict[int, HiddenReason],
    steps: list[tuple[bool, HiddenReason, HiddenReason]],
) -> None:
    """Each step adds or removes a reason where a row has exactly some set, or has the reason."""
    expected = dict(rows)
    with session.begin_nested() as savepoint:
        for adds, reason, where in steps:
            column = Membership.hidden_reasons
            value = add_flag(column, reason) if adds else remove_flag(column, reason)
            these = (column == where) | has_flag(column, reason) | (column == NOT_HIDDEN)
            change = update(Membership).where(these).values(hidden_reasons=value)
            session.execute(change.execution_options(synchronize_session=False))
            for member_id, each in expected.items():
                if each in (where, NOT_HIDDEN) or reason in each:
                    expected[member_id] = each | reason if adds else each & ~reason
        assert _stored(session) == expected
        savepoint.rollback()


def test_what_stands_in_the_column_is_a_number(
    session: Session, rows: dict[int, HiddenReason]
) -> None:
    """Backups and later versions read the numbers, so they never change."""
    numbers = session.scalars(select(type_coerce(Membership.hidden_reasons, SmallInteger)))
    assert sorted(numbers) == list(range(32))
    assert {reason.name: reason.value for reason in HiddenReason} == {
        "BY_MEMBER": 1,
        "PAUSED": 2,
        "NO_ANSWER": 4,
        "BY_MODERATORS": 8,
        "REPORTED": 16,
    }


def test_a_number_that_is_no_set_of_reasons_is_not_read(
    session: Session, rows: dict[int, HiddenReason]
) -> None:
    session.execute(text("UPDATE membership SET hidden_reasons = 64"))
    with pytest.raises(ValueError, match="64"):
        session.scalars(select(Membership.hidden_reasons)).all()
