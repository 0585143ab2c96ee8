"""Facts about the site as a whole, each a key and a short text."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.store.service import SiteFact

AREA_VERSION = "area_version"
CONDITIONS_VERSION = "conditions_version"
HAS_DEMO = "has_demo"
ERASED = "erased"


def fact(session: Session, key: str) -> str:
    """Return the fact ``key``, '' where it was never stated."""
    return session.scalar(select(SiteFact.value).where(SiteFact.key == key)) or ""


def state(session: Session, key: str, value: str) -> None:
    """State the fact ``key``; an empty value takes it back."""
    session.execute(delete(SiteFact).where(SiteFact.key == key))
    if value:
        session.add(SiteFact(key=key, value=value))
    session.flush()


def step_up(session: Session, key: str) -> None:
    """Count the fact ``key`` up by one: whoever keeps something made from it sees it is old."""
    state(session, key, str(int(fact(session, key) or 0) + 1))
