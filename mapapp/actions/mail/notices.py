"""Mails that tell a member something happened.

They go to members who agreed to them; mails about the account's safety go to everyone.
"""

from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import AGREED, ASKED_FOR, may_notify
from mapapp.actions.mail.mail_text import MailText, language_for, write_mail
from mapapp.actions.mail.member_addresses import address_of, held_address

LEADS_TO = {"request": "/waiting", "news": "/news"}
"""Where the link of a letter leads, else to the account. It is read on lock screens, too: one that
tells of different things leads to the same address whatever it tells of."""
IF_AGREED = outbox.Terms(rests_on=AGREED)
ASKED_FOR_ONCE = outbox.Terms(rests_on=ASKED_FOR)
"""What the member asked to be told."""


def notify(ctx: Context, member_id: int, letter: str, terms: outbox.Terms = IF_AGREED) -> bool:
    """Queue ``templates/mail/<letter>.txt``; return whether it was queued.

    A member gets no mail without an address, while the account is closed or paused, or without
    having agreed to mail, unless they asked for this very mail. All of it is checked again when
    the mail is sent.
    """
    may = may_notify(ctx.session, member_id, terms.rests_on)
    address = address_of(ctx, member_id) if may else None
    if address:
        outbox.queue(ctx, address, _written(ctx, member_id, letter), terms)
    return bool(address)


def warn(ctx: Context, member_id: int, letter: str) -> None:
    """Queue a mail about the account's safety or a decision.

    It is sent whatever the member agreed to, even during a pause: the act may not have been the
    member's own, and a decision can be appealed. A member without an address gets none.
    """
    address = held_address(ctx, member_id)
    if address:
        outbox.queue(ctx, address, _written(ctx, member_id, letter))


def _written(ctx: Context, member_id: int, letter: str) -> MailText:
    link = f"{ctx.settings.base_url}{LEADS_TO.get(letter, '/account')}"
    return write_mail(letter, language_for(ctx, member_id), link=link)
