"""Moderators get a mail when cases wait: neutral, once an hour, and none if they do not want it."""

import pytest
from sqlalchemy import Engine, select, update

from mapapp.actions.core.quotas import HOUR
from mapapp.actions.mail.delivery import may_leave
from mapapp.actions.moderation.appeal import make_appeal
from mapapp.actions.moderation.case_mail import choose_mail, tell_moderators
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests.factories import make_admin
from tests.mail import waiting_mail
from tests.moderation import APPEAL, Site

NOW = 1_795_000_000


def _tell(site: Site, engine: Engine, now: int = NOW) -> int:
    site.session.commit()
    return tell_moderators(engine, site.settings, now)


def _mailed(site: Site) -> list[str]:
    site.session.rollback()
    return sorted(mail.to for mail in waiting_mail(site.session, site.settings))


@pytest.mark.both
def test_each_moderator_is_told_once_of_all_that_came(
    site: Site, engine: Engine, mod: Member
) -> None:
    other = site.moderator()
    make_admin(site.session, other)  # who holds two roles gets one mail
    for _ in range(3):
        site.report(site.somebody(), site.somebody())
    assert _tell(site, engine) == 2
    assert _mailed(site) == sorted((mod.email, other.email))
    assert _tell(site, engine, NOW + 2 * HOUR) == 0


@pytest.mark.both
def test_what_comes_within_the_hour_waits_for_the_next_mail(
    site: Site, engine: Engine, mod: Member
) -> None:
    site.report(site.somebody(), site.somebody())
    assert _tell(site, engine) == 1
    site.report(site.somebody(), site.somebody())
    assert _tell(site, engine, NOW + HOUR // 2) == 0
    assert _tell(site, engine, NOW + HOUR + 60) == 1


def test_the_mail_is_that_of_all_news(site: Site, engine: Engine, mod: Member) -> None:
    site.report(site.somebody(), site.somebody(pseudonym="Heron"))
    _tell(site, engine)
    (mail,) = waiting_mail(site.session, site.settings)
    text = (mail.subject + mail.body).casefold()
    for telling in ("moderat", "case", "staff", "report", "heron", "dystonia", "admin"):
        assert telling not in text
    assert "/waiting" in mail.body


def test_nobody_is_told_of_a_case_about_themselves(site: Site, engine: Engine, mod: Member) -> None:
    accused = site.somebody(staff="moderator")
    site.report(site.somebody(), accused)
    _tell(site, engine)
    assert _mailed(site) == [mod.email]


def test_who_was_faster_spares_the_mail(site: Site, engine: Engine, mod: Member) -> None:
    site.report(site.somebody(), site.somebody())
    site.take(mod)
    assert _tell(site, engine) == 0


@pytest.mark.both
def test_an_appeal_is_news(site: Site, engine: Engine, mod: Member) -> None:
    wren = site.somebody()
    site.report(site.somebody(), wren)
    site.settle(mod, "warn")
    site.session.execute(update(Case).values(is_news=False))
    make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    assert _tell(site, engine) == 1


@pytest.mark.both
def test_it_is_switched_off_and_on_for_each(site: Site, engine: Engine, mod: Member) -> None:
    other = site.moderator()
    choose_mail(site.session, mod.id, wanted=False)
    site.report(site.somebody(), site.somebody())
    _tell(site, engine)
    assert _mailed(site) == [other.email]
    choose_mail(site.session, mod.id, wanted=True)
    site.report(site.somebody(), site.somebody())
    assert _tell(site, engine, NOW + 2 * HOUR) == 2


@pytest.mark.parametrize("value", ["paused", "suspended"])
def test_a_pause_and_a_suspension_hold(site: Site, engine: Engine, mod: Member, value: str) -> None:
    setattr(mod, value, True)
    site.report(site.somebody(), site.somebody())
    assert _tell(site, engine) == 0


@pytest.mark.both
def test_a_mail_on_its_way_does_not_leave_when_it_was_switched_off(
    site: Site, engine: Engine, mod: Member
) -> None:
    site.report(site.somebody(), site.somebody())
    _tell(site, engine)
    mail = site.session.scalars(select(Outbox).where(Outbox.to_mark == mod.address_mark)).one()
    assert may_leave(site.session, mail, NOW)
    choose_mail(site.session, mod.id, wanted=False)
    assert not may_leave(site.session, mail, NOW)
