"""What is released and kept while invented people are there goes with them, and nothing else."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.operations import demo, demo_people
from mapapp.actions.operations.demo import make_demo, remove_demo
from mapapp.domain.core.dates import this_month
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from mapapp.store.records import Release
from tests.conftest import SECRET
from tests.places import zones_of
from tests.releases import ledger, release_on


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (demo, demo_people):
        monkeypatch.setattr(module, "DEMO_PEOPLE", 2_000)


@pytest.mark.both
@pytest.mark.usefixtures("fewer")
def test_only_what_they_took_part_in_goes(
    session: Session, engine: Engine, settings: Settings, make_condition: Callable[..., Condition],
    make_membership: Callable[..., object],
) -> None:  # fmt: skip
    dystonia = make_condition("dystonia")
    make_membership(dystonia, zones_of("DE")[0])
    session.add(MonthEnd(condition_id=dystonia.id, month="2025-01", listed=1))
    session.commit()
    release_on(engine, settings, date(2027, 2, 15))
    make_demo(session, SECRET)
    session.add(MonthEnd(condition_id=dystonia.id, month=this_month(), listed=400))
    session.commit()
    release_on(engine, settings, date(2028, 2, 15))
    spent = ledger(session)
    assert set(_epochs(session, dystonia)) == {"2027-Q1", "2028-Q1", "2028"}

    remove_demo(session)
    session.commit()
    assert _epochs(session, dystonia) == ["2027-Q1"]
    assert ledger(session) == spent
    assert session.scalars(select(MonthEnd.month)).all() == ["2025-01"]


@pytest.mark.usefixtures("fewer")
def test_what_they_tried_is_released_because_they_agreed(
    session: Session, engine: Engine, settings: Settings
) -> None:
    make_demo(session, SECRET)
    session.commit()
    release_on(engine, settings, date(2028, 2, 15))
    asked = select(Release.numbers).where(Release.query == "outcome:world")
    assert any(numbers != "{}" for numbers in session.scalars(asked))


def _epochs(session: Session, condition: Condition) -> list[str]:
    found = select(Release.epoch).where(Release.condition_id == condition.id).distinct()
    return list(session.scalars(found.order_by(Release.epoch)))
