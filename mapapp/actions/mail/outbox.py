"""Mail: queued in the transaction that causes it, sent later by ``mapapp worker``."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select, union_all, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.delivery import handed_over, may_leave
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.mailers import Mailer, NotTakenError, make_mailer
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.domain.core.choices import NEUTRAL_NAME
from mapapp.domain.core.translations import language_of
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.sign_in import AddressChange

NO_RECEIVER = ""
"""The receiver of a mail that is only queued so that the request does the same work as others."""

MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds; doubled after each attempt
SIGN_IN_WAIT = 120  # seconds at most for a sign-in, whose reader is waiting
CLAIM_SECONDS = 600  # after this time, a mail claimed by a worker that died is free again
NEVER = 2**31 - 1

SessionFactory = Callable[[], Session]


@dataclass(frozen=True)
class Mail:
    """A queued mail, decrypted."""

    id: int
    to: str
    subject: str
    body: str
    attempts: int
    question: str | None = None
    sign_in: str | None = None
    is_discreet: bool = False


@dataclass(frozen=True)
class Mailers:
    """Who hands mails over: for everybody, and for members who wish for discretion."""

    usual: Mailer
    discreet: Mailer


@dataclass(frozen=True)
class Terms:
    """When a mail is sent, and what depends on it.

    Attributes:
        rests_on: what must still hold when it is sent, see ``delivery.may_leave``.
        question: the name of the open question's stage that begins when this is handed over.
        sign_in: the hash of the link inside, for signing in or to change the address, whose time
            runs from the hand-over; the mail is tried often, and not sent when it has expired.
    """

    rests_on: str = ""
    question: str | None = None
    sign_in: str | None = None


AT_ONCE = Terms()
"""The mail is sent as soon as possible, whatever happens in the meantime."""


def queue(ctx: Context, to: str, letter: MailText, terms: Terms = AT_ONCE) -> None:
    """Queue ``letter``; it is sent after the transaction is committed."""
    now = int(time.time())
    keys = keys_of(ctx.settings)
    sealed = keys.seal(json.dumps({"to": to, "body": letter.body}))
    ctx.session.add(
        Outbox(
            to_mark=keys.mark(to),
            sealed=sealed,
            subject=letter.subject,
            due=now,
            attempts=0,
            rests_on=terms.rests_on,
            question=terms.question,
            sign_in=terms.sign_in,
        )
    )


def opened(settings: Settings, row: Outbox, is_discreet: bool = False) -> Mail:
    """Return a row of the queue, with its receiver and text decrypted."""
    inside = json.loads(keys_of(settings).unseal(row.sealed))
    return Mail(
        row.id,
        inside["to"],
        row.subject,
        inside["body"],
        row.attempts,
        row.question,
        row.sign_in,
        is_discreet,
    )


def queued_mail(ctx: Context) -> list[Mail]:
    """Return every mail of the queue with its receiver and text, newest first."""
    rows = ctx.session.scalars(select(Outbox).order_by(Outbox.id.desc()))
    return [opened(ctx.settings, row) for row in rows]


def send_due(
    sessions: SessionFactory,
    settings: Settings,
    mailer: Mailer,
    now: int | None = None,
    discreet: Mailer | None = None,
) -> int:
    """Send every mail that is due and return how many were handed over.

    A mail is claimed before it is sent, so that two workers do not send it twice, and deleted
    afterwards. A failed mail is retried at growing intervals; after ``MOST_ATTEMPTS`` it stays for
    staff to see.

    Args:
        mailer: takes the mails.
        discreet: takes those to members who wish for discretion, if it is another.
    """
    moment = int(time.time()) if now is None else now
    with sessions() as session, session.begin():
        due = session.scalars(select(Outbox.id).where(Outbox.due <= moment).order_by(Outbox.id))
        waiting = list(due)
    mailers = Mailers(mailer, discreet or mailer)
    return sum(_send_one(sessions, settings, mailers, mail_id, now) for mail_id in waiting)


def deliver_due(engine: Engine, settings: Settings) -> int:
    """Send what is due and return how many were sent."""

    def _sessions() -> Session:
        return Session(engine, expire_on_commit=False)

    name = language_of(settings.offered_languages[0]).say(NEUTRAL_NAME)
    discreet = make_mailer(settings, name)
    return send_due(_sessions, settings, make_mailer(settings), discreet=discreet)


def _send_one(
    sessions: SessionFactory, settings: Settings, mailers: Mailers, mail_id: int, at: int | None
) -> bool:
    now = int(time.time()) if at is None else at  # those before may have taken their time
    with sessions() as session, session.begin():
        attempt = _claim(session, mail_id, now)
    if not attempt:
        return False
    # From here on the attempt counts: whatever is wrong with one mail must not stop the others.
    try:
        mail = _read(sessions, settings, mail_id, now)
        if mail and mail.to != NO_RECEIVER:
            mailer = mailers.discreet if mail.is_discreet else mailers.usual
            mailer(mail.to, mail.subject, mail.body)
    except Exception as error:
        with sessions() as session, session.begin():
            _put_back(session, mail_id, attempt, error, now)
        return False
    with sessions() as session, session.begin():
        session.execute(delete(Outbox).where(Outbox.id == mail_id))
        if mail:
            handed_over(session, mail.question, mail.sign_in, now)
    return mail is not None and mail.to != NO_RECEIVER


def _claim(session: Session, mail_id: int, now: int) -> int:
    """Take a mail that is due; return which attempt this is, 0 when it is not to be sent."""
    found = session.execute(
        update(Outbox)
        .where(Outbox.id == mail_id, Outbox.due <= now)
        .values(due=now + CLAIM_SECONDS, attempts=Outbox.attempts + 1)
        .returning(Outbox.attempts, Outbox.sign_in)
    ).one_or_none()
    if found is None:
        return 0
    if found.attempts > MOST_ATTEMPTS and not found.sign_in:  # each time the worker died of it
        _set(session, mail_id, due=NEVER, error="WorkerStopped")
        return 0
    return int(found.attempts)


def _read(sessions: SessionFactory, settings: Settings, mail_id: int, now: int) -> Mail | None:
    """Return the mail, None if it must not leave any more."""
    with sessions() as session, session.begin():
        row = session.get_one(Outbox, mail_id)
        if not may_leave(session, row, now):
            return None
        return opened(settings, row, _is_discreet(session, row))


def _is_discreet(session: Session, mail: Outbox) -> bool:
    """Whether a mail is for a member who wishes for discretion.

    A change of address is told at two addresses, of which only one is the member's.
    """
    of_address = select(Member.discreet).where(Member.address_mark == mail.to_mark)
    of_change = (
        select(Member.discreet)
        .join(AddressChange, AddressChange.member_id == Member.id)
        .where(AddressChange.link_hash == (mail.sign_in or ""))
    )
    return any(session.scalars(union_all(of_address, of_change)))


def _put_back(session: Session, mail_id: int, attempt: int, error: Exception, now: int) -> None:
    # A sign-in that a server only put off is tried until its link has expired.
    is_urgent = isinstance(error, NotTakenError) and not error.is_final
    is_urgent = is_urgent and session.get_one(Outbox, mail_id).sign_in is not None
    longest = SIGN_IN_WAIT if is_urgent else LONGEST_WAIT
    wait = min(FIRST_WAIT * 2 ** min(attempt - 1, 20), longest)
    # Encrypted with a key that is no longer set: that does not pass by itself.
    is_lost = isinstance(error, BadInputError) or (attempt >= MOST_ATTEMPTS and not is_urgent)
    _set(session, mail_id, due=NEVER if is_lost else now + wait, error=_kind(error))


def _kind(error: Exception) -> str:
    """Return what went wrong without a word that could hold an address."""
    if isinstance(error, NotTakenError):
        return str(error)[:200]
    return "NoKeyForAddress" if isinstance(error, BadInputError) else type(error).__name__


def _set(session: Session, mail_id: int, **values: int | str) -> None:
    session.execute(update(Outbox).where(Outbox.id == mail_id).values(**values))
