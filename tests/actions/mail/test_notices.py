"""Mail about requests goes to members who agreed to it; requested news is sent anyway."""

from collections.abc import Callable

import pytest

from mapapp.actions.account import consent_change
from mapapp.actions.core.context import Context
from mapapp.actions.mail.delivery import ASKED_FOR, may_leave
from mapapp.actions.mail.notices import notify
from mapapp.actions.members import people_alerts
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import MAIL, words_version
from mapapp.domain.members.alert_wishes import NEARBY
from mapapp.errors import NotFoundError
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from tests import contact_requests as connecting
from tests.alerts import tell_news, wait_for_people
from tests.mail import newest_mail
from tests.trust import AREAS, LEEDS, World, reword

SLUG = "dystonia"


@pytest.fixture
def asker(world: World) -> Member:
    return world.somebody("members", pseudonym="Telling Heron")


def _mail_consent(world: World, who: Member, act: Callable[..., None]) -> None:
    words = (words_version(),) if act is consent_change.agree else ()
    act(Context(world.session, world.settings, AREAS), who.id, MAIL, "", *words)


def _ask(world: World, who: Member, whom: Member) -> None:
    given = (world.session, world.settings, who.id, whom.public_id, SLUG, "meet")
    connecting.ask(*given)
    world.session.flush()


def test_whoever_agreed_is_mailed_and_the_mail_tells_nothing(world: World, asker: Member) -> None:
    wren = world.somebody("members", pseudonym="Telling Wren")
    _ask(world, asker, wren)
    assert world.mailed() == [wren.email]
    mail = newest_mail(world.session, world.settings)
    for telling in ("dystonia", "telling", "heron", "wren", "leeds", "meet"):
        assert telling not in (mail.subject + mail.body).casefold()


def test_without_the_consent_there_is_no_mail_about_requests(world: World, asker: Member) -> None:
    wren = world.somebody("members")
    for act, mails in ((consent_change.take_back, 0), (consent_change.agree, 1)):
        _mail_consent(world, wren, act)
        heron = world.somebody("members")
        _ask(world, heron, wren)
        assert len(world.mailed()) == mails
    assert len(connecting.inbox(world.session, wren.id).received) == 2


def test_without_the_consent_there_is_no_mail_about_answers(world: World, asker: Member) -> None:
    wren = world.somebody("members")
    _mail_consent(world, asker, consent_change.take_back)
    _ask(world, asker, wren)
    (request,) = connecting.inbox(world.session, wren.id).received
    connecting.answer(world.session, world.settings, wren.id, request.public_id, yes=True)
    assert world.mailed() == [wren.email]


def test_somebody_who_never_agreed_is_not_mailed(world: World) -> None:
    silent = world.member(email=None)
    notify(Context(world.session, world.settings), silent.id, "request")
    assert world.mailed() == []


def test_agreeing_to_older_words_is_enough_until_one_has_answered(
    world: World, asker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    wren = world.somebody("members")
    reword(monkeypatch, MAIL)
    _ask(world, asker, wren)
    assert world.mailed() == [wren.email]


def test_news_that_were_asked_for_need_no_other_consent(world: World) -> None:
    wren = world.member()
    _mail_consent(world, wren, consent_change.take_back)
    wait_for_people(world.session, wren.id, world.condition().id, LEEDS)
    _three_come(world)
    assert world.mailed() == [wren.email]


def _three_come(world: World) -> None:
    for _ in range(3):
        world.somebody("members")
    tell_news(world.session, world.settings)


def _remove(world: World, who: Member, *what: object) -> None:
    wish = people_alerts.alert_at(world.session, *what)  # type: ignore[arg-type]
    people_alerts.remove_alert(world.session, who.id, wish)


@pytest.mark.both
def test_a_wish_that_was_taken_back_brings_no_mail(world: World) -> None:
    wren, robin = world.member(), world.member()
    for who in (wren, robin):
        wait_for_people(world.session, who.id, world.condition().id, LEEDS)
    for slug, *what in (
        ("als", NEARBY, LEEDS, 3),
        (SLUG, NEARBY, LEEDS + 1, 3),
        (SLUG, NEARBY, LEEDS, 10),
    ):
        _remove(world, robin, slug, *what)  # other wishes than this one
    with pytest.raises(NotFoundError):
        _remove(world, robin, "no-such", NEARBY, LEEDS, 3)
    for _ in range(2):
        _remove(world, wren, SLUG, NEARBY, LEEDS, 3)
    assert people_alerts.my_alerts(world.session, AREAS, wren.id) == []
    _three_come(world)
    assert world.mailed() == [robin.email]


@pytest.mark.both
def test_news_that_are_put_away_before_their_mail_leaves_bring_none(world: World) -> None:
    wren, robin = world.member(), world.member()
    for who in (wren, robin):
        wait_for_people(world.session, who.id, world.condition().id, LEEDS)
    _three_come(world)
    assert len(world.mailed()) == 2
    _remove(world, wren, SLUG, NEARBY, LEEDS, 3)
    mails = {who.id: Outbox(to_mark=who.address_mark, rests_on=ASKED_FOR) for who in (wren, robin)}
    assert not may_leave(world.session, mails[wren.id], world.ctx.now)
    assert may_leave(world.session, mails[robin.id], world.ctx.now)


@pytest.mark.parametrize("ends", ["pause", "close"])
def test_nobody_who_rests_or_is_closed_out_is_mailed(world: World, ends: str) -> None:
    wren = world.somebody("members")
    if ends == "pause":
        member_hide.pause(Context(world.session, world.settings, AREAS), wren.id)
    else:
        wren.active = False
        world.session.flush()
    notify(Context(world.session, world.settings), wren.id, "request")
    assert world.mailed() == []
