"""No time that is kept or mailed tells at which moment somebody came (rule 1)."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import place as placing
from mapapp.actions import tell
from mapapp.actions.place import Placement
from mapapp.actions.quotas import DAY
from mapapp.domain.areas import load_areas
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.service import Outbox

AREAS = load_areas()


def test_news_of_somebody_who_joined_leave_at_midnight(
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    condition, waiting, joining = make_condition("dystonia"), make_member(), make_member()
    tell.wish(session, AREAS, waiting.id, condition.id, 1)
    wanted = Placement(1, AREAS.version, "members", "self")
    placing.place(session, settings, AREAS, joining.id, condition.id, wanted)
    session.flush()
    assert session.scalars(select(Outbox.due)).one() % DAY == 0
