"""Notes on a case: for the moderators of the case, and gone with what they are about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.moderation.case_expiry import forget_evidence
from mapapp.actions.moderation.case_note import add_note
from mapapp.actions.moderation.case_read import case_page
from mapapp.actions.operations import upkeep
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.moderation import CaseNote, Report
from mapapp.store.records import AuditEntry
from tests.moderation import DAY, Site
from tests.moments import midnight

NOTE = "I asked the operator about this; the answer comes tomorrow."


@pytest.fixture
def wren(site: Site) -> Member:
    found = site.somebody()
    site.report(site.somebody(), found)
    return found


def _note(site: Site, who: Member, text: str = NOTE) -> None:
    ctx = Context(site.session, site.settings, reader_id=who.id, now=midnight(DAY))
    add_note(ctx, site.case().public_id, text)


def _read(site: Site, who: Member) -> list[tuple[str, date, str, bool]]:
    notes = case_page(site.session, who.id, site.case().public_id).notes
    return [(note.text, note.day, note.by, note.by_me) for note in notes]


def _how_many(site: Site) -> int:
    return site.session.scalar(select(func.count()).select_from(CaseNote)) or 0


@pytest.mark.both
def test_every_moderator_of_the_case_reads_who_said_what_on_which_day(
    site: Site, mod: Member, wren: Member
) -> None:
    other = site.moderator(pseudonym="Finch")
    _note(site, mod)
    _note(site, other, "Good.")
    assert _read(site, mod) == [(NOTE, DAY, "Mod", True), ("Good.", DAY, "Finch", False)]
    site.take(mod)
    assert [text for text, *_ in _read(site, other)] == [NOTE, "Good."]
    acts = site.session.scalars(select(AuditEntry.action)).all()
    assert acts.count("case-note") == 2


def test_the_same_words_once_more_are_one_note(site: Site, mod: Member, wren: Member) -> None:
    _note(site, mod)
    _note(site, mod)
    assert _how_many(site) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1_001])
def test_a_note_says_something_and_not_too_much(
    site: Site, mod: Member, wren: Member, text: str
) -> None:
    with pytest.raises(BadInputError):
        _note(site, mod, text)


def test_who_may_not_act_on_a_case_neither_writes_nor_reads(
    site: Site, mod: Member, wren: Member
) -> None:
    reporter, friend = site.moderator(), site.somebody(staff="moderator")
    accused = site.somebody(staff="moderator")
    site.conversation(friend, accused)
    site.report(reporter, accused)
    _note(site, mod)
    for who, refusal in (
        (reporter, NotAllowedError),
        (friend, NotAllowedError),
        (accused, NotFoundError),
    ):
        with pytest.raises(refusal):
            _note(site, who)
    assert _read(site, reporter) == _read(site, friend) == []
    with pytest.raises(NotFoundError):
        _read(site, accused)


def test_what_is_decided_has_no_notes_to_read_or_write(
    site: Site, mod: Member, wren: Member
) -> None:
    _note(site, mod)
    site.settle(mod, "nothing", "")
    assert _read(site, mod) == []
    with pytest.raises(NotFoundError):
        _note(site, mod, "Too late.")


@pytest.mark.both
@pytest.mark.parametrize(("age", "left"), [(364, 1), (367, 0)])
def test_notes_and_words_go_with_the_copy(
    site: Site, mod: Member, wren: Member, age: int, left: int
) -> None:
    _note(site, mod)
    site.session.scalars(select(Report)).one().words = "They asked me."
    case = site.settle(mod, "nothing", "")
    case.opened = case.first_act = datetime.now(UTC) - timedelta(days=age)
    site.session.flush()
    forget_evidence(site.session, datetime.now(UTC).date() - upkeep.EVIDENCE_KEPT)
    site.session.expire_all()
    assert _how_many(site) == left
    assert site.session.scalars(select(Report.words)).one() == ("They asked me." if left else "")


@pytest.mark.both
def test_notes_go_when_whom_they_are_about_leaves(site: Site, mod: Member, wren: Member) -> None:
    _note(site, mod)
    site.report(site.somebody(), site.somebody())
    _note(site, mod, "About somebody else.")
    erase_member(site.ctx, wren.id)
    site.session.flush()
    assert site.session.scalars(select(CaseNote.text)).all() == ["About somebody else."]


def test_what_a_reporter_added_goes_when_they_leave(site: Site, mod: Member) -> None:
    robin = site.somebody()
    site.report(robin, site.somebody())
    site.session.scalars(select(Report)).one().words = "They asked me."
    site.session.flush()
    erase_member(site.ctx, robin.id)
    site.session.expire_all()
    assert site.session.scalars(select(Report.words)).one() == ""
