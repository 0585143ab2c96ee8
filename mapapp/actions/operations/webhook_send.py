"""Webhooks' messages: made of what is news, and sent by the worker at growing intervals.

A message is claimed before it is sent, and what came of it is written afterwards. Where a worker
dies in between, it is sent again with the same number: at least once.
"""

import time
import uuid
from dataclasses import dataclass

from sqlalchemy import Engine, Select, func, insert, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.waiting import CASES_WAIT
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.actions.moderation.case_mail import ABOUT_NO_STAFF
from mapapp.actions.operations.webhook_http import Door, NotSentError, send
from mapapp.domain.operations.webhook_rules import (
    CASE_WAITS,
    DELAYS,
    GIVEN_UP,
    HOOK_FAILED,
    HOOK_ON,
    MAP_GREW,
    MOST_GIVEN_UP,
    QUEUED,
    SENT,
    TEST,
    message,
    signature,
    target_of,
)
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.moderation import Case
from mapapp.store.records import MapStep, Webhook, WebhookDelivery

CLAIM_SECONDS = 600
LONGEST_TURN = 20.0
"""Seconds after which the worker turns to its other jobs, though more is due."""
NO_KEY, WORKER_STOPPED = "no-key", "worker-stopped"
WANTS_NO_MORE = 410  # by which a receiver says that it wants no more


@dataclass(frozen=True)
class Claimed:
    """A message that this worker sends, with what that needs."""

    id: int
    webhook_id: int
    message_id: str
    body: str
    attempts: int
    url: str
    sealed: str


def tell_webhooks(engine: Engine, now: float) -> int:
    """Queue messages about what is news since the last time; return how many."""
    with transaction(engine, write=False) as session:
        if not _has_news(session):
            return 0
    with transaction(engine) as session:
        return _tell_of_maps(session, int(now)) + _tell_of_cases(session, int(now))


def _has_news(session: Session) -> bool:
    step = session.scalar(select(MapStep.people).where(MapStep.is_news).limit(1))
    case = session.scalar(select(Webhook.id).where(Webhook.case_news).limit(1))
    return step is not None or case is not None


def _tell_of_maps(session: Session, now: int) -> int:
    """Queue messages about the highest step that each map has newly passed."""
    # By one statement, so that of two workers one is told each.
    news = update(MapStep).where(MapStep.is_news).values(is_news=False)
    highest: dict[int, int] = {}
    for condition_id, people in session.execute(
        news.returning(MapStep.condition_id, MapStep.people)
    ):
        highest[condition_id] = max(people, highest.get(condition_id, 0))
    shown = select(Condition.id, Condition.slug, Condition.name).where(
        Condition.id.in_(list(highest)), Condition.shown
    )
    told = 0
    for condition_id, slug, name in session.execute(shown).all():
        data = {"condition": {"slug": slug, "name": name}, "people": highest[condition_id]}
        told += _queue_for_all(session, MAP_GREW, now, data)
    return told


def _tell_of_cases(session: Session, now: int) -> int:
    news = update(Webhook).where(Webhook.case_news).values(case_news=False)
    if not session.execute(news).rowcount:  # type: ignore[attr-defined]
        return 0
    waiting = select(func.count()).where(Case.state.in_(CASES_WAIT), ABOUT_NO_STAFF)
    cases = session.scalar(waiting) or 0
    return _queue_for_all(session, CASE_WAITS, now, {"cases": cases}) if cases else 0


def _queue_for_all(session: Session, event: str, now: int, data: dict[str, object]) -> int:
    hooks = session.execute(
        select(Webhook.id, Webhook.events).where(Webhook.state == HOOK_ON)
    ).all()
    wanting = [hook.id for hook in hooks if event in hook.events.split()]
    for webhook_id in wanting:
        queue_message(session, webhook_id, event, now, data)
    return len(wanting)


def queue_message(
    session: Session, webhook_id: int, event: str, now: int, data: dict[str, object]
) -> None:
    """Queue a message to one webhook."""
    row = {
        "webhook_id": webhook_id,
        "message_id": f"msg_{uuid.uuid4().hex}",
        "event": event,
        "body": message(event, now, data),
        "made": now,
        "due": now,
        "attempts": 0,
        "state": QUEUED,
        "outcome": "",
    }
    session.execute(insert(WebhookDelivery).values(row))


