"""What webhooks are told, when it is sent again, and when it is given up."""

from functools import partial
from itertools import accumulate

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import DELIVERIES_KEPT, delete_expired
from mapapp.actions.core.quotas import HOUR
from mapapp.actions.mail.member_addresses import change_key
from mapapp.actions.moderation.case_mail import tell_moderators
from mapapp.actions.operations import webhook_send
from mapapp.actions.operations.webhook_acts import last_messages, send_test, switch, webhook
from mapapp.actions.operations.webhook_http import NO_CERTIFICATE
from mapapp.actions.operations.webhook_send import CLAIM_SECONDS, NO_KEY, WORKER_STOPPED
from mapapp.actions.published.publishing import publish_at_once
from mapapp.domain.mail.sealed_addresses import AddressKeys
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
)
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.records import MapStep, Webhook, WebhookDelivery
from tests.factories import make_condition, make_crowd
from tests.moderation import Site
from tests.published import change_number
from tests.webhooks import Hooks, Way

NOW = 1_795_000_000
BY = By("shell")
GERMANY = 9


@pytest.fixture
def hooks(engine: Engine, session: Session, settings: Settings) -> Hooks:
    return Hooks(engine, session, settings)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    made = Way()
    monkeypatch.setattr(webhook_send, "send", made)
    return made


def grow(session: Session, condition: Condition, by: int) -> None:
    """Publish that so many people more are on a map."""
    change_number(session, condition, GERMANY, by)
    publish_at_once(session)
    session.commit()


def ask_for_test(hooks: Hooks, public_id: str, now: int = NOW) -> None:
    ctx = Context(hooks.session, hooks.settings, now=now)
    hooks.change(lambda _session: send_test(ctx, BY, public_id))


def last(hooks: Hooks, public_id: str) -> tuple[str, str, int]:
    hooks.session.rollback()
    hooks.session.expire_all()
    newest = last_messages(hooks.session, public_id)[0]
    return newest.state, newest.outcome, newest.attempts


@pytest.mark.both
def test_a_map_that_passes_a_round_number_is_told_once(hooks: Hooks, way: Way) -> None:
    hook, secret = hooks.add(MAP_GREW)
    condition = make_condition(hooks.session, "dystonia", name="Dystonia")
    make_crowd(hooks.session, condition, GERMANY, 9)
    assert hooks.turn(NOW) == 0
    grow(hooks.session, condition, 1)
    assert hooks.turn(NOW) == 1
    assert way.told == [
        {
            "type": "map.grew",
            "timestamp": "2026-11-18T11:06:40Z",
            "data": {"condition": {"slug": "dystonia", "name": "Dystonia"}, "people": 10},
        }
    ]
    assert way.is_signed(secret)
    assert last(hooks, hook.public_id) == (SENT, "204", 1)
    for by in (-5, 4, 1, 30):  # down, nearly, and past it again
        grow(hooks.session, condition, by)
        assert hooks.turn(NOW) == 0
    grow(hooks.session, condition, 500)  # past three numbers at once: the highest is told
    assert hooks.turn(NOW) == 1
    assert way.told[-1]["data"]["people"] == 500
    grow(hooks.session, condition, -480)
    grow(hooks.session, condition, 30)
    assert hooks.turn(NOW) == 0


def test_hidden_maps_and_what_nobody_asked_for_are_not_told(hooks: Hooks, way: Way) -> None:
    hooks.add(CASE_WAITS)
    condition = make_condition(hooks.session, "dystonia")
    grow(hooks.session, condition, 60)
    hooks.turn(NOW)
    hidden = make_condition(hooks.session, "gone", shown=False)
    hooks.add(MAP_GREW)
    grow(hooks.session, hidden, 60)
    hooks.turn(NOW)
    assert way.sent == []
    hooks.session.rollback()
    assert not hooks.session.scalar(select(MapStep.people).where(MapStep.is_news))


