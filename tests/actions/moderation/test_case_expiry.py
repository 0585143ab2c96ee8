"""Evidence is deleted after a year, and cases about a member who left lead to nobody."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.moderation import appeal
from mapapp.actions.moderation.case_expiry import forget_evidence
from mapapp.actions.operations import upkeep
from mapapp.actions.operations.worker_jobs import WorkerJobs
from mapapp.settings import Settings
from mapapp.store.moderation import Case, Report
from tests.moderation import APPEAL, Site

NOW = datetime.now(UTC)


def _settled(site: Site, act: str, reason: str, age: int) -> None:
    site.report(site.somebody(), site.somebody())
    case = site.settle(site.moderator(), act, reason)
    case.opened = case.first_act = NOW - timedelta(days=age)
    if reason:
        site.ruling().day = (NOW - timedelta(days=age)).date()
    site.session.flush()


@pytest.mark.parametrize(("act", "reason"), [("nothing", ""), ("warn", "Please do not do it.")])
@pytest.mark.parametrize(("age", "kept"), [(364, True), (367, False)])
def test_evidence_is_kept_for_a_year(
    site: Site, act: str, reason: str, age: int, kept: bool
) -> None:
    _settled(site, act, reason, age)
    forget_evidence(site.session, NOW.date() - upkeep.EVIDENCE_KEPT)
    assert bool(json.loads(site.case().evidence)) == kept


@pytest.mark.both
def test_a_late_decision_counts_from_its_own_day(site: Site) -> None:
    _settled(site, "warn", "Please do not do it.", 500)
    site.ruling().day = NOW.date()
    forget_evidence(site.session, NOW.date() - upkeep.EVIDENCE_KEPT)
    assert json.loads(site.case().evidence)


@pytest.mark.parametrize("state", ["open", "taken", "appealed"])
def test_what_is_not_decided_is_not_forgotten(site: Site, state: str) -> None:
    _settled(site, "nothing", "", 500)
    site.case().state = state
    forget_evidence(site.session, NOW.date() - upkeep.EVIDENCE_KEPT)
    assert json.loads(site.case().evidence)


def test_the_worker_does_it(site: Site, engine: Engine, settings: Settings) -> None:
    _settled(site, "nothing", "", 367)
    site.session.commit()
    assert WorkerJobs(engine, settings, tell=lambda *failed: pytest.fail(str(failed))).run()
    site.session.rollback()
    assert json.loads(site.case().evidence) == {}


def test_what_somebody_reported_of_a_person_who_left_stays_and_leads_to_nobody(site: Site) -> None:
    wren, robin = site.somebody(pseudonym="Wren"), site.somebody()
    sent = site.message(site.conversation(wren, robin), wren, "words that hurt")
    site.report(site.somebody(), wren)
    site.report_piece(robin, "message", sent.public_id)
    public_id = wren.public_id
    erase_member(Context(site.session, site.settings), wren.id)
    site.session.expire_all()
    case = site.case()
    assert (case.subject_id, case.state, case.hides) == (None, "open", False)
    assert json.loads(case.evidence)["text"] == "words that hurt"
    pieces = site.session.scalars(select(Case.piece)).all()
    assert public_id not in pieces


@pytest.mark.both
def test_a_case_that_hid_a_person_who_left_hides_nobody_and_leads_to_nobody(site: Site) -> None:
    wren = site.somebody()
    for _ in range(2):
        site.report(site.somebody(), wren)
    assert site.case().hides
    erase_member(Context(site.session, site.settings), wren.id)
    site.session.expire_all()
    assert (site.case().hides, site.case().piece) == (False, "")


@pytest.mark.both
def test_an_appeal_of_somebody_who_left_is_deleted_and_closed(site: Site) -> None:
    wren = site.somebody()
    site.report(site.somebody(), wren)
    site.settle(site.moderator(), "suspend")
    appeal.make_appeal(site.session, wren.id, site.ruling().public_id, APPEAL)
    erase_member(Context(site.session, site.settings), wren.id)
    site.session.expire_all()
    ruling = site.ruling()
    assert (ruling.member_id, ruling.appeal, site.case().state) == (None, "", "resolved")


def test_reports_of_somebody_who_left_count_on(site: Site) -> None:
    wren, robin = site.somebody(), site.somebody()
    site.report(robin, wren)
    erase_member(Context(site.session, site.settings), robin.id)
    site.session.expire_all()
    (report,) = site.session.scalars(select(Report)).all()
    assert (report.reporter_id, report.category) == (None, "spam")


def test_what_the_reporter_wrote_around_it_goes_with_them(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    conversation = site.conversation(heron, robin)
    site.message(conversation, robin, "my private words")
    bad = site.message(conversation, heron, "words that were reported")
    site.report_piece(robin, "message", bad.public_id)
    erase_member(Context(site.session, site.settings), robin.id)
    site.session.flush()
    evidence = site.case().evidence
    assert "words that were reported" in evidence
    assert "my private words" not in evidence
