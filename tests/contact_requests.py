"""Knocking and answering as tests do it: with the greeting that everyone is offered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact import request_inbox as answering
from mapapp.actions.contact.person_page import PersonPage
from mapapp.actions.contact.person_page import find_person as person_at
from mapapp.actions.contact.request_inbox import Inbox, put_away
from mapapp.actions.contact.request_send import send_request
from mapapp.actions.core.context import Context
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.members.request_states import UNANSWERED
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership

__all__ = ["UNANSWERED", "answer", "ask", "connected", "id_on", "inbox", "put_away", "whom"]
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
    when = {} if now is None else {"now": now}
    ctx = Context(session, settings, AREAS, member_id, **when)
    send_request(ctx, public_id, slug, reason, "hello")


def answer(
    session: Session, settings: Settings, member_id: int, request_id: str, *, yes: bool
) -> str:
    """Accept, and return the address of the conversation, or decline."""
    if yes:
        return answering.accept(Context(session, settings, reader_id=member_id), request_id)
    answering.decline(session, member_id, request_id)
    return ""


def inbox(session: Session, member_id: int) -> Inbox:
    """Return the requests of a member."""
    return answering.inbox(session, AREAS, member_id)


def whom(session: Session, member_id: int, public_id: str, slug: str) -> PersonPage:
    """Return a person's page."""
    return person_at(session, AREAS, member_id, public_id, slug)


def connected(
    session: Session, settings: Settings, asker: Member, asked: Member, slug: str = "dystonia"
) -> str:
    """Bring two members into a conversation, and return its address."""
    ask(session, settings, asker.id, id_on(session, asked, slug), slug)
    session.flush()
    (request,) = [
        r
        for r in inbox(session, asked.id).received
        if r.other_public_id == id_on(session, asker, slug) and r.slug == slug
    ]
    conversation = answer(session, settings, asked.id, request.public_id, yes=True)
    session.flush()
    return conversation


def id_on(session: Session, who: Member, slug: str) -> str:
    """Return a member's public id on the map of a condition."""
    here = select(Membership.public_id).join(Condition, Condition.id == Membership.condition_id)
    return session.scalars(here.where(Condition.slug == slug, Membership.member_id == who.id)).one()