@pytest.mark.both
def test_that_cases_wait_is_told_once_an_hour_as_a_number(
    hooks: Hooks, way: Way, site: Site
) -> None:
    hooks.add()
    told = partial(tell_moderators, hooks.engine, hooks.settings)
    site.report(site.somebody(), site.somebody(pseudonym="Heron"))
    site.report(site.somebody(), site.somebody())
    hooks.session.commit()
    told(NOW)
    assert hooks.turn(NOW) == 1
    assert way.told[0]["data"] == {"cases": 2}
    site.report(site.somebody(), site.somebody())
    hooks.session.commit()
    told(NOW + HOUR // 2)
    assert hooks.turn(NOW + HOUR // 2) == 0
    told(NOW + HOUR + 60)
    assert hooks.turn(NOW + HOUR + 60) == 1
    assert way.told[1]["data"] == {"cases": 3}


def test_cases_about_staff_are_neither_told_nor_counted(hooks: Hooks, way: Way, site: Site) -> None:
    hooks.add()
    site.report(site.somebody(), site.somebody(staff="moderator"))
    hooks.session.commit()
    tell_moderators(hooks.engine, hooks.settings, NOW)
    assert hooks.turn(NOW) == 0
    site.report(site.somebody(), site.somebody())
    hooks.session.commit()
    tell_moderators(hooks.engine, hooks.settings, NOW + 2 * HOUR)
    assert hooks.turn(NOW + 2 * HOUR) == 1
    assert way.told[0]["data"] == {"cases": 1}


def test_it_is_sent_again_at_growing_intervals_under_the_same_number(
    hooks: Hooks, way: Way
) -> None:
    hook, secret = hooks.add()
    way.answer = 500
    ask_for_test(hooks, hook.public_id)
    moments = [NOW + after for after in accumulate(DELAYS, initial=0)]
    for attempt, moment in enumerate(moments, 1):
        assert hooks.turn(moment - 1) == 0
        hooks.turn(moment)
        assert len(way.sent) == attempt
    assert last(hooks, hook.public_id) == (GIVEN_UP, "500", len(moments))
    assert len(set(way.numbers)) == 1
    assert [int(h["webhook-timestamp"]) for _, h, _ in way.sent] == moments
    assert way.is_signed(secret)
    hooks.turn(NOW + 10 * 86_400)
    assert len(way.sent) == len(moments)


@pytest.mark.both
def test_after_several_given_up_it_pauses_until_it_is_switched_on(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    way.answer = NO_CERTIFICATE
    for n in range(MOST_GIVEN_UP):
        assert webhook(hooks.session, hook.public_id).state == HOOK_ON
        ask_for_test(hooks, hook.public_id, NOW + n)
        old = update(WebhookDelivery).where(WebhookDelivery.state == QUEUED)
        hooks.change(lambda session, old=old: session.execute(old.values(attempts=len(DELAYS))))
        hooks.turn(NOW + n)
        hooks.session.expire_all()
    assert webhook(hooks.session, hook.public_id).state == HOOK_FAILED
    assert last(hooks, hook.public_id)[:2] == (GIVEN_UP, NO_CERTIFICATE)
    way.answer = 204
    ask_for_test(hooks, hook.public_id, NOW + 60)  # a test goes out all the same
    assert hooks.turn(NOW + 60) == 1
    hooks.change(partial(switch, by=BY, public_id=hook.public_id, on=True))
    hooks.session.expire_all()
    assert webhook(hooks.session, hook.public_id).state == HOOK_ON


def test_a_receiver_that_wants_no_more_is_left_at_once(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    way.answer = 410
    ask_for_test(hooks, hook.public_id)
    hooks.turn(NOW)
    assert last(hooks, hook.public_id) == (GIVEN_UP, "410", 1)
    assert webhook(hooks.session, hook.public_id).state == HOOK_FAILED


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 503])
def test_what_is_not_taken_is_tried_again(hooks: Hooks, way: Way, status: int) -> None:
    hook, _ = hooks.add()
    way.answer = status
    ask_for_test(hooks, hook.public_id)
    assert hooks.turn(NOW) == 0
    assert last(hooks, hook.public_id) == (QUEUED, str(status), 1)


def test_a_worker_that_dies_before_it_wrote_sends_it_again(
    hooks: Hooks, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _ = hooks.add()
    ask_for_test(hooks, hook.public_id)
    with monkeypatch.context() as killed:
        killed.setattr(webhook_send, "_note", _die)
        with pytest.raises(KeyboardInterrupt):
            hooks.turn(NOW)
    assert last(hooks, hook.public_id) == (QUEUED, "", 1)
    assert hooks.turn(NOW + CLAIM_SECONDS - 1) == 0
    assert hooks.turn(NOW + CLAIM_SECONDS) == 1
    assert len(way.sent) == 2
    assert len(set(way.numbers)) == 1


def _die(*_given: object) -> None:
    raise KeyboardInterrupt


def test_a_message_that_kills_each_worker_is_given_up(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    ask_for_test(hooks, hook.public_id)
    often = update(WebhookDelivery).values(attempts=len(DELAYS) + 1)
    hooks.change(lambda session: session.execute(often))
    hooks.turn(NOW)
    assert way.sent == []
    assert last(hooks, hook.public_id)[:2] == (GIVEN_UP, WORKER_STOPPED)


def test_of_two_workers_one_sends(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    ask_for_test(hooks, hook.public_id)
    (waiting,) = hooks.session.scalars(select(WebhookDelivery.id))
    assert webhook_send._claim(hooks.session, waiting, NOW) is not None
    assert webhook_send._claim(hooks.session, waiting, NOW) is None


def test_a_paused_webhook_gets_nothing_new_and_what_waited_later(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    condition = make_condition(hooks.session, "dystonia")
    grow(hooks.session, condition, 10)
    webhook_send.tell_webhooks(hooks.engine, NOW)
    hooks.change(partial(switch, by=BY, public_id=hook.public_id, on=False))
    grow(hooks.session, condition, 40)
    assert hooks.turn(NOW) == 0
    hooks.change(partial(switch, by=BY, public_id=hook.public_id, on=True))
    assert hooks.turn(NOW) == 1
    assert way.told[0]["data"]["people"] == 10


@pytest.mark.both
def test_another_key_of_the_site_leaves_the_secrets(hooks: Hooks, way: Way) -> None:
    hook, secret = hooks.add()
    before = hooks.settings.address_keys
    stored = select(Webhook.sealed)
    assert secret not in (hooks.session.scalar(stored) or "")
    keys = AddressKeys(("another key, and long enough for it to do", *before))
    hooks.change(lambda session: change_key(session, keys))
    ask_for_test(hooks, hook.public_id)
    hooks.turn(NOW)
    assert last(hooks, hook.public_id)[1] == NO_KEY  # the settings still name the old one alone
    assert keys.unseal(hooks.session.scalar(stored) or "") == secret


@pytest.mark.both
def test_messages_are_deleted_after_a_month_and_with_their_webhook(hooks: Hooks, way: Way) -> None:
    hook, _ = hooks.add()
    ask_for_test(hooks, hook.public_id)
    hooks.turn(NOW)
    hooks.change(partial(delete_expired, now=NOW + DELIVERIES_KEPT - 1))
    assert len(last_messages(hooks.session, hook.public_id)) == 1
    hooks.change(partial(delete_expired, now=NOW + DELIVERIES_KEPT))
    assert last_messages(hooks.session, hook.public_id) == []
    ask_for_test(hooks, hook.public_id)
    hooks.change(lambda session: session.execute(delete(Webhook)))
    assert hooks.session.scalar(select(WebhookDelivery.id)) is None
