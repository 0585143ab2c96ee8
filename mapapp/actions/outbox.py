"""Mail: queued in the transaction that causes it, sent later by ``mapapp worker``."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.addresses import keys_of
from mapapp.actions.delivery import handed_over, may_leave
from mapapp.actions.letters import Letter
from mapapp.actions.mailers import Mailer, NotTakenError, make_mailer
from mapapp.actions.sweep import sweep
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.service import Outbox

NOBODY = ""
"""The receiver of a mail that is only queued so that the request does the same work as others."""

MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds; doubled after each attempt
CLAIM_SECONDS = 600  # a worker that dies with a mail in hand gives it back after this long
NEVER = 2**31 - 1
DAY = 86_400

SessionFactory = Callable[[], Session]


@dataclass(frozen=True)
class Mail:
    """A mail in the queue, opened."""

    id: int
    to: str
    subject: str
    body: str
    attempts: int
    question: str | None = None


def queue(
    session: Session,
    settings: Settings,
    to: str,
    letter: Letter,
    *,
    at_midnight: bool = False,
    rests_on: str = "",
    question: str | None = None,
) -> None:
    """Put ``letter`` into the outbox; it leaves when the transaction has been committed.

    Args:
        session: the transaction.
        settings: of the site.
        to: the receiver.
        letter: what is sent.
        at_midnight: leave at midnight (UTC), so that neither the row nor the mail tells at what
            time of day it was caused.
        rests_on: what must still hold when it leaves, see ``delivery.may_leave``.
        question: the name of the open question's stage that begins when this is handed over.
    """
    now = int(time.time())
    due = now + -now % DAY if at_midnight else now
    keys = keys_of(settings)
    sealed = keys.seal(json.dumps({"to": to, "body": letter.body}))
    session.add(
        Outbox(
            to_mark=keys.mark(to),
            sealed=sealed,
            subject=letter.subject,
            due=due,
            attempts=0,
            rests_on=rests_on,
            question=question,
        )
    )


def opened(settings: Settings, row: Outbox) -> Mail:
    """Return a row of the queue with its receiver and text."""
    inside = json.loads(keys_of(settings).unseal(row.sealed))
    return Mail(row.id, inside["to"], row.subject, inside["body"], row.attempts, row.question)


def send_due(
    sessions: SessionFactory, settings: Settings, mailer: Mailer, now: int | None = None
) -> int:
    """Send every mail that is due and return how many were handed over.

    A mail is claimed before it is sent, so that two workers do not send it twice, and deleted
    after. One that fails comes back later and later; after ``MOST_ATTEMPTS`` it stays for staff.
    """
    moment = int(time.time()) if now is None else now
    with sessions() as session, session.begin():
        due = session.scalars(select(Outbox.id).where(Outbox.due <= moment).order_by(Outbox.id))
        waiting = list(due)
    return sum(_send_one(sessions, settings, mailer, mail_id, moment) for mail_id in waiting)


def deliver_due(engine: Engine, settings: Settings) -> int:
    """Send what is due, clear away what has expired, and return how many were sent."""

    def _sessions() -> Session:
        return Session(engine, expire_on_commit=False)

    sent = send_due(_sessions, settings, make_mailer(settings))
    with transaction(engine) as session:
        sweep(session)
    return sent


def _send_one(
    sessions: SessionFactory, settings: Settings, mailer: Mailer, mail_id: int, now: int
) -> bool:
    with sessions() as session, session.begin():
        mail = _claim(session, settings, mail_id, now)
    if mail is None:
        return False
    error = ""
    if mail.to != NOBODY:
        try:
            mailer(mail.to, mail.subject, mail.body)
        except NotTakenError as refusal:
            error = str(refusal)
    with sessions() as session, session.begin():
        if error:
            _put_back(session, mail, error, now)
        else:
            session.execute(delete(Outbox).where(Outbox.id == mail_id))
            if mail.question:
                handed_over(session, mail.question, datetime.fromtimestamp(now, UTC).date())
    return not error and mail.to != NOBODY


def _claim(session: Session, settings: Settings, mail_id: int, now: int) -> Mail | None:
    claimed = session.execute(
        update(Outbox)
        .where(Outbox.id == mail_id, Outbox.due <= now)
        .values(due=now + CLAIM_SECONDS, attempts=Outbox.attempts + 1)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return None
    row = session.get(Outbox, mail_id, populate_existing=True)
    if row and not may_leave(session, row.to_mark, row.rests_on):
        session.delete(row)
        return None
    try:
        return opened(settings, row) if row else None
    except BadInputError:
        # Sealed with a key that is not set any more: it must not keep the others from leaving.
        values = {"due": NEVER, "error": "NoKeyForAddress"}
        session.execute(update(Outbox).where(Outbox.id == mail_id).values(**values))
        return None


def _put_back(session: Session, mail: Mail, error: str, now: int) -> None:
    wait = min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
    due = NEVER if mail.attempts >= MOST_ATTEMPTS else now + wait
    session.execute(update(Outbox).where(Outbox.id == mail.id).values(due=due, error=error[:200]))
