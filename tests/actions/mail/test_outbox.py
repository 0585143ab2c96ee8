from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText, write_mail
from mapapp.actions.mail.mailers import NotTakenError
from mapapp.actions.mail.member_addresses import keys_of
from mapapp.domain.core.translations import ENGLISH
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.mail import Outbox

NEWS = MailText("News", "Something is waiting.\n")


@pytest.fixture
def sessions(engine: Engine) -> Callable[[], Session]:
    return lambda: Session(engine, expire_on_commit=False)


def _queue(engine: Engine, settings: Settings, *receivers: str) -> None:
    with transaction(engine) as session:
        for to in receivers:
            outbox.queue(Context(session, settings), to, NEWS)


def _rows(engine: Engine) -> list[Outbox]:
    with Session(engine) as session:
        return list(session.scalars(select(Outbox)))


def test_mail_is_sent_once_and_then_gone(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, "a@example.org", "b@example.org")
    sent: list[tuple[str, str, str]] = []
    assert outbox.send_due(sessions, settings, lambda *mail: sent.append(mail)) == 2
    assert sent == [("a@example.org", "News", NEWS.body), ("b@example.org", "News", NEWS.body)]
    assert outbox.send_due(sessions, settings, lambda *mail: sent.append(mail)) == 0
    assert _rows(engine) == []


def test_a_transaction_that_fails_queues_nothing(engine: Engine, settings: Settings) -> None:
    def _queue_and_fail() -> None:
        with transaction(engine) as session:
            outbox.queue(Context(session, settings), "a@example.org", NEWS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _queue_and_fail()
    assert _rows(engine) == []


def test_mail_to_nobody_is_not_sent(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, outbox.NO_RECEIVER)
    assert outbox.send_due(sessions, settings, lambda *_mail: pytest.fail("sent")) == 0
    assert _rows(engine) == []


def test_mail_that_fails_comes_back_later_and_later_and_then_stays(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, "a@example.org")
    tries: list[int] = []
    now = 2_000_000_000

    def _refuse(*_mail: str) -> None:
        tries.append(now)
        raise NotTakenError("SMTPRecipientsRefused 550")

    waits = []
    for _ in range(outbox.MOST_ATTEMPTS):
        assert outbox.send_due(sessions, settings, _refuse, now) == 0
        assert outbox.send_due(sessions, settings, _refuse, now) == 0  # not due yet
        (row,) = _rows(engine)
        waits.append(row.due - now)
        now = row.due
    assert len(tries) == outbox.MOST_ATTEMPTS
    assert waits[:3] == [60, 120, 240]
    assert waits[:-1] == sorted(waits[:-1])
    (row,) = _rows(engine)
    assert (row.due, row.error) == (outbox.NEVER, "SMTPRecipientsRefused 550")


@pytest.mark.parametrize("error", [ValueError("a@example.org"), KeyError(), MemoryError()])
def test_a_mail_that_cannot_be_built_or_sent_stops_no_other_and_is_given_up(
    engine: Engine, settings: Settings, sessions: Callable[[], Session], error: Exception
) -> None:
    _queue(engine, settings, "bad@example.org", "good@example.org")
    sent: list[str] = []

    def _send(to: str, *_mail: str) -> None:
        if to.startswith("bad"):
            raise error
        sent.append(to)

    now = 2_000_000_000
    for _ in range(outbox.MOST_ATTEMPTS):
        outbox.send_due(sessions, settings, _send, now)
        now = _rows(engine)[0].due
    assert sent == ["good@example.org"]
    (row,) = _rows(engine)
    assert (row.due, row.error) == (outbox.NEVER, type(error).__name__)


@pytest.mark.parametrize("sealed", ["", "no seal", "{}"])
def test_a_mail_that_cannot_be_read_stops_no_other(
    engine: Engine, settings: Settings, sessions: Callable[[], Session], sealed: str
) -> None:
    _queue(engine, settings, "bad@example.org", "good@example.org")
    with transaction(engine) as session:
        whole = keys_of(settings).seal(sealed) if sealed == "{}" else sealed
        session.execute(update(Outbox).where(Outbox.id == 1).values(sealed=whole))
    sent: list[str] = []
    outbox.send_due(sessions, settings, lambda to, *_mail: sent.append(to))
    assert sent == ["good@example.org"]
    assert [row.error != "" for row in _rows(engine)] == [True]


@pytest.mark.both
def test_a_mail_of_which_the_worker_dies_each_time_is_given_up(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, "a@example.org")
    died, now = 0, 2_000_000_000

    def _die(*_mail: str) -> None:
        raise SystemExit

    for number in range(20):
        try:
            outbox.send_due(sessions, settings, _die, now + number * outbox.CLAIM_SECONDS)
        except SystemExit:
            died += 1
    assert died == outbox.MOST_ATTEMPTS
    (row,) = _rows(engine)
    assert (row.due, row.error) == (outbox.NEVER, "WorkerStopped")


def test_a_mail_that_a_dead_worker_held_is_sent_later(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, "a@example.org")
    now = 2_000_000_000

    def _die(*_mail: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.send_due(sessions, settings, _die, now)
    sent: list[str] = []
    assert outbox.send_due(sessions, settings, lambda *mail: sent.append(mail[0]), now) == 0
    later = now + outbox.CLAIM_SECONDS
    assert outbox.send_due(sessions, settings, lambda *mail: sent.append(mail[0]), later) == 1
    assert sent == ["a@example.org"]


@pytest.mark.both
def test_the_console_shows_the_mail(
    engine: Engine, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _queue(engine, settings, "a@example.org")
    assert outbox.deliver_due(engine, settings) == 1
    shown = capsys.readouterr().out
    assert "To: a@example.org" in shown
    assert NEWS.body in shown


def test_letters_tell_nothing_in_subject_and_first_lines() -> None:
    for name in ("sign_in", "request", "news"):
        letter = write_mail(name, ENGLISH, link="https://site.example/x", code="123456")
        assert letter.subject
        assert "\n" not in letter.subject
        assert "https://site.example/x" in letter.body
        first = (letter.subject + letter.body[:200]).casefold()
        for telling in ("condition", "pseudonym", "map", "dystonia", "illness", "patient"):
            assert telling not in first
