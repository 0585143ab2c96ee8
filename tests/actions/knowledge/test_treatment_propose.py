"""Proposing a treatment: a moderator sees it first, and nobody is told who proposed it."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.treatment_propose import propose_treatment
from mapapp.actions.knowledge.treatment_use import my_proposals, names_of
from mapapp.actions.moderation import member_hide
from mapapp.domain.safety.case_rules import HELD_CATEGORY, acts_for
from mapapp.errors import BadInputError, LimitError, NotAllowedError
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Ruling
from mapapp.store.treatments import Treatment
from tests import factories
from tests.moderation import REASON, Site
from tests.trust import AREAS


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody(pseudonym="Wren")


def _propose(site: Site, who: Member, text: str = "Baths in moor water") -> None:
    propose_treatment(
        Context(site.session, site.settings, reader_id=who.id), site.condition().id, text
    )
    site.session.flush()


def _names(site: Site) -> list[str]:
    return names_of(site.session, site.condition().id)


def _rows(site: Site) -> list[tuple[str, str, int | None]]:
    columns = (Treatment.name, Treatment.state, Treatment.proposed_by)
    return [tuple(row) for row in site.session.execute(select(*columns))]


def test_a_proposal_waits_and_is_a_case(site: Site, wren: Member) -> None:
    _propose(site, wren, "  Baths in\nmoor water ")
    assert _names(site) == []
    assert _rows(site) == [("Baths in moor water", "asked", wren.id)]
    case = site.case()
    assert (case.kind, case.category, case.subject_id) == ("treatment", HELD_CATEGORY, wren.id)
    assert json.loads(case.evidence) == {
        "condition": "Dystonia",
        "text": "Baths in moor water",
        "held": ["proposed"],
    }


@pytest.mark.both
def test_no_action_takes_it_into_the_list_and_tells_nobody(
    site: Site, wren: Member, mod: Member
) -> None:
    _propose(site, wren)
    site.settle(mod, "nothing", "")
    site.session.expire_all()
    assert _names(site) == ["Baths in moor water"]
    assert _rows(site) == [("Baths in moor water", "open", None)]
    assert my_proposals(site.session, wren.id) == []
    assert site.mailed() == []
    assert site.session.scalars(select(Ruling)).all() == []


def test_with_a_reason_they_are_told(site: Site, wren: Member, mod: Member) -> None:
    _propose(site, wren)
    site.settle(mod, "nothing", REASON)
    assert site.ruling().member_id == wren.id
    assert site.mailed() == [wren.email]


@pytest.mark.both
@pytest.mark.parametrize("act", ["remove", "warn", "silence", "suspend"])
def test_everything_else_deletes_it(site: Site, wren: Member, mod: Member, act: str) -> None:
    assert act in acts_for("treatment")
    _propose(site, wren)
    site.settle(mod, act)
    assert _rows(site) == []
    assert site.case().state == "resolved"


def test_one_in_the_list_is_touched_by_no_later_decision(
    site: Site, wren: Member, mod: Member
) -> None:
    """By then, the treatment belongs to everyone."""
    _propose(site, wren)
    treatment = site.session.scalars(select(Treatment)).one()
    treatment.state, treatment.proposed_by = "open", None
    site.settle(mod, "remove")
    assert _names(site) == ["Baths in moor water"]


def test_what_is_in_the_list_is_not_proposed(site: Site, wren: Member) -> None:
    factories.make_treatment(site.session, site.condition(), "Crème d’avoine")
    with pytest.raises(BadInputError, match="already in the list"):
        _propose(site, wren, "creme  d'Avoine")
    assert site.session.scalars(select(Case)).all() == []
    factories.make_treatment(site.session, site.condition("als"), "Tea")
    _propose(site, wren, "Tea")
    assert len(_rows(site)) == 3


@pytest.mark.parametrize("again", ["Baths in moor water", "baths in MOOR water"])
def test_what_somebody_else_proposed_is_answered_like_what_nobody_did(
    site: Site, wren: Member, again: str
) -> None:
    _propose(site, wren)
    robin = site.somebody()
    _propose(site, robin, again)
    assert _rows(site) == [("Baths in moor water", "asked", wren.id)]
    assert len(site.session.scalars(select(Case)).all()) == 1
    for n in range(2):  # it used up as much, too
        _propose(site, robin, f"Another bath {'x' * (n + 1)}")
    with pytest.raises(LimitError):
        _propose(site, robin, "A bath too many")


def test_three_a_day(site: Site, wren: Member) -> None:
    for name in ("Rest", "Tea", "Oats"):
        _propose(site, wren, name)
    with pytest.raises(LimitError):
        _propose(site, wren, "Zinc")
    assert len(_rows(site)) == 3


def test_a_refused_name_uses_up_nothing(site: Site, wren: Member) -> None:
    for _ in range(5):
        with pytest.raises(BadInputError):
            _propose(site, wren, "x")
    _propose(site, wren)


def test_who_must_be_silent_proposes_nothing(site: Site, wren: Member) -> None:
    wren.silenced_until = date(2999, 1, 1)
    site.session.flush()
    with pytest.raises(NotAllowedError):
        _propose(site, wren)
    assert _rows(site) == []


def test_nor_does_who_is_not_on_the_map(site: Site) -> None:
    with pytest.raises(NotAllowedError, match="this condition’s map"):
        _propose(site, site.member())


def test_of_somebody_who_leaves_what_waits_is_deleted(
    site: Site, wren: Member, mod: Member
) -> None:
    _propose(site, wren, "Rest")
    site.settle(mod, "nothing", "")
    _propose(site, wren, "Tea")
    _propose(site, site.somebody(), "Oats")
    erase_member(Context(site.session, site.settings), wren.id)
    site.session.expire_all()
    assert sorted(name for name, _state, _by in _rows(site)) == ["Oats", "Rest"]


def test_a_case_of_somebody_who_left_is_closed(site: Site, wren: Member, mod: Member) -> None:
    _propose(site, wren)
    erase_member(Context(site.session, site.settings), wren.id)
    site.settle(mod, "nothing", "")
    assert _rows(site) == []


def test_hiding_does_not_take_a_proposal_back(site: Site, wren: Member) -> None:
    _propose(site, wren)
    member_hide.hide_everywhere(Context(site.session, site.settings, AREAS), wren.id)
    assert [row["treatment"] for row in my_proposals(site.session, wren.id)] == [
        "Baths in moor water"
    ]
