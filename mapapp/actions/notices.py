"""Mails that tell a member something happened: only to those who agreed to them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.addresses import address_of
from mapapp.actions.letters import write_letter
from mapapp.settings import Settings
from mapapp.store.members import Member


def notify(
    session: Session,
    settings: Settings,
    member_id: int,
    letter: str,
    page: str,
    *,
    at_midnight: bool = False,
) -> None:
    """Queue the letter ``templates/mail/<letter>.txt`` with a link to ``page`` of the site.

    Nobody is written to who has no address, closed the account or paused it.
    """
    paused = session.scalar(select(Member.paused).where(Member.id == member_id))
    address = None if paused else address_of(session, settings, member_id)
    if address:
        written = write_letter(letter, link=f"{settings.base_url}{page}")
        outbox.queue(session, settings, address, written, at_midnight=at_midnight)
