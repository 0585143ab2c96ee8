"""Silence hides after 60 days and erases a year later; both are announced beforehand."""

from datetime import date, timedelta

import pytest

from mapapp.actions.mail.mail_text import write_mail
from mapapp.domain.account.yearly_check_stages import (
    ADULT,
    ASKED,
    ERASED,
    LAST,
    RIGHT,
    STAGE_HIDDEN,
    STAGE_MAILS,
    STEPS,
    WARNED,
    next_stage,
)
from mapapp.domain.core.translations import ENGLISH

START = date(2026, 11, 1)
SAID = {15: "15 days", 30: "30 days", 60: "60 days", 365: "a year"}


def _road(kind: str) -> dict[str, int]:
    """Return the day on which each stage begins, without an answer."""
    stage, day, road = ASKED, 0, {ASKED: 0}
    while stage != ERASED:
        step = STEPS[kind][stage]
        stage, day = step.then, day + step.days
        assert stage not in road  # or the question would never end
        road[stage] = day
    return road


def test_the_yearly_question_hides_after_60_days_and_erases_a_year_later() -> None:
    assert _road(RIGHT) == {ASKED: 0, WARNED: 45, STAGE_HIDDEN: 60, LAST: 395, ERASED: 425}


def test_the_question_about_somebody_who_turned_18_hides_nobody() -> None:
    assert _road(ADULT) == {ASKED: 0, WARNED: 45, ERASED: 60}


@pytest.mark.parametrize("kind", [RIGHT, ADULT])
def test_each_stage_but_the_end_is_told_by_a_mail(kind: str) -> None:
    assert {stage for k, stage in STAGE_MAILS if k == kind} == _road(kind).keys() - {ERASED}


@pytest.mark.parametrize(("kind", "stage"), list(STAGE_MAILS))
def test_a_mail_says_truly_when_the_next_thing_happens(kind: str, stage: str) -> None:
    road = _road(kind)
    next_act = min(road[end] for end in (STAGE_HIDDEN, ERASED) if road.get(end, -1) > road[stage])
    letter = write_mail(
        STAGE_MAILS[kind, stage], ENGLISH, link="https://site.example/still-right/x"
    )
    assert SAID[next_act - road[stage]] in letter.subject + letter.body


@pytest.mark.parametrize(
    ("kind", "stage"), [(kind, stage) for kind in STEPS for stage in STEPS[kind]]
)
def test_a_stage_lasts_its_days_and_is_followed_by_one_other(kind: str, stage: str) -> None:
    step = STEPS[kind][stage]
    for days, then in ((0, None), (step.days - 1, None), (step.days, step.then)):
        assert next_stage(kind, stage, START, START + timedelta(days)) == then


@pytest.mark.parametrize("kind", [RIGHT, ADULT])
def test_however_late_no_stage_is_left_out(kind: str) -> None:
    late = START + timedelta(5000)
    assert next_stage(kind, ASKED, START, late) == WARNED


def test_a_clock_that_ran_ahead_moves_nothing() -> None:
    assert next_stage(RIGHT, ASKED, START, START - timedelta(100)) is None
