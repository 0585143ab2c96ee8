"""Alerts in tests: waiting for people, and what the worker does once a day."""

from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members.alert_news import reached_alerts, tell
from mapapp.actions.members.people_alerts import add_alert
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.members.alert_wishes import ANYWHERE, AREA, NEARBY, AlertWish
from mapapp.settings import Settings


def wait_for_people(session: Session, member_id: int, condition_id: int, area_id: int) -> bool:
    """Let a member wait for three people near an area, or in the world, with a mail."""
    kind = AREA if area_id == ANYWHERE else NEARBY
    wish = AlertWish(condition_id, kind, area_id)
    return add_alert(session, load_areas(), member_id, wish, by_mail=True)


def tell_news(session: Session, settings: Settings) -> None:
    """Tell of what came true, as the worker does."""
    session.flush()
    tell(Context(session, settings), list(reached_alerts(session, load_areas())), set())
    session.expire_all()
