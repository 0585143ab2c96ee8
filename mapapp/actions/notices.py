"""Mails that tell a member something happened: only to those who agreed to them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.addresses import address_of
from mapapp.actions.consents import has_agreed
from mapapp.actions.letters import write_letter
from mapapp.domain.consents import MAIL
from mapapp.settings import Settings
from mapapp.store.members import Member


def notify(
    session: Session,
    settings: Settings,
    member_id: int,
    letter: str,
    page: str,
    *,
    asked_for: bool = False,
    at_midnight: bool = False,
) -> None:
    """Queue the letter ``templates/mail/<letter>.txt`` with a link to ``page`` of the site.

    Nobody is written to who has no address, whose account is closed or paused, or who has not
    agreed to be mailed, unless they asked for just this letter. Who is suspended gets no other.
    """
    paused, suspended = session.execute(
        select(Member.paused, Member.suspended).where(Member.id == member_id)
    ).one_or_none() or (True, True)
    agreed = asked_for or (not suspended and has_agreed(session, member_id, MAIL))
    address = address_of(session, settings, member_id) if agreed and not paused else None
    if address:
        written = write_letter(letter, link=f"{settings.base_url}{page}")
        outbox.queue(session, settings, address, written, at_midnight=at_midnight)
