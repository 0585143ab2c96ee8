"""Notes of a member's reading lead to nobody: neither the reader nor the people read about."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.expiry import delete_expired
from mapapp.store.base import Base
from mapapp.store.conditions import Condition
from mapapp.store.limits import Reading
from mapapp.store.members import Member, Membership
from mapapp.store.moderation import Case
from tests import factories
from tests.paging import link_to

ADDRESS = "198.51.100.77"
WORLD = "/conditions/dystonia/areas/world"


@pytest.fixture
def people(session: Session, make_condition: Callable[..., Condition]) -> None:
    factories.make_crowd(session, make_condition("dystonia"), 1, 101)


def _read_all(client: FlaskClient, **options: Any) -> None:
    path = WORLD
    while path:
        path = link_to(client.get(path, **options).text, "next")


def _all_values(session: Session) -> str:
    """Return everything stored, except the area table's own numbers, as text."""
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for value in row:
                is_bytes = isinstance(value, bytes)
                found.append(value.hex() + value.decode("latin-1") if is_bytes else str(value))
    return "\n".join(found)


def test_no_network_is_stored(client: FlaskClient, session: Session, people: None) -> None:
    session.commit()
    _read_all(client, environ_base={"REMOTE_ADDR": ADDRESS})
    stored = _all_values(session)
    packed = bytes(map(int, ADDRESS.split(".")))
    for trace in (ADDRESS, packed.hex(), base64.b64encode(packed).decode().rstrip("=")):
        assert trace not in stored
    assert session.scalars(select(Case.subject_id)).one() is None


def test_marks_of_two_readers_and_of_two_days_have_nothing_in_common(
    client: FlaskClient, session: Session, people: None
) -> None:
    session.commit()
    for last in (1, 2):
        client.get(WORLD, environ_base={"REMOTE_ADDR": f"192.0.2.{last}"})
    rows = list(session.scalars(select(Reading)))
    marks = [{r.people[i : i + 8] for i in range(16, len(r.people), 8)} for r in rows]
    assert [len(found) for found in marks] == [20, 20]
    assert not marks[0] & marks[1]
    assert rows[0].areas != rows[1].areas


def test_who_was_read_stands_nowhere_but_in_their_own_rows(
    login: Callable[..., FlaskClient],
    session: Session,
    people: None,
    make_member: Callable[..., Member],
) -> None:
    _read_all(login(make_member()))
    known = {
        str(value)
        for row in session.execute(select(Member.account_id, Membership.public_id).join(Membership))
        for value in row
    }
    for row in session.scalars(select(Reading)):
        text = row.subject + row.people.hex() + row.people.decode("latin-1")
        assert not any(name in text or name.replace("-", "") in text for name in known)
        assert row.ends % 86_400 == 0
    case = session.scalars(select(Case)).one()
    assert not any(name in case.evidence or name == case.piece for name in known)


def test_when_the_day_is_over_the_case_leads_to_no_network(
    client: FlaskClient, session: Session, people: None
) -> None:
    session.commit()
    _read_all(client)
    row, case = session.scalars(select(Reading)).one(), session.scalars(select(Case)).one()
    assert case.piece[:8] not in row.subject  # random: no key leads back from it
    delete_expired(session, row.ends)
    assert session.scalar(select(Reading)) is None
    assert session.scalars(select(Case)).one().subject_id is None
