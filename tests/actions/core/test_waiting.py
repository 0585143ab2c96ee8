"""What waits for members and staff: counted where it is, for nobody else, and never far."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from mapapp.actions.contact import message_send
from mapapp.actions.core.waiting import (
    ASKED_FOR_ANSWER,
    CASES_WAIT,
    MOST_SAID,
    NOTHING_WAITS,
    OFFER_WAITS,
    Waiting,
    waiting,
)
from mapapp.domain.members import request_states
from mapapp.domain.published.adviser_rules import CONFIRMED, WAITS_FOR_STAFF
from mapapp.domain.safety import case_rules
from mapapp.store.contact import ContactRequest, ConversationSide
from mapapp.store.members import Member
from mapapp.store.moderation import Ruling
from tests import contact_requests
from tests.advisers import OFFER, offer_of, plant_offer
from tests.moderation import Site


def _for(site: Site, who: Member, *, suspended: bool = False, staff: bool = False) -> Waiting:
    site.session.flush()
    return waiting(site.session, who.id, suspended=suspended, staff=staff)


def test_the_states_are_those_of_requests_cases_and_offers() -> None:
    assert request_states.OPEN == ASKED_FOR_ANSWER
    assert CASES_WAIT == (case_rules.OPEN, case_rules.APPEALED)
    assert WAITS_FOR_STAFF == OFFER_WAITS


def test_nothing_waits_for_who_is_new(site: Site) -> None:
    site.knock(site.somebody(), site.somebody())
    assert _for(site, site.somebody(), staff=True) == NOTHING_WAITS


@pytest.mark.both
def test_a_request_waits_until_it_is_answered_or_kept_for_later(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    site.knock(heron, robin)
    assert _for(site, robin) == Waiting(requests=1)
    assert _for(site, heron) == NOTHING_WAITS
    for state in ("later", "accepted", "declined", "withdrawn", "left"):
        site.session.execute(update(ContactRequest).values(state=state))
        assert _for(site, robin) == NOTHING_WAITS, state


@pytest.mark.both
def test_a_yes_waits_for_who_asked_until_they_open_the_conversation(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    talk = contact_requests.connected(site.session, site.settings, heron, robin)
    assert _for(site, heron) == Waiting(answers=1)
    assert _for(site, robin) == NOTHING_WAITS
    message_send.mark_read(site.session, heron.id, talk, 0)
    assert _for(site, heron) == NOTHING_WAITS


def test_a_no_waits_for_nobody(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    for state in ("declined", "later", "refused", "barred"):
        site.knock(heron, robin, state)
    assert _for(site, heron) == NOTHING_WAITS


@pytest.mark.both
def test_messages_of_the_other_wait_until_read(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    talk = site.conversation(heron, robin)
    site.session.execute(update(ConversationSide).values(is_news=False))
    for text in ("Hello", "Good morning"):
        last = site.message(talk, heron, text)
    site.message(talk, heron, "never to be read", "barred")
    site.message(talk, robin, "my own")
    assert _for(site, robin) == Waiting(messages=2)
    assert _for(site, heron) == Waiting(messages=1)
    side = (ConversationSide.member_id == robin.id,)
    site.session.execute(update(ConversationSide).where(*side).values(seen=last.id))
    assert _for(site, robin) == NOTHING_WAITS


@pytest.mark.both
def test_cases_wait_for_staff_alone_and_none_about_themselves(site: Site) -> None:
    mod, heron = site.moderator(), site.somebody()
    site.report(site.somebody(), heron)
    assert _for(site, mod, staff=True) == Waiting(cases=1)
    assert _for(site, mod) == NOTHING_WAITS
    assert _for(site, heron, staff=True) == NOTHING_WAITS
    site.take(mod)
    assert _for(site, mod, staff=True) == NOTHING_WAITS


@pytest.mark.both
def test_offers_of_who_is_shown_wait_for_staff_and_nobody_answers_their_own(site: Site) -> None:
    mod, heron = site.moderator(), site.somebody("public")
    for who in (heron, site.somebody("counted")):
        plant_offer(site.session, who, site.condition(), OFFER)
    assert _for(site, mod, staff=True) == Waiting(offers=1)
    assert _for(site, mod) == NOTHING_WAITS
    assert _for(site, heron, staff=True) == NOTHING_WAITS
    offer_of(site.session, heron.id).state = CONFIRMED
    assert _for(site, mod, staff=True) == NOTHING_WAITS


@pytest.mark.both
def test_a_ruling_waits_also_for_who_is_suspended_and_nothing_else_does(site: Site) -> None:
    mod, heron = site.moderator(), site.somebody()
    site.report(site.somebody(), heron)
    site.settle(mod, "warn")
    site.knock(site.somebody(), heron)
    assert _for(site, heron) == Waiting(rulings=1, requests=1)
    assert _for(site, heron, suspended=True) == Waiting(rulings=1)
    site.session.execute(update(Ruling).values(read=True))
    assert _for(site, heron, suspended=True) == NOTHING_WAITS


def test_counting_stops_where_nothing_more_is_said(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    talk = site.conversation(heron, robin)
    for number in range(MOST_SAID + 5):
        site.message(talk, heron, f"Message {number}")
    found = _for(site, robin)
    assert found == replace(NOTHING_WAITS, messages=MOST_SAID + 1)
    assert (found.inbox, found.all) == (MOST_SAID + 1, MOST_SAID + 1)


def test_leaving_takes_the_news_along(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    contact_requests.connected(site.session, site.settings, heron, robin)
    site.session.delete(heron)
    site.session.flush()
    assert _for(site, robin) == NOTHING_WAITS
