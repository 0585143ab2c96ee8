"""No time that is stored or mailed reveals when a member came (privacy rule 1)."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY
from mapapp.actions.members import nearby_alerts
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Outbox
from mapapp.store.members import Member

AREAS = load_areas()


def test_news_of_somebody_who_joined_leave_at_midnight(
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    condition, waiting, joining = make_condition("dystonia"), make_member(), make_member()
    nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, 1)
    wanted = Placement(1, AREAS.version, "members", "self", "Quiet Heron")
    placing.place(Context(session, settings, AREAS, joining.id), condition.id, wanted)
    session.flush()
    assert session.scalars(select(Outbox.due)).one() % DAY == 0
