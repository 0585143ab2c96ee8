"""What moderators read: the queue, and what was reported."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mapapp.actions.core import audit
from mapapp.actions.core.paging import Spot
from mapapp.actions.moderation.case_queue import numbers, queue
from mapapp.actions.moderation.case_read import case_page, read_evidence
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.members import Member
from tests.moderation import Site


@pytest.fixture
def wren(site: Site) -> Member:
    """A member hidden because two people reported them."""
    wren = site.somebody("public", pseudonym="Wren")
    for category in ("spam", "money"):
        site.report(site.somebody(), wren, category)
    return wren


class TestReading:
    """Only the moderator who handles a case reads what was reported, and each reading is logged."""

    def test_the_evidence_is_for_who_has_taken_the_case(
        self, site: Site, wren: Member, mod: Member
    ) -> None:
        case, other = site.case().public_id, site.moderator()

        def _may_read(who: Member) -> bool:
            return case_page(site.session, who.id, case).may_read

        assert not _may_read(mod)
        site.take(mod)
        assert (_may_read(mod), _may_read(other)) == (True, False)
        with pytest.raises(NotFoundError):
            read_evidence(site.session, other.id, case)
        assert read_evidence(site.session, mod.id, case)["pseudonym"] == "Wren"
        entry = audit.recent(site.session)[0]
        assert (entry.actor, entry.action) == (mod.account_id, "case-read")
        assert entry.detail == {"case": case}
        site.decide(mod, "warn")
        assert not _may_read(mod)

    def test_the_log_holds_no_personal_data(self, site: Site, wren: Member, mod: Member) -> None:
        site.settle(mod, "warn")
        for entry in audit.recent(site.session):
            assert entry.detail.keys() == {"case"}
            assert wren.account_id not in json.dumps(entry.detail)


class TestQueue:
    """The most urgent first, and of these the oldest."""

    def test_its_order_and_its_lines(self, site: Site, mod: Member) -> None:
        for category in ("spam", "minor", "harassment", "self-harm"):
            site.report(site.somebody(), site.somebody(pseudonym=category), category)
        lines = queue(site.session, mod.id, "open").items
        assert [line.category for line in lines] == ["minor", "self-harm", "harassment", "spam"]
        assert (lines[0].subject, lines[0].reports, lines[0].state) == ("minor", 1, "open")
        with pytest.raises(BadInputError):
            queue(site.session, mod.id, "open", Spot((1,)))

    def test_its_numbers(self, site: Site, mod: Member) -> None:
        assert numbers(site.session, mod.id).first_act is None
        now = datetime.now(UTC)
        for minutes in (10, 30, 600):
            site.report(site.somebody(), site.somebody())
            case = site.case()
            case.opened = now - timedelta(days=1)
            case.first_act = case.opened + timedelta(minutes=minutes)
        case.opened, case.state = now - timedelta(days=2), "appealed"
        case.first_act = case.opened + timedelta(minutes=600)
        site.report(site.somebody(), site.somebody())
        site.case().opened = site.case().first_act = now - timedelta(days=91)
        site.session.flush()
        found = numbers(site.session, mod.id, now)
        assert found.first_act == timedelta(minutes=30)
        assert found.by_state == {"open": 3, "taken": 0, "resolved": 0, "appealed": 1}
        assert found.waiting == 4
        assert found.oldest == now - timedelta(days=91)

    def test_earlier_decisions_are_counted(self, site: Site, wren: Member, mod: Member) -> None:
        site.settle(mod, "warn")
        site.report(site.somebody(), wren)
        site.settle(mod, "warn")
        site.report(site.somebody(), wren)
        page = case_page(site.session, mod.id, site.case().public_id)
        assert page.before == {"warn": 2}
        assert page.said == {"spam": 1}
