"""When members are asked whether what they said is still right, and what silence means.

Each stage begins with a mail that announces the next one, so nothing happens that was not said in
time, however long the mail or the machine was down: the days count from when a stage really began,
which is when its mail was handed over to the mail server.
"""

from dataclasses import dataclass
from datetime import date

RIGHT, ADULT = "right", "adult"
"""Kinds of questions: is it still right (once a year), and what now that a child turned 18."""

AFTER_MONTHS = 12
ASKED, WARNED, STAGE_HIDDEN, LAST, ERASED = "asked", "warned", "hidden", "last", "erased"


@dataclass(frozen=True)
class Step:
    """What follows when a stage has lasted ``days``: another stage, and finally ERASED."""

    days: int
    then: str


STEPS = {
    RIGHT: {
        ASKED: Step(45, WARNED),
        WARNED: Step(15, STAGE_HIDDEN),  # 60 days after the question
        STAGE_HIDDEN: Step(335, LAST),
        LAST: Step(30, ERASED),  # a further year later
    },
    ADULT: {ASKED: Step(45, WARNED), WARNED: Step(15, ERASED)},
}

STAGE_MAILS = {
    (RIGHT, ASKED): "yearly_check",
    (RIGHT, WARNED): "yearly_check_soon",
    (RIGHT, STAGE_HIDDEN): "yearly_check_hidden",
    (RIGHT, LAST): "yearly_check_last",
    (ADULT, ASKED): "grown_up",
    (ADULT, WARNED): "grown_up_soon",
}
"""The mail with which a stage begins."""


def next_stage(kind: str, stage: str, since: date, today: date) -> str | None:
    """Return the stage that is due, or None while the current one lasts."""
    step = STEPS[kind][stage]
    return step.then if (today - since).days >= step.days else None
