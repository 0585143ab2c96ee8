"""Taking a request back: the other side sees nothing, a no stays silent, nothing is given back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact.request_inbox import all_requests, put_off, withdraw
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation.member_hide import end_pause, pause
from mapapp.errors import LimitError, NotFoundError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member
from tests import contact_requests as connecting
from tests import factories
from tests.mail import waiting_mail
from tests.moderation import Site

NOW = 1_795_000_000
Ask = Callable[..., str]


@pytest.fixture
def heron(site: Site) -> Member:
    return site.somebody(pseudonym="Heron")


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


@pytest.fixture
def ask(site: Site, heron: Member) -> Ask:
    def _ask(whom: Member, now: int = NOW) -> str:
        piece = connecting.id_on(site.session, whom, "dystonia")
        connecting.ask(site.session, site.settings, heron.id, piece, "dystonia", now=now)
        site.session.flush()
        newest = select(ContactRequest.public_id).order_by(ContactRequest.id.desc()).limit(1)
        return site.session.scalars(newest).one()

    return _ask


def _state(session: Session, request_id: str) -> str:
    here = select(ContactRequest.state).where(ContactRequest.public_id == request_id)
    return session.scalars(here).one()


@pytest.mark.both
def test_neither_side_sees_what_was_taken_back(
    site: Site, heron: Member, robin: Member, ask: Ask
) -> None:
    request = ask(robin)
    assert connecting.inbox(site.session, robin.id).received
    withdraw(site.session, heron.id, request)
    for who in (heron, robin):
        found = connecting.inbox(site.session, who.id)
        assert (found.received, found.put_off, found.sent) == ((), (), ())
    with pytest.raises(NotFoundError):
        connecting.answer(site.session, site.settings, robin.id, request, yes=True)


def test_what_was_kept_for_later_can_be_taken_back(
    site: Site, heron: Member, robin: Member, ask: Ask
) -> None:
    request = ask(robin)
    put_off(site.session, robin.id, request)
    withdraw(site.session, heron.id, request)
    assert connecting.inbox(site.session, robin.id).put_off == ()


@pytest.mark.both
def test_a_silent_no_stays_silent_and_lasts(
    site: Site, heron: Member, robin: Member, ask: Ask
) -> None:
    request = ask(robin)
    connecting.answer(site.session, site.settings, robin.id, request, yes=False)
    withdraw(site.session, heron.id, request)  # as if it were open
    assert _state(site.session, request) == "refused"
    again = ask(robin, NOW + DAY)
    assert _state(site.session, again) == "declined"
    assert connecting.inbox(site.session, robin.id).received == ()
    assert len(connecting.inbox(site.session, heron.id).sent) == 1
    assert all(one.state != "open" for one in all_requests(site.session, robin.id, sent=False))


def test_only_ones_own_and_only_until_accepted(
    site: Site, heron: Member, robin: Member, ask: Ask
) -> None:
    request = ask(robin)
    for who in (robin, site.somebody()):
        with pytest.raises(NotFoundError):
            withdraw(site.session, who.id, request)
    connecting.answer(site.session, site.settings, robin.id, request, yes=True)
    with pytest.raises(NotFoundError):
        withdraw(site.session, heron.id, request)
    assert _state(site.session, request) == "accepted"
    with pytest.raises(NotFoundError):
        withdraw(site.session, heron.id, "nothing")


def test_nothing_of_the_day_is_given_back(site: Site, heron: Member, ask: Ask) -> None:
    for _ in range(quotas.NEW_PEOPLE.most):
        withdraw(site.session, heron.id, ask(site.somebody()))
    with pytest.raises(LimitError):
        ask(site.somebody())


def test_asking_again_costs_again_and_sends_no_second_mail(
    site: Site, heron: Member, robin: Member, ask: Ask
) -> None:
    for _ in range(quotas.NEW_PEOPLE.most):
        withdraw(site.session, heron.id, ask(robin))
    with pytest.raises(LimitError):
        ask(robin)
    assert [mail.to for mail in waiting_mail(site.session, site.settings)] == [robin.email]
    ask(robin, NOW + 61 * DAY)
    assert len(waiting_mail(site.session, site.settings)) == 2


def _hides(site: Site, who: Member) -> None:
    for visibility in ("counted", "members"):
        ctx = Context(site.session, site.settings, reader_id=who.id, now=NOW)
        set_visibility(ctx, who.id, site.condition().id, visibility)
    factories._publish(site.session)


def _pauses(site: Site, who: Member) -> None:
    for act in (pause, end_pause):
        act(Context(site.session, site.settings, reader_id=who.id, now=NOW), who.id)
    factories._publish(site.session)


@pytest.mark.both
@pytest.mark.parametrize("goes_away", [_hides, _pauses])
def test_who_was_away_themselves_is_told_when_asked_again(
    site: Site, heron: Member, robin: Member, ask: Ask, goes_away: Callable[..., None]
) -> None:
    request = ask(robin)
    goes_away(site, robin)
    assert _state(site.session, request) == "withdrawn"
    ask(robin, NOW + DAY)
    assert [mail.to for mail in waiting_mail(site.session, site.settings)] == [robin.email] * 2
    goes_away(site, heron)  # is no way to call on somebody again
    ask(robin, NOW + 2 * DAY)
    assert len(waiting_mail(site.session, site.settings)) == 2
