"""What was exported stays as it was."""

import json
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics.export_asked import ask_for, make_now
from mapapp.actions.statistics.export_kept import key_of, stored_file
from mapapp.actions.statistics.export_make import Request
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.records import Export
from tests.places import zones_of

DAY = "2026-11-23"
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
    session: Session, engine: Engine, dystonia: Condition
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
        make_now(engine, key, "Test")
    assert stored_file(session, region.key(DAY)).content == OLD
    world = stored_file(session, country.key(DAY)).content.decode().splitlines()[1]
    assert world.split(",")[-2:] == ["3", ""]
