"""Answering offers to help newcomers: what others read of it, when, and every refusal."""

import json

import pytest
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.members.adviser_offer import make_offer, my_offer, take_offer_back
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation.adviser_answer import (
    CONFIRM,
    END,
    REFUSE,
    answer_offer,
    offer_at,
    offers,
)
from mapapp.actions.published.listings import People, card_of
from mapapp.actions.published.publishing import publish
from mapapp.domain.published.adviser_rules import CONFIRMED, ENDED, REFUSED, WAITS_FOR_STAFF
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.records import AuditEntry
from tests.advisers import OFFER, REASON, offer_of
from tests.moderation import Site

NOW = 1_795_953_600  # 2026-11-29 12:00 UTC
DAY = 86_400


@pytest.fixture
def wren(site: Site) -> Member:
    """A member with an offer."""
    who = site.somebody("public", pseudonym="Wren")
    make_offer(_ctx(site, who), _map(site), OFFER)
    return who


def _ctx(site: Site, who: Member) -> Context:
    settings = site.settings.model_copy(update={"publish": "daily@04:00"})
    return Context(site.session, settings, reader_id=who.id, now=NOW)


def _map(site: Site) -> int:
    return int(site.condition().id)


def _answer(site: Site, who: Member, whose: Member, act: str, reason: str = REASON) -> None:
    answer_offer(_ctx(site, who), offer_of(site.session, whose.id).public_id, act, reason)


def _publish(site: Site, days: int = 4) -> None:
    """Let so many days pass, whose publications bring what waits."""
    site.session.commit()
    publish(site.session.get_bind().engine, site.settings, NOW + days * DAY)


def _is_marked(site: Site, who: Member) -> bool:
    found = card_of(site.session, People(_map(site)), site.on_map(who).public_id)
    assert found is not None
    return found[0].adviser


@pytest.mark.both
def test_a_mark_comes_with_a_publication_and_goes_at_once(
    site: Site, mod: Member, wren: Member
) -> None:
    _answer(site, mod, wren, CONFIRM)
    assert not _is_marked(site, wren)
    _publish(site)
    assert _is_marked(site, wren)
    before = site.counts()
    _answer(site, mod, wren, END)
    assert not _is_marked(site, wren)  # and the card is there, at the same place
    assert site.counts() == before
    _publish(site)
    assert not _is_marked(site, wren)


@pytest.mark.both
def test_what_is_taken_back_before_its_publication_never_shows(
    site: Site, mod: Member, wren: Member
) -> None:
    _answer(site, mod, wren, CONFIRM)
    _answer(site, mod, wren, END)
    _publish(site)
    assert not _is_marked(site, wren)


def test_a_member_stops_at_once_and_is_not_shown_so_again(
    site: Site, mod: Member, wren: Member
) -> None:
    _answer(site, mod, wren, CONFIRM)
    _publish(site)
    take_offer_back(_ctx(site, wren), _map(site))
    assert not _is_marked(site, wren)
    assert my_offer(site.session, wren.id, _map(site)) is None
    _publish(site)
    assert not _is_marked(site, wren)


@pytest.mark.parametrize(("act", "state"), [(CONFIRM, CONFIRMED), (REFUSE, REFUSED)])
def test_an_answer_is_logged_without_a_name_and_its_member_reads_why(
    site: Site, mod: Member, wren: Member, act: str, state: str
) -> None:
    offer_id = offer_of(site.session, wren.id).public_id
    _answer(site, mod, wren, act)
    mine = my_offer(site.session, wren.id, _map(site))
    assert mine is not None
    assert (mine.state, mine.reason, mine.words) == (state, REASON, OFFER)
    logged = site.session.scalars(
        select(AuditEntry).where(AuditEntry.action == f"adviser-{act}")
    ).one()
    assert (logged.actor, logged.reason) == (mod.account_id, REASON)
    assert json.loads(logged.detail) == {"offer": offer_id}


def test_only_what_waits_is_answered_and_only_what_holds_is_taken_back(
    site: Site, mod: Member, wren: Member
) -> None:
    with pytest.raises(NotFoundError):
        _answer(site, mod, wren, END)
    with pytest.raises(BadInputError):
        _answer(site, mod, wren, CONFIRM, "short")
    _answer(site, mod, wren, CONFIRM)
    for act in (CONFIRM, REFUSE):
        with pytest.raises(NotFoundError):
            _answer(site, mod, wren, act)
    _answer(site, mod, wren, END)
    assert offer_of(site.session, wren.id).state == ENDED
    with pytest.raises(NotFoundError):
        offer_at(site.session, mod.id, offer_of(site.session, wren.id).public_id)


def test_nobody_answers_their_own_offer(site: Site) -> None:
    mod = site.moderator(pseudonym="Quiet Robin")
    site.place(mod, "public")
    make_offer(_ctx(site, mod), _map(site), OFFER)
    assert offers(site.session, mod.id, WAITS_FOR_STAFF).items == ()
    with pytest.raises(NotFoundError):
        _answer(site, mod, mod, CONFIRM)


def test_staff_see_no_offer_of_whom_the_map_does_not_show(
    site: Site, mod: Member, wren: Member
) -> None:
    listed = offers(site.session, mod.id, WAITS_FOR_STAFF).items
    assert [(one.pseudonym, one.words) for one in listed] == [("Wren", OFFER)]
    set_visibility(_ctx(site, wren), wren.id, _map(site), "counted")
    assert offers(site.session, mod.id, WAITS_FOR_STAFF).items == ()
    with pytest.raises(NotFoundError):
        _answer(site, mod, wren, CONFIRM)


@pytest.mark.both
def test_staff_read_an_offer_once_its_card_is_published_and_as_it_stands(
    site: Site, mod: Member
) -> None:
    heron = site.somebody("counted", pseudonym="Heron")
    set_visibility(_ctx(site, heron), heron.id, _map(site), "public")
    make_offer(_ctx(site, heron), _map(site), OFFER)
    assert offers(site.session, mod.id, WAITS_FOR_STAFF).items == ()
    with pytest.raises(NotFoundError):
        offer_at(site.session, mod.id, offer_of(site.session, heron.id).public_id)
    with pytest.raises(NotFoundError):
        _answer(site, mod, heron, CONFIRM)
    _publish(site)
    site.on_map(heron).role = "parent"  # which the card does not say yet
    (offer,) = offers(site.session, mod.id, WAITS_FOR_STAFF).items
    assert (offer.pseudonym, offer.role) == ("Heron", "self")
    _answer(site, mod, heron, CONFIRM)
