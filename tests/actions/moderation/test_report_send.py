"""Reporting: members can report what they see, once each; two independent reports hide a person."""

import json

import pytest
from sqlalchemy import func, select

from mapapp.actions.contact import block_member
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation import member_hide, report_send
from mapapp.actions.moderation.report_subject import find_reported
from mapapp.domain.core.free_text import HELD, REMOVED
from mapapp.domain.safety.case_rules import CATEGORIES
from mapapp.errors import BadInputError, LimitError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Report
from tests.moderation import AREAS, Site
from tests.trust import LEEDS


def _reports(site: Site) -> int:
    return site.session.scalar(select(func.count()).select_from(Report)) or 0


def test_a_report_of_a_person_keeps_what_was_seen(site: Site) -> None:
    wren = site.somebody(pseudonym="Wren", languages=["de", "fr"])
    site.report(site.somebody(), wren, "money")
    case = site.case()
    assert (case.kind, case.piece, case.subject_id) == ("person", wren.public_id, wren.id)
    assert (case.category, case.urgency, case.state, case.hides) == ("money", 2, "open", False)
    assert json.loads(case.evidence) == {
        "pseudonym": "Wren",
        "role": "self",
        "languages": ["de", "fr"],
        "condition": "Dystonia",
        "area": f"{AREAS.get(LEEDS).name}, United Kingdom",
    }


def test_a_report_of_a_message_keeps_three_around_it_and_no_more(site: Site) -> None:
    wren, robin = site.somebody(), site.somebody()
    conversation = site.conversation(wren, robin)
    sent = [site.message(conversation, (wren, robin)[n % 2], f"words {n}") for n in range(11)]
    site.message(conversation, wren, "not delivered", HELD)
    site.report_piece(robin, "message", sent[4].public_id, "harassment")
    kept = json.loads(site.case().evidence)
    assert kept["text"] == "words 4"
    assert [m["text"] for m in kept["context"]] == [f"words {n}" for n in range(1, 8)]
    assert [m["by_subject"] for m in kept["context"]] == [n % 2 == 0 for n in range(1, 8)]


def test_a_report_of_a_request_keeps_its_choices(site: Site) -> None:
    wren, robin = site.somebody(pseudonym="Wren"), site.somebody()
    request = site.knock(wren, robin)
    site.report_piece(robin, "knock", request.public_id, "spam")
    assert json.loads(site.case().evidence) == {
        "pseudonym": "Wren",
        "reason": "meet",
        "greeting": "hello",
        "role": "self",
        "condition": "Dystonia",
    }


@pytest.mark.both
def test_who_is_only_counted_is_not_shown_to_moderators_as_a_member_of_a_map(site: Site) -> None:
    wren, robin = site.somebody("counted", pseudonym="Wren"), site.somebody()
    request = site.knock(wren, robin)
    site.report_piece(robin, "knock", request.public_id)
    assert "ystonia" not in site.case().evidence


@pytest.mark.parametrize("state", ["open", "later", "declined", "accepted"])
def test_requests_are_reported_while_they_can_be_read(site: Site, state: str) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.report_piece(robin, "knock", site.knock(wren, robin, state).public_id)
    assert site.case().subject_id == wren.id


def test_what_one_does_not_see_is_nothing_to_report(site: Site) -> None:
    wren, robin, heron = site.somebody(), site.somebody(), site.somebody()
    hidden, blocking = site.somebody("counted"), site.somebody()
    site.block(blocking, robin)
    conversation = site.conversation(wren, robin)
    sent = site.message(conversation, wren, "words")
    waits, removed = (site.message(conversation, wren, "words", state) for state in (HELD, REMOVED))
    knock = site.knock(wren, robin)
    for who, kind, piece in (
        (robin, "person", hidden.public_id),
        (robin, "person", blocking.public_id),
        (robin, "person", "nobody"),
        (robin, "message", waits.public_id),
        (robin, "message", removed.public_id),
        (robin, "message", "nothing"),
        (heron, "message", sent.public_id),
        (wren, "message", sent.public_id),
        (heron, "knock", knock.public_id),
        (wren, "knock", knock.public_id),
        (robin, "knock", site.knock(wren, robin, "withdrawn").public_id),
        (robin, "answer", sent.public_id),
        (robin, "moon", sent.public_id),
    ):
        with pytest.raises(NotFoundError):
            site.report_piece(who, kind, piece)
    assert _reports(site) == 0


def test_nobody_reports_themself_or_for_no_reason(site: Site) -> None:
    wren, robin = site.somebody(), site.somebody()
    with pytest.raises(BadInputError):
        site.report(wren, wren)
    for category in ("", "held", "much-read", "I do not like it"):
        with pytest.raises(BadInputError):
            site.report(robin, wren, category)
    assert _reports(site) == 0


@pytest.mark.both
def test_a_second_report_of_the_same_person_changes_the_reason(site: Site) -> None:
    wren, robin = site.somebody(), site.somebody()
    for category in ("spam", "minor", "other"):
        site.report(robin, wren, category)
        assert site.case().category == category
        assert site.case().urgency == CATEGORIES[category].urgency
    assert _reports(site) == 1
    assert not site.case().hides


def test_reports_of_several_people_make_one_case_with_the_most_urgent_reason(site: Site) -> None:
    wren = site.somebody()
    for category in ("spam", "harassment", "other"):
        young = site.somebody()
        quotas.open_window(Context(site.session, site.settings), quotas.NEW_ACCOUNT, young.id)
        site.report(young, wren, category)
    assert site.session.scalar(select(func.count()).select_from(Case)) == 1
    assert site.case().category == "harassment"


