"""Knocking and answering as tests do it: with the greeting that everybody is offered."""

from sqlalchemy.orm import Session

from mapapp.actions import inbox as answering
from mapapp.actions.inbox import Inbox, put_away
from mapapp.actions.knock import knock
from mapapp.actions.whom import Whom
from mapapp.actions.whom import whom as person_at
from mapapp.domain.areas import load_areas
from mapapp.domain.requests import UNANSWERED
from mapapp.settings import Settings
from mapapp.store.members import Member

__all__ = ["UNANSWERED", "answer", "ask", "connected", "inbox", "put_away", "whom"]
AREAS = load_areas()


def ask(
    session: Session,
    settings: Settings,
    member_id: int,
    public_id: str,
    slug: str,
    reason: str = "meet",
    now: int | None = None,
) -> None:
    """Send a request."""
    knock(session, settings, AREAS, member_id, public_id, slug, reason, "hello", now)


def answer(
    session: Session, settings: Settings, member_id: int, request_id: str, *, yes: bool
) -> str:
    """Accept, and return the address of the conversation, or decline."""
    if yes:
        return answering.accept(session, settings, member_id, request_id)
    answering.decline(session, member_id, request_id)
    return ""


def inbox(session: Session, member_id: int) -> Inbox:
    """Return the requests of a member."""
    return answering.inbox(session, AREAS, member_id)


def whom(session: Session, member_id: int, public_id: str, slug: str) -> Whom:
    """Return somebody's page."""
    return person_at(session, AREAS, member_id, public_id, slug)


def connected(
    session: Session, settings: Settings, asker: Member, asked: Member, slug: str = "dystonia"
) -> str:
    """Bring two members into a conversation, and return its address."""
    ask(session, settings, asker.id, asked.public_id, slug)
    session.flush()
    (request,) = [
        r
        for r in inbox(session, asked.id).received
        if r.other_public_id == asker.public_id and r.slug == slug
    ]
    conversation = answer(session, settings, asked.id, request.public_id, yes=True)
    session.flush()
    return conversation
