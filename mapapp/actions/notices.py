"""Mails that tell a member something happened.

They go to those who agreed to them, but for those about the safety of the account.
"""

from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.addresses import address_of, held_address
from mapapp.actions.delivery import AGREED, ASKED_FOR, may_notify
from mapapp.actions.letters import write_letter
from mapapp.settings import Settings


def notify(
    session: Session,
    settings: Settings,
    member_id: int,
    letter: str,
    page: str,
    *,
    asked_for: bool = False,
    at_midnight: bool = False,
) -> bool:
    """Queue the letter ``templates/mail/<letter>.txt`` with a link to ``page``; return whether.

    Nobody is written to who has no address, whose account is closed or paused, or who has not
    agreed to be mailed, unless they asked for just this letter. All of it is asked once more when
    the mail leaves.
    """
    rests_on = ASKED_FOR if asked_for else AGREED
    may = may_notify(session, member_id, rests_on)
    address = address_of(session, settings, member_id) if may else None
    if address:
        written = write_letter(letter, link=f"{settings.base_url}{page}")
        outbox.queue(
            session, settings, address, written, at_midnight=at_midnight, rests_on=rests_on
        )
    return bool(address)


def warn(session: Session, settings: Settings, member_id: int, letter: str) -> None:
    """Queue a letter about the safety of the account, or a decision, with a link to its page.

    It goes whatever the member agreed to, and in a pause: somebody else may have done it, and a
    decision can be appealed. Nobody is written to who has no address.
    """
    address = held_address(session, settings, member_id)
    if address:
        written = write_letter(letter, link=f"{settings.base_url}/account")
        outbox.queue(session, settings, address, written)
