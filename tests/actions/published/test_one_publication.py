"""What one reads belongs to one publication, also where another flips in between."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.published.listed_totals import everybody, totals
from mapapp.actions.published.listings import People, condition_by_slug, listings
from mapapp.actions.published.publishing import publish
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings
from mapapp.store.database import FOR_READING
from tests.places import zones_of

Make = Callable[..., Any]
LATER = 1_795_953_600


@pytest.mark.both
def test_a_reader_sees_one_publication(
    engine: Engine,
    session: Session,
    settings: Settings,
    make_condition: Make,
    make_membership: Make,
) -> None:
    condition, zone = make_condition("dystonia"), zones_of("DE-BE")[0]
    make_membership(condition, zone, visibility="public")
    make_membership(condition, zone, visibility="public", due=LATER)
    session.commit()
    with Session(engine.execution_options(**FOR_READING)) as reader:
        found = condition_by_slug(reader, "dystonia")
        publish(engine, settings, LATER)
        seen = (
            found.listed,
            condition_by_slug(reader, "dystonia").listed,
            totals(reader, condition.id).everywhere,
            everybody(reader).everywhere,
            len(listings(reader, People(condition.id), 0)),
            len(listings(reader, People(condition.id), load_areas().by_code("DE").id)),
        )
    assert set(seen) == {1}
    with Session(engine.execution_options(**FOR_READING)) as reader:
        assert condition_by_slug(reader, "dystonia").listed == 2
