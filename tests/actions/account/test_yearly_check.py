"""The yearly question: who is asked and when, and the effects of silence and of an answer."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from mapapp.actions.account import consent_change
from mapapp.actions.account.yearly_check import (
    confirm,
    open_stage,
)
from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_or_make_member
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.visibility_change import is_paused, set_visibility
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member
from tests import factories
from tests.mail import waiting_mail
from tests.moments import midnight
from tests.trust import AREAS, LEEDS
from tests.yearly import ASKED, ASKING, ERASED_AFTER, HIDDEN, LAST, SLUG, SOON, Year


def _days(year: Year, first: date, days: int, down: range = range(0)) -> dict[str, int]:
    """Run the worker and return on which day each mail was written, and the account erased."""
    seen: dict[str, int] = {}
    for day in year.run(first, days, down):
        names = year.letters() if year.is_there else [*seen, "erased"]
        assert names[: len(seen)] == list(seen)
        assert len(names) <= len(seen) + 1
        if len(names) > len(seen):
            seen[names[-1]] = (day - first).days
        if "erased" in seen:
            break
    return seen


def test_two_years_of_silence(year: Year) -> None:
    first = date(2025, 12, 1)
    start = (ASKING - first).days
    assert _days(year, first, 2 * 365 + 60) == {
        ASKED: start,
        SOON: start + 45,
        HIDDEN: start + 60,
        LAST: start + 60 + 335,
        "erased": start + ERASED_AFTER,
    }
    assert year.letters() == []
    assert year.session.scalars(select(OpenQuestion)).all() == []
    assert year.counts() == {}


def test_silence_hides_after_60_days_and_not_before(year: Year) -> None:
    for day in year.run(ASKING, 61):
        listed = year.seen() == {"Wren"}
        assert listed == (day < ASKING + timedelta(60)), day
        assert year.counts() == ({LEEDS: 1} if listed else {})
    assert year.stands(year.wren) == {SLUG: ("counted", "members")}


@pytest.mark.parametrize("begins", [44, 50, 300, 394])
def test_a_worker_that_was_down_for_months_leaves_no_announcement_out(
    year: Year, begins: int
) -> None:
    seen = _days(year, ASKING, 1000, range(begins, begins + 120))
    assert list(seen) == [ASKED, SOON, HIDDEN, LAST, "erased"]
    assert seen[SOON] - seen[ASKED] >= 45
    assert seen[HIDDEN] - seen[SOON] >= 15
    assert seen[HIDDEN] - seen[ASKED] >= 60
    assert seen["erased"] - seen[HIDDEN] >= 365
    assert seen["erased"] - seen[LAST] >= 30


def test_a_worker_that_runs_for_the_first_time_after_years_asks_first(year: Year) -> None:
    for day, mails in ((0, [ASKED]), (1, [ASKED]), (44, [ASKED]), (45, [ASKED, SOON])):
        year.ask(date(2031, 1, 1) + timedelta(day))
        assert year.letters() == mails
    assert year.seen() == {"Wren"}


def test_asking_again_on_the_same_day_does_nothing(year: Year) -> None:
    for n in (0, 45, 60, 395):
        assert [year.ask(ASKING + timedelta(n)) for _ in range(3)] == [1, 0, 0]
    assert year.letters() == [ASKED, SOON, HIDDEN, LAST]


@pytest.mark.parametrize("stage", ["asked", "warned", "hidden", "last"])
def test_an_answer_at_any_stage_restores_everything(year: Year, stage: str) -> None:
    year.place(year.wren, "public", "als")
    year.place(year.wren, "counted", "gout")
    before = year.stands(year.wren), year.counts(), year.receipts(year.wren)
    day = year.until(stage)
    year.answer(day)
    assert (year.stands(year.wren), year.counts(), year.receipts(year.wren)) == before
    assert open_stage(year.session, year.wren.id) == ""
    assert year.session.get_one(Member, year.wren.id).confirmed == f"{day:%Y-%m}"
    mails = len(year.letters())
    for later in (1, 46, 61, 300):
        year.ask(day + timedelta(later))
    assert (len(year.letters()), year.stands(year.wren)) == (mails, before[0])


def test_after_an_answer_the_next_question_comes_a_year_later(year: Year) -> None:
    year.ask(ASKING)
    year.answer(date(2026, 12, 31))
    year.ask(date(2027, 11, 30))
    assert year.letters() == [ASKED]
    year.ask(date(2027, 12, 1))
    assert year.letters() == [ASKED, ASKED]


def test_answering_without_being_asked_puts_the_question_off(year: Year) -> None:
    year.answer(date(2026, 10, 31))
    year.ask(ASKING)
    assert year.letters() == []
    assert year.seen() == {"Wren"}


@pytest.mark.parametrize("stage", ["asked", "warned"])
def test_what_one_has_hidden_oneself_does_not_come_back_with_the_answer(
    year: Year, stage: str
) -> None:
    member_hide.hide_everywhere(Context(year.session, year.settings, AREAS), year.wren.id)
    year.answer(year.until(stage))
    assert (year.seen(), year.counts()) == (set(), {})


@pytest.mark.parametrize("stage", ["hidden", "last"])
def test_what_one_had_hidden_before_stays_hidden_beside_what_silence_hid(
    year: Year, stage: str
) -> None:
    member_hide.hide_everywhere(Context(year.session, year.settings, AREAS), year.wren.id)
    year.place(year.wren, "public", "als")
    year.answer(year.until(stage))
    assert year.seen() == set()
    assert year.seen("als", signed_in=False) == {"Wren"}


@pytest.mark.parametrize("stage", ["hidden", "last"])
def test_what_one_hides_oneself_after_silence_did_stays_hidden(year: Year, stage: str) -> None:
    """A member who taps "hide me everywhere" and then says all is right wants to stay hidden."""
    day = year.until(stage)
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    member_hide.hide_everywhere(*given)
    year.answer(day)
    assert (year.seen(), year.counts()) == (set(), {})
    member_hide.show_again(*given)
    assert year.seen() == {"Wren"}


@pytest.mark.parametrize("stage", ["hidden", "last"])
def test_the_undo_of_an_older_hiding_is_no_answer(year: Year, stage: str) -> None:
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    member_hide.hide_everywhere(*given)
    year.place(year.wren, "public", "als")
    day = year.until(stage)
    member_hide.show_again(*given)
    assert year.seen("als") == set()
    year.answer(day)
    assert (year.seen(), year.seen("als")) == ({"Wren"}, {"Wren"})


@pytest.mark.parametrize("chosen", ["counted", "remove"])
def test_what_one_chose_while_hidden_stays_chosen(year: Year, chosen: str) -> None:
    day = year.until("hidden")
    ctx = Context(year.session, year.settings, AREAS)
    if chosen == "counted":
        condition_id = year.condition().id
        set_visibility(ctx, year.wren.id, condition_id, "counted")
    else:
        placing.remove(ctx, year.wren.id, year.condition().id)
    year.answer(day)
    assert (year.seen(), year.counts()) == (set(), {})


@pytest.mark.both
def test_consents_taken_back_while_hidden_do_not_come_back(year: Year) -> None:
    year.place(year.wren, "public")
    day = year.until("hidden")
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    consent_change.take_back(*given, "public", SLUG)
    assert year.seen() == set()
    year.answer(day)
    assert year.seen(signed_in=False) == set()


def test_somebody_who_rests_is_asked_and_shown_by_no_answer(year: Year) -> None:
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    member_hide.pause(*given)
    day = year.until("hidden")
    assert year.letters() == [ASKED, SOON, HIDDEN]
    assert year.stands(year.wren) == {SLUG: ("paused", "members")}
    year.answer(day)
    assert (year.seen(), is_paused(year.session, year.wren.id)) == (set(), True)
    member_hide.end_pause(*given)
    assert year.seen() == {"Wren"}


@pytest.mark.both
def test_after_60_days_of_silence_the_end_of_a_pause_lists_nobody(year: Year) -> None:
    """Ending a pause is no answer: the question stays open, and says that the member is hidden."""
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    member_hide.pause(*given)
    year.until("hidden")
    member_hide.end_pause(*given)
    assert open_stage(year.session, year.wren.id) == "" or year.seen() == set()


def test_a_rest_begun_while_hidden_does_not_lose_what_the_answer_restores(year: Year) -> None:
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    day = year.until("hidden")
    member_hide.pause(*given)
    year.answer(day)
    member_hide.end_pause(*given)
    assert year.seen() == {"Wren"}


def test_the_mail_needs_no_other_consent_and_tells_nothing(year: Year) -> None:
    given = (Context(year.session, year.settings, AREAS), year.wren.id)
    consent_change.take_back(*given, MAIL, "")
    year.until("last")
    assert year.letters() == [ASKED, SOON, HIDDEN, LAST]
    for mail in waiting_mail(year.session, year.settings):
        for telling in ("dystonia", "wren", "leeds", "kingdom", "member"):
            assert telling not in (mail.subject + mail.body).casefold()


def test_staff_imported_and_closed_accounts_are_not_asked(
    year: Year, make_membership: Callable[..., object]
) -> None:
    year.answer(ASKING)
    old = {"confirmed": "2020-01"}
    year.member(staff=True, **old)
    year.member(active=False, **old)
    imported = year.member(email=None, source="import", confirmed="")
    make_membership(year.condition(), 1, member=imported)
    make_membership(year.condition(), 1, member=year.member(email=None, source="demo", **old))
    year.child_of(year.wren, "2040-01")
    for day in (ASKING, ASKING + timedelta(60), ASKING + timedelta(300)):
        assert year.ask(day) == 0
    assert year.mailed() == []


@pytest.mark.parametrize("change", ["staff", "closed"])
def test_who_became_staff_or_was_closed_out_after_the_question_is_not_erased(
    year: Year, change: str
) -> None:
    """Staff are not asked, and a closed account gets no mail: nothing would be announced."""
    year.until("warned")
    if change == "staff":
        factories.make_admin(year.session, year.wren)
    else:
        year.wren.active = False
    year.session.flush()
    mails = len(year.letters())
    for _day in year.run(ASKING + timedelta(46), 500):
        assert year.is_there
    assert len(year.letters()) == mails


def test_a_new_account_is_asked_a_year_after_it_was_made(year: Year) -> None:
    year.answer(date(2027, 6, 1))
    with time_machine.travel("2026-12-24", tick=False):
        find_or_make_member(Context(year.session, year.settings), "robin@example.org")
    year.ask(date(2027, 11, 30))
    assert year.mailed() == []
    year.ask(date(2027, 12, 1))
    assert year.mailed() == ["robin@example.org"]


def test_only_the_silent_one_is_erased(year: Year) -> None:
    robin = year.member(email="robin@example.org", pseudonym="Robin", confirmed="2025-11")
    year.place(robin, "public")
    for day in year.run(ASKING, ERASED_AFTER + 1):
        if day == ASKING + timedelta(400):
            confirm(Context(year.session, year.settings, AREAS, now=midnight(day)), robin.id)
    assert not year.is_there
    assert year.seen() == {"Robin"}
