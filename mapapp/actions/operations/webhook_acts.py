"""What admins do with webhooks: add, look at, test, pause, switch on again, delete."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import locked
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.actions.operations.webhook_send import queue_message
from mapapp.domain.core.visible_text import clean_line
from mapapp.domain.operations.webhook_rules import (
    EVENT_WORDS,
    HOOK_FAILED,
    HOOK_ON,
    HOOK_PAUSED,
    LONGEST_NAME,
    QUEUED,
    TEST,
    new_secret,
    target_of,
)
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.store.members import new_public_id
from mapapp.store.records import Webhook, WebhookDelivery

MOST_WEBHOOKS, LAST_MESSAGES = 10, 20


@dataclass(frozen=True)
class Hook:
    """A webhook as admins see it; its secret is not among it."""

    public_id: str
    name: str
    url: str
    site: str
    events: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Message:
    """A message to a webhook; ``outcome`` of the last attempt is a status, or why there is none."""

    event: str
    made: datetime
    due: datetime
    attempts: int
    state: str
    outcome: str


@dataclass(frozen=True)
class Wanted:
    """A webhook that is to be added."""

    name: str
    url: str
    events: tuple[str, ...]

    def checked(self) -> "Wanted":
        """Return it tidied.

        Raises:
            BadInputError: for a name or an address that cannot be, and for no event.
        """
        name = clean_line(self.name)
        if not 2 <= len(name) <= LONGEST_NAME:
            raise BadInputError(N_("A name has 2 to %(most)s characters."), most=LONGEST_NAME)
        url = self.url.strip()
        target_of(url)
        events = tuple(event for event in EVENT_WORDS if event in self.events)
        if not events:
            raise BadInputError(N_("Choose at least one event."))
        return Wanted(name, url, events)


def list_webhooks(session: Session) -> list[Hook]:
    """Return all webhooks, the oldest first."""
    rows = session.scalars(select(Webhook).order_by(Webhook.id).limit(MOST_WEBHOOKS))
    return [_seen(row) for row in rows]


def has_failed(session: Session) -> bool:
    """Whether a webhook is paused because it failed."""
    return any(hook.state == HOOK_FAILED for hook in list_webhooks(session))


def webhook(session: Session, public_id: str) -> Hook:
    """Return one webhook.

    Raises:
        NotFoundError: when there is none.
    """
    return _seen(_row(session, public_id))


def last_messages(session: Session, public_id: str) -> list[Message]:
    """Return the last messages to a webhook, newest first."""
    query = (
        select(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.public_id == public_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(LAST_MESSAGES)
    )
    return [
        Message(
            row.event, _moment(row.made), _moment(row.due), row.attempts, row.state, row.outcome
        )
        for row in session.scalars(query)
    ]


def add_webhook(ctx: Context, by: audit.By, wanted: Wanted) -> tuple[Hook, str]:
    """Add a webhook; return it with its secret, which nobody is shown again.

    Raises:
        BadInputError: for a name or an address that cannot be, no event, or too many webhooks.
    """
    good, secret = wanted.checked(), new_secret()
    if (ctx.session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST_WEBHOOKS:
        raise BadInputError(
            N_("There are %(most)s webhooks already. Delete one first."), most=MOST_WEBHOOKS
        )
    row = Webhook(
        public_id=new_public_id(),
        name=good.name,
        url=good.url,
        sealed=keys_of(ctx.settings).seal(secret),
        events=" ".join(good.events),
        state=HOOK_ON,
    )
    seen = _seen(row)
    _record(ctx.session, by, "webhook-add", seen)
    ctx.session.add(row)
    ctx.session.flush()
    return seen, secret


def send_test(ctx: Context, by: audit.By, public_id: str) -> None:
    """Queue a test message, unless one waits already.

    Raises:
        NotFoundError: when there is no such webhook.
    """
    row = _row(ctx.session, public_id, lock=True)
    waits = select(WebhookDelivery.id).where(
        WebhookDelivery.webhook_id == row.id,
        WebhookDelivery.event == TEST,
        WebhookDelivery.state == QUEUED,
    )
    if ctx.session.scalar(waits.limit(1)) is None:
        _record(ctx.session, by, "webhook-test", _seen(row))
        queue_message(ctx.session, row.id, TEST, ctx.now, {})


def switch(session: Session, by: audit.By, public_id: str, *, on: bool) -> None:
    """Pause a webhook, or switch it on again; what waits for it goes on waiting meanwhile.

    Raises:
        NotFoundError: when there is no such webhook.
    """
    row = _row(session, public_id, lock=True)
    if (row.state == HOOK_ON) == on:
        return
    _record(session, by, "webhook-resume" if on else "webhook-pause", _seen(row))
    values = {"state": HOOK_ON if on else HOOK_PAUSED, "given_up": 0}
    session.execute(update(Webhook).where(Webhook.id == row.id).values(**values))


def delete_webhook(session: Session, by: audit.By, public_id: str) -> None:
    """Delete a webhook with its messages.

    Raises:
        NotFoundError: when there is no such webhook.
    """
    row = _row(session, public_id, lock=True)
    _record(session, by, "webhook-delete", _seen(row))
    session.execute(delete(Webhook).where(Webhook.id == row.id))


def _record(session: Session, by: audit.By, act: str, hook: Hook) -> None:
    # Without the rest of the address, which often is a secret itself.
    audit.record(session, by.actor, act, by.reason, name=hook.name, site=hook.site)


def _row(session: Session, public_id: str, *, lock: bool = False) -> Webhook:
    query = select(Webhook).where(Webhook.public_id == public_id)
    row = session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFoundError(N_("There is no such webhook. It may have been deleted."))
    return row


def _seen(row: Webhook) -> Hook:
    site = target_of(row.url).host
    return Hook(row.public_id, row.name, row.url, site, tuple(row.events.split()), row.state)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
