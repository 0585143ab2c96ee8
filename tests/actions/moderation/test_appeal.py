"""Appeals: once, decided by another moderator where there is one, and lifting undoes the act."""

from datetime import UTC, datetime

import pytest

from mapapp.actions.core.context import Context
from mapapp.actions.moderation import appeal, ruling_read
from mapapp.actions.moderation.case_read import case_page
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from tests.moderation import APPEAL, AREAS, REASON, Site
from tests.trust import LEEDS


@pytest.fixture
def wren(site: Site) -> Member:
    wren = site.somebody("public", pseudonym="Wren")
    site.report(site.somebody(), wren, "money")
    return wren


def _appeal(site: Site, who: Member, text: str = APPEAL) -> None:
    appeal.make_appeal(site.session, who.id, site.ruling().public_id, text)


def _close(site: Site, who: Member, outcome: str, reason: str = REASON) -> None:
    given = (Context(site.session, site.settings, AREAS, who.id), site.case().public_id)
    appeal.close(*given, outcome, reason)
    site.session.flush()


def _mine(site: Site, who: Member) -> ruling_read.MyRuling:
    return ruling_read.my_rulings(site.session, who.id)[0]


def _standing(site: Site, who: Member) -> ruling_read.Standing:
    return ruling_read.moderation_standing(site.session, who.id, datetime.now(UTC).date())


def test_a_member_reads_what_was_decided_and_why(site: Site, wren: Member, mod: Member) -> None:
    assert ruling_read.my_rulings(site.session, wren.id) == []
    site.settle(mod, "silence", days=7)
    mine = _mine(site, wren)
    assert (mine.act, mine.reason, mine.kind, mine.category) == (
        "silence",
        REASON,
        "person",
        "money",
    )
    assert (mine.is_new, mine.can_appeal) == (True, True)
    assert _standing(site, wren).unread == 1
    assert _standing(site, wren).silenced_until == mine.until
    ruling_read.mark_read(site.session, wren.id)
    assert (_mine(site, wren).is_new, _standing(site, wren).unread) == (False, 0)
    assert ruling_read.my_rulings(site.session, site.somebody().id) == []


def test_an_appeal_waits_for_a_moderator(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "warn")
    _appeal(site, wren)
    assert site.case().state == "appealed"
    assert (_mine(site, wren).appeal, _mine(site, wren).can_appeal) == (APPEAL, False)
    _appeal(site, wren)  # the same form again
    with pytest.raises(NotAllowedError, match="not sent"):
        appeal.make_appeal(site.session, wren.id, site.ruling().public_id, f"{APPEAL} And more.")
    assert _mine(site, wren).appeal == APPEAL


@pytest.mark.parametrize("text", ["", "short", "x" * 2001])
def test_an_appeal_has_its_length(site: Site, wren: Member, mod: Member, text: str) -> None:
    site.settle(mod, "warn")
    with pytest.raises(BadInputError):
        _appeal(site, wren, text)
    assert site.case().state == "resolved"


def test_only_the_person_appeals(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "warn")
    with pytest.raises(NotFoundError):
        _appeal(site, site.somebody())
    with pytest.raises(NotFoundError):
        appeal.make_appeal(site.session, wren.id, "nothing", APPEAL)


def test_of_no_action_there_is_nothing_to_appeal(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "nothing", "Nothing was wrong with what you did.")
    assert not _mine(site, wren).can_appeal
    with pytest.raises(NotAllowedError):
        _appeal(site, wren)


@pytest.mark.both
def test_upholding_changes_nothing_and_is_told(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "suspend")
    _appeal(site, wren)
    ruling_read.mark_read(site.session, wren.id)
    _close(site, site.moderator(), "upheld")
    mine = _mine(site, wren)
    assert (mine.outcome, mine.outcome_reason, mine.is_new) == ("upheld", REASON, True)
    assert site.now(wren).suspended
    assert site.case().state == "resolved"
    assert site.mailed() == [wren.email, wren.email]
    _appeal(site, wren)
    assert _mine(site, wren).outcome == "upheld"  # the same words, and no other appeal


def test_lifting_a_suspension_brings_everything_back(site: Site, wren: Member, mod: Member) -> None:
    site.place(wren, "counted", "als")
    site.settle(mod, "suspend")
    assert site.counts()[LEEDS] == 1
    _appeal(site, wren)
    _close(site, site.moderator(), "lifted")
    assert not site.now(wren).suspended
    assert site.stands(wren) == {"dystonia": ("public", ""), "als": ("counted", "")}
    assert site.counts()[LEEDS] == 2


def test_lifting_a_silence_ends_it(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "silence", days=30)
    _appeal(site, wren)
    _close(site, site.moderator(), "lifted")
    assert site.now(wren).silenced_until is None
    refuse_silenced(site.session, wren.id, datetime.now(UTC).date())


def test_lifting_one_decision_leaves_the_others(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "silence", days=7)
    until = site.now(wren).silenced_until
    site.report(site.somebody(), wren)
    site.settle(mod, "suspend")
    _appeal(site, wren)
    _close(site, site.moderator(), "lifted")
    assert (site.now(wren).suspended, site.now(wren).silenced_until) == (False, until)


@pytest.mark.both
def test_what_was_removed_does_not_come_back(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "remove")
    _appeal(site, wren)
    _close(site, site.moderator(), "lifted")
    assert site.on_map(wren).pseudonym == ""


def test_another_moderator_decides_where_there_is_one(
    site: Site, wren: Member, mod: Member
) -> None:
    site.settle(mod, "warn")
    _appeal(site, wren)
    alone = case_page(site.session, mod.id, site.case().public_id)
    assert (alone.refusal, alone.may_read) == ("", True)
    admin = site.member(staff=True)
    page = case_page(site.session, mod.id, site.case().public_id)
    assert (bool(page.refusal), page.may_read) == (True, False)
    with pytest.raises(NotAllowedError):
        _close(site, mod, "upheld")
    _close(site, admin, "upheld")


@pytest.mark.parametrize("kind", ["reporter", "subject", "suspended", "closed"])
def test_who_cannot_decide_is_no_other_moderator(site: Site, kind: str) -> None:
    mod = site.moderator()
    wren = site.somebody(staff="moderator" if kind == "subject" else "")
    site.report(site.somebody(staff="moderator" if kind == "reporter" else ""), wren)
    if kind in {"suspended", "closed"}:
        site.moderator(suspended=kind == "suspended", active=kind != "closed")
    site.settle(mod, "warn")
    _appeal(site, wren)
    _close(site, mod, "lifted")
    assert site.case().state == "resolved"


def test_closing_needs_an_outcome_a_reason_and_an_appeal(
    site: Site, wren: Member, mod: Member
) -> None:
    other = site.moderator()
    with pytest.raises(NotFoundError):
        _close(site, other, "upheld")
    site.settle(mod, "warn")
    _appeal(site, wren)
    for outcome, reason in (("", REASON), ("gone", REASON), ("upheld", ""), ("lifted", "short")):
        with pytest.raises(BadInputError):
            _close(site, other, outcome, reason)
    assert site.case().state == "appealed"


def test_a_report_during_an_appeal_is_a_case_of_its_own(
    site: Site, wren: Member, mod: Member
) -> None:
    site.settle(mod, "warn")
    _appeal(site, wren)
    first = site.case().public_id
    site.report(site.somebody(), wren)
    assert site.case().public_id != first
    assert site.case().state == "open"
