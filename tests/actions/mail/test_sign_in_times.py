"""A sign-in's time runs from the hand-over; a mail server that puts mail off does not end it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account import sign_in_link
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import LINK_SECONDS, UNSENT_SECONDS
from mapapp.actions.mail.mailers import NotTakenError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.mail import Outbox

NOON = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
MINUTE = 60


class Server:
    """A mail server that puts off what it does not know for ``minutes``, or refuses all."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.minutes, self.is_final = 0, False
        self.tries: list[int] = []
        self.token = ""

    def ask(self) -> None:
        """Ask for a link at noon."""
        with time_machine.travel(NOON, tick=False), transaction(self.engine) as session:
            sign_in_link.request_link(Context(session, self.settings), "robin@example.org")

    def work(self, minutes: int) -> int | None:
        """Let the worker run for a while; return the second in which the mail was taken."""
        for second in range(0, minutes * MINUTE, 10):
            self.now = NOON + second
            sent = outbox.send_due(
                lambda: Session(self.engine), self.settings, self._take, self.now
            )
            with transaction(self.engine) as session:
                delete_expired(session, self.now)
            if sent:
                return second
        return None

    def _take(self, _to: str, _subject: str, body: str) -> None:
        self.tries.append(self.now - NOON)
        if self.now < NOON + self.minutes * MINUTE or self.is_final:
            raise NotTakenError("SMTPRecipientsRefused 451", is_final=self.is_final)
        found = re.search(r"/sign-in/link/(\S+)", body)
        assert found
        self.token = found[1]

    def is_alive(self, moment: int) -> bool:
        """Whether the link works ``moment`` seconds after noon."""
        with time_machine.travel(NOON + moment, tick=False), transaction(self.engine) as session:
            try:
                sign_in_link.read_link(Context(session, self.settings), self.token)
            except sign_in_link.UsedLinkError:
                return False
        return True

    def left(self) -> int:
        """Return how many mails are in the queue."""
        with transaction(self.engine) as session:
            return session.scalar(select(func.count()).select_from(Outbox)) or 0


@pytest.fixture
def server(engine: Engine, settings: Settings) -> Server:
    return Server(engine, settings)


@pytest.mark.both
@pytest.mark.parametrize("minutes", [0, 5, 10, 15, 30, 60, 90])
def test_greylisting_of_any_length_leaves_the_whole_hour(server: Server, minutes: int) -> None:
    server.minutes = minutes
    server.ask()
    taken = server.work(minutes + 5)
    assert taken is not None
    assert taken <= (minutes + 2) * MINUTE  # tried again soon enough
    assert server.is_alive(taken + LINK_SECONDS - 1)
    assert not server.is_alive(taken + LINK_SECONDS)
    assert server.left() == 0


def test_a_mail_whose_link_has_expired_is_not_sent(server: Server) -> None:
    server.minutes = UNSENT_SECONDS // MINUTE + 1
    server.ask()
    assert server.work(UNSENT_SECONDS // MINUTE + 30) is None
    assert max(server.tries) < UNSENT_SECONDS
    assert server.left() == 0


def test_a_worker_that_was_away_too_long_sends_no_dead_link(server: Server) -> None:
    server.ask()
    server.now = NOON + UNSENT_SECONDS
    sessions: Callable[[], Session] = lambda: Session(server.engine)  # noqa: E731
    assert outbox.send_due(sessions, server.settings, server._take, server.now) == 0
    assert (server.tries, server.left()) == ([], 0)


def test_a_server_that_says_never_is_not_asked_every_two_minutes(server: Server) -> None:
    server.is_final = True
    server.ask()
    server.work(60)
    assert len(server.tries) < outbox.MOST_ATTEMPTS


def test_a_mail_that_was_used_before_it_was_noted_as_sent_keeps_its_short_end(
    server: Server,
) -> None:
    """The code can be typed while the worker still writes down that the mail left."""
    server.ask()

    def _use(_to: str, _subject: str, body: str) -> None:
        server._take(_to, _subject, body)
        with time_machine.travel(NOON, tick=False), transaction(server.engine) as session:
            sign_in_link.redeem_link(Context(session, server.settings), server.token)

    server.now = NOON
    outbox.send_due(lambda: Session(server.engine), server.settings, _use, NOON)
    assert not server.is_alive(sign_in_link.AGAIN_SECONDS)