def test_twenty_a_day_are_enough(site: Site) -> None:
    robin = site.somebody()
    for _ in range(20):
        site.report(robin, site.somebody())
    last = site.somebody()
    with pytest.raises(LimitError, match="tomorrow"):
        site.report(robin, last)
    assert _reports(site) == 20


def test_a_report_of_a_message_that_was_decided_opens_no_second_case(site: Site) -> None:
    wren, robin = site.somebody(), site.somebody()
    sent = site.message(site.conversation(wren, robin), wren, "words")
    site.report_piece(robin, "message", sent.public_id)
    site.settle(site.moderator(), "nothing", "")
    site.report_piece(robin, "message", sent.public_id, "outing")
    assert site.session.scalar(select(func.count()).select_from(Case)) == 1
    assert site.case().state == "resolved"
    assert (
        report_send.my_report(site.session, robin.id, "message", sent.public_id).category
        == "outing"
    )


def test_whoever_reported_can_block_also_when_they_see_them_no_more(site: Site) -> None:
    wren, robin, heron = site.somebody(pseudonym="Wren"), site.somebody(), site.somebody()
    for who in (robin, heron):
        site.report(who, wren)
    with pytest.raises(NotFoundError):
        find_reported(
            Context(site.session, site.settings, AREAS, robin.id), "person", wren.public_id
        )
    report_send.block_reported(site.session, robin.id, "person", wren.public_id)
    assert [who.pseudonym for who in block_member.my_blocks(site.session, robin.id)] == ["Wren"]
    with pytest.raises(NotFoundError):
        report_send.block_reported(site.session, site.somebody().id, "person", wren.public_id)


class TestHiding:
    """Two independent reports hide a person until it is decided."""

    def _twice(self, site: Site, wren: Member) -> tuple[Member, Member]:
        robin, heron = site.somebody(), site.somebody()
        site.report(robin, wren)
        assert "Wren" in site.seen()
        site.report(heron, wren)
        return robin, heron

    def test_two_people_hide_somebody_and_the_numbers_follow(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        site.place(wren, "counted", "als")
        pending = site.knock(wren, site.somebody())
        before = site.counts()[LEEDS]
        self._twice(site, wren)
        assert site.case().hides
        assert "Wren" not in site.seen()
        assert site.stands(wren) == {"dystonia": ("paused", "public"), "als": ("counted", "")}
        assert site.counts()[LEEDS] == before + 2 - 1  # two who report, and Wren who is hidden
        site.session.refresh(pending)
        assert pending.state == "withdrawn"

    def test_accounts_of_the_first_week_do_not_hide(self, site: Site) -> None:
        wren, robin, young = (site.somebody() for _ in range(3))
        quotas.open_window(Context(site.session, site.settings), quotas.NEW_ACCOUNT, young.id)
        site.report(robin, wren)
        site.report(young, wren)
        assert _reports(site) == 2
        assert not site.case().hides

    def test_people_in_a_conversation_count_as_one(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        robin, heron, owl = (site.somebody() for _ in range(3))
        site.conversation(robin, heron)
        site.report(robin, wren)
        site.report(heron, wren)
        assert not site.case().hides
        site.report(owl, wren)
        assert site.case().hides

    def test_no_action_brings_them_back_as_they_were(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        site.place(wren, "counted", "als")
        self._twice(site, wren)
        site.settle(site.moderator(), "nothing", "")
        assert not site.case().hides
        assert site.stands(wren) == {"dystonia": ("public", ""), "als": ("counted", "")}
        assert "Wren" in site.seen()
        assert site.counts()[LEEDS] == 3

    def test_what_they_hid_themself_stays_hidden_afterwards(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        self._twice(site, wren)
        member_hide.hide_everywhere(Context(site.session, site.settings, AREAS), wren.id)
        assert site.stands(wren) == {"dystonia": ("paused", "public")}
        site.settle(site.moderator(), "nothing", "")
        assert site.stands(wren) == {"dystonia": ("counted", "public")}

    def test_nobody_undoes_it_by_choosing_leaving_or_resting(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        self._twice(site, wren)
        given = (Context(site.session, site.settings, AREAS), wren.id)
        set_visibility(*given, site.condition().id, "members")
        member_hide.pause(*given)
        member_hide.end_pause(*given)
        member_hide.hide_everywhere(*given)
        member_hide.show_again(*given)
        site.place(wren, "public")
        site.place(wren, "public", "als")
        placing.remove(Context(site.session, site.settings), wren.id, site.condition().id)
        site.place(wren, "members")
        assert site.stands(wren) == {
            "als": ("public", ""),
            "dystonia": ("paused", "members"),
        }
        assert "Wren" not in site.seen()
        assert site.counts()[LEEDS] == 3
        site.settle(site.moderator(), "warn")
        assert site.stands(wren) == {"als": ("public", ""), "dystonia": ("members", "")}
        assert site.counts()[LEEDS] == 4

    def test_who_was_not_followed_does_not_hide_the_same_person_again(self, site: Site) -> None:
        wren = site.somebody("public", pseudonym="Wren")
        robin, heron = self._twice(site, wren)
        site.settle(site.moderator(), "nothing", "")
        for who in (robin, heron):
            site.report(who, wren)
        assert site.session.scalar(select(func.count()).select_from(Case)) == 2
        assert not site.case().hides

    def test_one_person_reporting_twice_counts_once(self, site: Site) -> None:
        wren, robin = site.somebody("public", pseudonym="Wren"), site.somebody()
        for _ in range(3):
            site.report(robin, wren)
        assert not site.case().hides
        assert "Wren" in site.seen()