def send_messages(
    engine: Engine, settings: Settings, now: float | None = None, door: Door | None = None
) -> int:
    """Send the messages that are due; return how many were taken.

    Raises:
        DatabaseError: when what came of one cannot be written; then it is sent again.
    """
    ends = time.monotonic() + LONGEST_TURN
    moment = int(time.time() if now is None else now)
    taken = 0
    while time.monotonic() < ends:
        with transaction(engine, write=False) as session:
            due = session.scalar(_due(moment).limit(1))
        if due is None:
            break
        with transaction(engine) as session:
            claimed = _claim(session, due, moment)
        if claimed is None:
            continue
        outcome = _try(settings, claimed, moment, door or Door())
        with transaction(engine) as session:
            taken += _note(session, claimed, outcome, moment)
    return taken


def _due(now: int) -> Select[int]:
    """Return the query for messages that are due, to webhooks that are on; tests go always."""
    return (
        select(WebhookDelivery.id)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.state == QUEUED,
            WebhookDelivery.due <= now,
            (Webhook.state == HOOK_ON) | (WebhookDelivery.event == TEST),
        )
        .order_by(WebhookDelivery.due, WebhookDelivery.id)
    )


def _claim(session: Session, delivery_id: int, now: int) -> Claimed | None:
    mine = (
        WebhookDelivery.id == delivery_id,
        WebhookDelivery.due <= now,
        WebhookDelivery.state == QUEUED,
    )
    values = {"due": now + CLAIM_SECONDS, "attempts": WebhookDelivery.attempts + 1}
    done = session.execute(update(WebhookDelivery).where(*mine).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        return None  # another worker was faster
    row = session.execute(
        select(
            WebhookDelivery.id,
            WebhookDelivery.webhook_id,
            WebhookDelivery.message_id,
            WebhookDelivery.body,
            WebhookDelivery.attempts,
            Webhook.url,
            Webhook.sealed,
        )
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.id == delivery_id)
    ).one()
    return Claimed(*row)


def _try(settings: Settings, claimed: Claimed, now: int, door: Door) -> str:
    """Send a message; return the status of the answer, or why there is none."""
    if claimed.attempts > len(DELAYS) + 1:  # each time the worker died of it
        return WORKER_STOPPED
    try:
        secret = keys_of(settings).unseal(claimed.sealed)
    except BadInputError:
        return NO_KEY
    headers = {
        "webhook-id": claimed.message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, claimed.message_id, now, claimed.body),
    }
    try:
        return str(send(door, target_of(claimed.url), headers, claimed.body.encode()))
    except NotSentError as error:
        return error.why


def _note(session: Session, claimed: Claimed, outcome: str, now: int) -> bool:
    """Write what came of an attempt; return whether the message was taken."""
    was_taken = outcome.isdigit() and outcome.startswith("2")
    state, due = QUEUED, now
    if was_taken:
        state = SENT
    elif claimed.attempts > len(DELAYS) or outcome == str(WANTS_NO_MORE):
        state = GIVEN_UP
    else:
        due = now + DELAYS[claimed.attempts - 1]
    mine = (WebhookDelivery.id == claimed.id, WebhookDelivery.attempts == claimed.attempts)
    values = {"state": state, "due": due, "outcome": outcome}
    session.execute(update(WebhookDelivery).where(*mine).values(**values))
    hook = update(Webhook).where(Webhook.id == claimed.webhook_id)
    if was_taken:
        session.execute(hook.where(Webhook.given_up > 0).values(given_up=0))
    elif state == GIVEN_UP:
        session.execute(hook.values(given_up=Webhook.given_up + 1))
        is_dead = Webhook.given_up >= (1 if outcome == str(WANTS_NO_MORE) else MOST_GIVEN_UP)
        session.execute(hook.where(is_dead, Webhook.state == HOOK_ON).values(state=HOOK_FAILED))
    return was_taken
