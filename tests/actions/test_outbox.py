from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions import outbox
from mapapp.actions.letters import Letter, write_letter
from mapapp.actions.mailers import NotTakenError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.service import Outbox

NEWS = Letter("News", "Something is waiting.\n")


@pytest.fixture
def sessions(engine: Engine) -> Callable[[], Session]:
    return lambda: Session(engine, expire_on_commit=False)


def _queue(engine: Engine, settings: Settings, *receivers: str) -> None:
    with transaction(engine) as session:
        for to in receivers:
            outbox.queue(session, settings, to, NEWS)


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
            outbox.queue(session, settings, "a@example.org", NEWS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _queue_and_fail()
    assert _rows(engine) == []


def test_mail_to_nobody_is_not_sent(
    engine: Engine, settings: Settings, sessions: Callable[[], Session]
) -> None:
    _queue(engine, settings, outbox.NOBODY)
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


def test_the_console_shows_the_mail(
    engine: Engine, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _queue(engine, settings, "a@example.org")
    assert outbox.deliver_due(engine, settings) == 1
    shown = capsys.readouterr().out
    assert "To: a@example.org" in shown
    assert NEWS.body in shown


def test_letters_tell_nothing_in_subject_and_first_lines() -> None:
    for name in ("sign_in", "request", "joined"):
        letter = write_letter(name, link="https://site.example/x", code="123456")
        assert letter.subject
        assert "\n" not in letter.subject
        assert "https://site.example/x" in letter.body
        first = (letter.subject + letter.body[:200]).casefold()
        for telling in ("condition", "pseudonym", "map", "dystonia", "illness", "patient"):
            assert telling not in first
