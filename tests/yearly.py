"""A year in which a worker asks a member whether everything is still right."""

from collections.abc import Iterator
from datetime import date, timedelta

import time_machine

from mapapp.actions.account.yearly_check import (
    confirm,
    member_of_link,
    open_stage,
    run_yearly_check,
)
from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_member
from mapapp.store.members import Member
from tests.mail import waiting_mail
from tests.moments import midnight
from tests.trust import AREAS, World

SLUG = "dystonia"
JOINED, ASKING = date(2025, 11, 20), date(2026, 11, 1)
ASKED, SOON, HIDDEN, LAST = (
    "A question, once a year",
    "Our question is still open",
    "You are hidden now",
    "Your account ends in 30 days",
)
BEGINS = {"asked": 0, "warned": 45, "hidden": 60, "last": 395}
ERASED_AFTER = 60 + 365
WREN = "wren@example.org"


class Year(World):
    """A world in which a worker asks members, day after day."""

    wren: Member

    def come(self, visibility: str = "members") -> None:
        """Wren joins, a year before the question."""
        with time_machine.travel(JOINED, tick=False):
            self.wren = self.member(email=WREN, pseudonym="Wren", confirmed="2025-11")
            self.place(self.wren, visibility)

    def ask(self, today: date) -> int:
        """What the worker does on one day."""
        moved = run_yearly_check(Context(self.session, self.settings, AREAS, now=midnight(today)))
        self.hand_over(today)
        return moved

    def run(self, first: date, days: int, down: range = range(0)) -> Iterator[date]:
        """Run the worker on each day, except those on which it is down."""
        for n in range(days):
            if n not in down:
                self.ask(first + timedelta(n))
                yield first + timedelta(n)

    def until(self, stage: str) -> date:
        """Run the worker on the days on which stages begin, up to ``stage``; return that day."""
        for name, days in BEGINS.items():
            day = ASKING + timedelta(days)
            self.ask(day)
            assert open_stage(self.session, self.wren.id) == name
            if name == stage:
                return day
        raise AssertionError(f"there is no stage {stage}")

    def letters(self) -> list[str]:
        """Return the subjects of all mail so far; all of it went to Wren."""
        mails = waiting_mail(self.session, self.settings)
        assert {mail.to for mail in mails} <= {WREN}
        return [mail.subject for mail in mails]

    def token(self) -> str:
        """Return the token in the newest mail's link."""
        body = waiting_mail(self.session, self.settings)[-1].body
        return body.partition("/still-right/")[2].split()[0]

    def whose(self, token: str) -> int:
        """Return whom a link is for."""
        return member_of_link(Context(self.session, self.settings), token)

    def answer(self, today: date) -> None:
        """Wren says that it is still right."""
        confirm(Context(self.session, self.settings, AREAS, now=midnight(today)), self.wren.id)
        self.session.expire_all()

    @property
    def is_there(self) -> bool:
        """Whether Wren still has an account."""
        return find_member(Context(self.session, self.settings), WREN) is not None
