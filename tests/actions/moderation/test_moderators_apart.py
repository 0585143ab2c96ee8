"""Moderators decide nothing about people they talk with, and nobody else learns of a decision."""

import pytest

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.contact.conversation_list import leave_conversations
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import appeal, case_decide
from mapapp.actions.moderation.case_export import my_reports
from mapapp.actions.moderation.case_read import case_page
from mapapp.actions.safety.case_open import TALKS_WITH_YOU
from mapapp.errors import NotAllowedError
from mapapp.store.members import Member
from tests.moderation import APPEAL, AREAS, REASON, Site


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody("public", pseudonym="Wren")


def _page(site: Site, who: Member) -> tuple[str, bool]:
    found = case_page(site.session, who.id, site.case().public_id)
    return found.refusal, found.may_read


def test_a_moderator_does_not_decide_about_whom_they_talk_with(site: Site, wren: Member) -> None:
    friend, other = site.moderator(), site.moderator()
    site.conversation(wren, friend)
    site.report(site.somebody(), wren)
    assert _page(site, friend) == (TALKS_WITH_YOU, False)
    with pytest.raises(NotAllowedError):
        site.take(friend)
    site.settle(other, "warn")
    appeal.make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    assert _page(site, friend) == (TALKS_WITH_YOU, False)
    given = (Context(site.session, site.settings, AREAS, friend.id), site.case().public_id)
    with pytest.raises(NotAllowedError):
        appeal.close(*given, "lifted", REASON)


@pytest.mark.both
def test_an_appeal_does_not_wait_for_whoever_talks_with_them(site: Site, wren: Member) -> None:
    friend, mod = site.moderator(), site.moderator()
    site.conversation(wren, friend)
    site.report(site.somebody(), wren)
    site.settle(mod, "warn")
    appeal.make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    assert _page(site, mod) == ("", True)
    given = (Context(site.session, site.settings, AREAS, mod.id), site.case().public_id)
    appeal.close(*given, "upheld", REASON)
    assert site.case().state == "resolved"


def test_nor_delivers_a_held_message_to_themself(site: Site, wren: Member) -> None:
    friend = site.moderator()
    site.held(site.conversation(wren, friend), wren, "send me money")
    assert _page(site, friend) == (TALKS_WITH_YOU, False)
    with pytest.raises(NotAllowedError):
        site.take(friend)


def test_whoever_begins_to_talk_later_gives_the_case_to_others(site: Site, wren: Member) -> None:
    friend, other = site.moderator(), site.moderator()
    site.report(site.somebody(), wren)
    site.take(friend)
    site.conversation(wren, friend)
    with pytest.raises(NotAllowedError):
        site.decide(friend, "nothing")
    case_decide.give_back(site.session, other.id, site.case().public_id)
    leave_conversations(site.session, friend.id, wren.id, site.condition().id)
    site.settle(friend, "nothing")


def test_a_case_by_itself_has_a_moderator_who_talks_with_others(site: Site, wren: Member) -> None:
    mod = site.moderator()
    site.conversation(site.somebody(), mod)
    site.report(site.somebody(), wren)
    site.settle(mod, "warn")


def test_nobody_is_taken_for_somebody_who_has_left(site: Site, wren: Member) -> None:
    mod, other = site.moderator(), site.somebody()
    site.conversation(other, mod)
    leave_conversations(site.session, other.id)
    site.report(site.somebody(), wren)
    erase_member(Context(site.session, site.settings), wren.id)
    site.settle(mod, "nothing", "")


def test_who_reported_does_not_read_that_there_is_an_appeal(site: Site, wren: Member) -> None:
    robin, mod = site.somebody(), site.moderator()
    site.report(robin, wren)
    site.settle(mod, "warn")
    decided = my_reports(site.session, robin.id)
    appeal.make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    assert my_reports(site.session, robin.id) == decided
