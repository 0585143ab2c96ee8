"""What was exported stays as it was, for 30 days."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.operations import upkeep
from mapapp.actions.statistics.export_asked import TO_BE_MADE, ask_for, make_now
from mapapp.actions.statistics.export_kept import NUMBERS, key_of, stored_file
from mapapp.actions.statistics.export_request import Request
from mapapp.errors import N_
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.records import Export
from tests.places import zones_of

DAY = "2026-11-23"
KINDS = ("text/csv", NUMBERS, TO_BE_MADE)
PART = N_("deleting old exports")
OLD = b"area_id,people,people_min,people_max\r\n0,<8,1,7\r\n"


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia")
    for _ in range(3):
        make_membership(condition, zones_of("DE-BY")[0])
    return condition


def kept(key: str, **more: object) -> Export:
    given = {"day": DAY, "filename": "old.csv", "mimetype": "text/csv", "content": OLD}
    return Export(key=key, codebook="# Codebook", **{**given, **more})


@pytest.mark.both
@time_machine.travel(f"{DAY} 12:00", tick=False)
def test_a_rounded_file_is_served_as_it_was_and_new_ones_of_its_day_are_exact(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    region, country = (Request(("dystonia",), level, "csv") for level in ("region", "country"))
    session.add(kept(region.key(DAY)))
    rounded = {"mimetype": "application/json; purpose=frozen-numbers"}
    numbers = json.dumps({"0": "<8"}).encode()
    key = key_of(DAY, "numbers", dystonia.code)
    session.add(kept(key, content=numbers, **rounded))
    session.commit()
    for request in (region, country):
        with transaction(engine) as asking:
            key = ask_for(asking, request, By("shell", "a test"))
        make_now(engine, key, settings)
    assert stored_file(session, region.key(DAY)).content == OLD
    world = stored_file(session, country.key(DAY)).content.decode().splitlines()[1]
    assert world.split(",")[-2:] == ["3", ""]


@pytest.mark.both
def test_what_is_older_than_30_days_is_deleted(
    session: Session, engine: Engine, settings: Settings
) -> None:
    """Files, the numbers that they were made from, and what nobody could make."""
    days = ("2026-11-01", "2026-11-02", "2026-12-01", "2026-Q3", "2026-Q4")
    session.add_all(kept(f"{day} {kind}", day=day, mimetype=kind) for day in days for kind in KINDS)
    session.commit()
    assert upkeep.do_today(engine, settings, PART, now_on("2026-12-02"))
    left = ("2026-11-02", "2026-12-01", "2026-Q4")
    assert keys_now(session) == {f"{day} {kind}" for day in left for kind in KINDS}
    assert upkeep.do_today(engine, settings, PART, now_on("2027-02-01"))
    assert keys_now(session) == set()


def keys_now(session: Session) -> set[str]:
    session.rollback()  # and see what the worker wrote
    return set(session.scalars(select(Export.key)))


def now_on(day: str) -> float:
    return datetime.fromisoformat(f"{day}T06:00+00:00").timestamp()
