"""No time that is stored or mailed reveals when a member came (privacy rule 1)."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.members.alert_news import tell_todays_news
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings
from mapapp.store.mail import Outbox
from mapapp.store.members import PeopleAlert
from tests.alerts import wait_for_people
from tests.trust import LEEDS, World

AREAS = load_areas()
MIDNIGHT = 1_800_057_600


@pytest.mark.both
def test_news_tell_of_no_day_and_no_single_person(
    engine: Engine, session: Session, settings: Settings, world: World
) -> None:
    """Whoever came is one of three at least, some time between two days."""
    waiting = world.member()
    wait_for_people(session, waiting.id, world.condition().id, LEEDS)
    session.commit()
    assert tell_todays_news(engine, settings, MIDNIGHT)
    for _ in range(3):
        world.somebody("members")
        session.commit()
        assert not tell_todays_news(engine, settings, MIDNIGHT + 86_399)
    assert session.scalars(select(Outbox.due)).all() == []
    session.rollback()
    assert tell_todays_news(engine, settings, MIDNIGHT + 86_400)
    session.rollback()
    assert len(session.scalars(select(Outbox.due)).all()) == 1
    assert not [column for column in PeopleAlert.__table__.columns if "TIME" in str(column.type)]
