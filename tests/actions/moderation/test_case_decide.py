"""Taking, giving back and deciding: each act, and each refusal."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import notify
from mapapp.actions.moderation import case_decide
from mapapp.actions.moderation.case_decide import Decision
from mapapp.actions.moderation.case_queue import numbers, queue
from mapapp.actions.moderation.case_read import case_page
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.safety.case_rules import CASE_MOVES, CASE_STATES, RESOLVE, TAKE
from mapapp.errors import BadInputError, MapappError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.moderation import Ruling
from mapapp.store.records import AuditEntry
from tests.mail import newest_mail
from tests.moderation import AREAS, REASON, Site
from tests.trust import LEEDS


@pytest.fixture
def wren(site: Site) -> Member:
    """A member hidden because two people reported them."""
    wren = site.somebody("public", pseudonym="Wren")
    for category in ("spam", "money"):
        site.report(site.somebody(), wren, category)
    return wren


def _today() -> object:
    return datetime.now(UTC).date()


def _acts(site: Site) -> list[tuple[str, str]]:
    rows = site.session.execute(
        select(AuditEntry.action, AuditEntry.reason).order_by(AuditEntry.id)
    )
    return [(action, reason) for action, reason in rows]


def _is_refused(site: Site, act: str, mod: Member) -> bool:
    try:
        site.take(mod) if act == TAKE else None
        if act == RESOLVE:
            site.decide(mod, "warn")
        elif act == "give back":
            case_decide.give_back(site.session, mod.id, site.case().public_id)
    except MapappError:
        return True
    return False


@pytest.mark.both
@pytest.mark.parametrize(("state", "act"), list(product(CASE_STATES, (TAKE, "give back", RESOLVE))))
def test_each_act_is_done_in_its_state_alone(
    site: Site, wren: Member, mod: Member, state: str, act: str
) -> None:
    case = site.case()
    case.state, case.taken_by = state, mod.account_id
    site.session.flush()
    assert _is_refused(site, act, mod) == ((state, act) not in CASE_MOVES)
    assert site.case().state == CASE_MOVES.get((state, act), state)


def test_taking_is_logged_and_is_the_first_act(site: Site, wren: Member, mod: Member) -> None:
    site.take(mod)
    case = site.case()
    assert (case.state, case.taken_by) == ("taken", mod.account_id)
    first = case.first_act
    assert first is not None
    case_decide.give_back(site.session, mod.id, case.public_id)
    assert (site.case().state, site.case().taken_by) == ("open", "")
    site.take(site.moderator())
    assert site.case().first_act == first
    assert [act for act, _ in _acts(site)] == ["case-take", "case-give-back", "case-take"]


def test_the_log_keeps_the_beginning_of_a_reason_and_the_member_all_of_it(
    site: Site, wren: Member, mod: Member
) -> None:
    reason = "You sold butter as a cure. " * 20
    site.take(mod)
    site.decide(mod, "warn", reason)
    (logged,) = [why for act, why in _acts(site) if act == "case-warn"]
    assert logged == reason[:300]
    assert site.ruling().reason == reason.strip()


def test_what_somebody_left_lying_is_given_back_by_another(
    site: Site, wren: Member, mod: Member
) -> None:
    site.take(mod)
    other = site.moderator()
    with pytest.raises(NotAllowedError):
        site.decide(other, "warn")
    case_decide.give_back(site.session, other.id, site.case().public_id)
    site.settle(other, "warn")


def test_warning_is_the_written_word_alone(site: Site, wren: Member, mod: Member) -> None:
    case = site.settle(mod, "warn")
    assert (case.state, case.hides) == ("resolved", False)
    ruling = site.ruling()
    assert (ruling.member_id, ruling.act, ruling.reason) == (wren.id, "warn", REASON)
    assert (ruling.by, ruling.read, ruling.until) == (mod.account_id, False, None)
    assert _acts(site)[-1] == ("case-warn", REASON)
    assert site.stands(wren) == {"dystonia": ("public", "")}
    assert (site.now(wren).suspended, site.now(wren).silenced_until) == (False, None)


def test_the_person_gets_a_mail_that_tells_nothing(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "warn")
    assert site.mailed() == [wren.email]
    mail = newest_mail(site.session, site.settings)
    assert mail.body.count("/waiting") == 1
    for telling in ("moderator", "warn", "report", "wren", "money", "dystonia"):
        assert telling not in (mail.subject + mail.body).casefold()


def test_no_action_without_a_reason_is_told_to_nobody(
    site: Site, wren: Member, mod: Member
) -> None:
    site.settle(mod, "nothing", "")
    assert site.session.scalars(select(Ruling)).all() == []
    assert site.mailed() == []
    assert _acts(site)[-1] == ("case-nothing", "")


def test_no_action_with_a_reason_is_told(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "nothing", "Two people worried about you, and nothing was wrong.")
    assert site.ruling().act == "nothing"


def test_a_silence_ends_on_its_day(site: Site, wren: Member, mod: Member) -> None:
    today = datetime.now(UTC).date()
    site.settle(mod, "silence", days=7)
    until = today + timedelta(days=7)
    assert (site.now(wren).silenced_until, site.ruling().until) == (until, until)
    with pytest.raises(NotAllowedError):
        refuse_silenced(site.session, wren.id, until - timedelta(days=1))
    refuse_silenced(site.session, wren.id, until)
    assert site.stands(wren) == {"dystonia": ("public", "")}


def test_a_shorter_silence_does_not_end_a_longer_one(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "silence", days=30)
    long = site.now(wren).silenced_until
    site.report(site.somebody(), wren)
    site.settle(mod, "silence", days=1)
    assert site.now(wren).silenced_until == long


def test_suspending_takes_somebody_off_every_map(site: Site, wren: Member, mod: Member) -> None:
    site.place(wren, "counted", "als")
    asked = site.somebody()
    request = site.knock(wren, asked)
    site.settle(mod, "suspend")
    assert site.now(wren).suspended
    assert site.stands(wren) == {"dystonia": ("paused", "public"), "als": ("paused", "counted")}
    assert "Wren" not in site.seen()
    assert site.counts()[LEEDS] == 3
    site.session.refresh(request)
    assert request.state == "withdrawn"
    with pytest.raises(NotAllowedError):
        refuse_silenced(site.session, wren.id, _today())


def test_requests_of_who_was_only_counted_end_too(site: Site, mod: Member) -> None:
    heron = site.somebody("counted")
    robin = site.somebody()
    request, other = site.knock(heron, robin), site.knock(heron, site.somebody())
    site.report_piece(robin, "knock", request.public_id)
    site.settle(mod, "suspend")
    site.session.refresh(other)
    assert other.state == "withdrawn"


def test_who_is_suspended_gets_no_mail_but_about_that(
    site: Site, wren: Member, mod: Member
) -> None:
    site.settle(mod, "suspend")
    assert site.mailed() == [wren.email]
    notify(Context(site.session, site.settings), wren.id, "request")
    assert site.mailed() == [wren.email]


def test_removing_takes_a_pseudonym(site: Site, wren: Member, mod: Member) -> None:
    site.settle(mod, "remove")
    assert site.on_map(wren).pseudonym == ""
    assert site.stands(wren) == {"dystonia": ("public", "")}
    assert json.loads(site.case().evidence)["pseudonym"] == "Wren"


@pytest.mark.both
def test_removing_takes_a_message_for_both(site: Site, mod: Member) -> None:
    heron, robin = site.somebody(), site.somebody()
    sent = site.message(site.conversation(heron, robin), heron, "words that hurt")
    site.report_piece(robin, "message", sent.public_id)
    site.settle(mod, "remove")
    site.session.refresh(sent)
    assert (sent.text, sent.state) == ("", "removed")
    assert "words that hurt" in site.case().evidence


@pytest.mark.both
@pytest.mark.parametrize(
    ("state", "after"), [("open", "withdrawn"), ("declined", "refused"), ("accepted", "accepted")]
)
def test_removing_ends_a_request(site: Site, mod: Member, state: str, after: str) -> None:
    heron, robin = site.somebody(), site.somebody()
    request = site.knock(heron, robin, state)
    site.report_piece(robin, "knock", request.public_id)
    site.settle(mod, "remove")
    site.session.refresh(request)
    assert request.state == after


@pytest.mark.parametrize(
    "decision",
    [
        Decision(""),
        Decision("banish", REASON),
        Decision("warn"),
        Decision("warn", "short"),
        Decision("warn", "x" * 2001),
        Decision("nothing", "short"),
        Decision("silence", REASON),
        Decision("silence", REASON, 365),
    ],
)
def test_what_cannot_be_decided(site: Site, wren: Member, mod: Member, decision: Decision) -> None:
    site.take(mod)
    given = (Context(site.session, site.settings, AREAS, mod.id), site.case().public_id)
    with pytest.raises(BadInputError):
        case_decide.decide(*given, decision)
    assert site.case().state == "taken"
    assert [act for act, _ in _acts(site)] == ["case-take"]


def test_nobody_decides_about_themself_or_what_they_reported(site: Site) -> None:
    wren, robin = (site.somebody(staff="moderator") for _ in range(2))
    site.report(robin, wren)
    case = site.case()
    with pytest.raises(NotFoundError):
        site.take(wren)
    with pytest.raises(NotAllowedError):
        site.take(robin)
    with pytest.raises(NotFoundError):
        case_page(site.session, wren.id, case.public_id)
    assert case_page(site.session, robin.id, case.public_id).refusal
    case.state, case.taken_by = "taken", robin.account_id
    site.session.flush()
    with pytest.raises(NotAllowedError):
        site.decide(robin, "nothing", "")
    assert queue(site.session, wren.id, "taken").items == ()
    assert numbers(site.session, wren.id).by_state["taken"] == 0


def test_a_case_about_somebody_who_left_can_only_be_closed(site: Site, mod: Member) -> None:
    wren = site.somebody(pseudonym="Wren")
    site.report(site.somebody(), wren)
    erase_member(Context(site.session, site.settings), wren.id)
    page = case_page(site.session, mod.id, site.case().public_id)
    assert (page.acts, page.line.subject) == (("nothing",), None)
    site.take(mod)
    with pytest.raises(BadInputError):
        site.decide(mod, "suspend")
    site.decide(mod, "nothing", "")
    assert site.case().state == "resolved"


def test_an_unknown_case_is_not_there(site: Site, mod: Member) -> None:
    with pytest.raises(NotFoundError):
        case_decide.take(site.session, mod.id, "nothing")
