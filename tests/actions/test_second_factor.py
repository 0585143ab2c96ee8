"""The app's codes work once, wrong ones are counted, and what was lost can be taken away."""

import threading
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions import audit
from mapapp.actions import second_factor as acts
from mapapp.actions.second_factor import WrongCodeError
from mapapp.errors import LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member, MemberStaffRole
from mapapp.store.service import WebSession
from mapapp.store.trust import Passkey
from mapapp.web.totp import Codes

NOON = "2026-11-22 12:00:10+00:00"


@pytest.fixture
def codes(settings: Settings) -> Codes:
    return Codes(settings)


@pytest.fixture
def member(session: Session, make_member: Callable[..., Member]) -> Member:
    made = make_member()
    session.commit()
    return made


def _set_up(session: Session, settings: Settings, member: Member, codes: Codes) -> str:
    """Give ``member`` an app half an hour ago, and return its sealed secret."""
    sealed = codes.generate_totp_secret()
    with time_machine.travel("2026-11-22 11:30:00+00:00", tick=False):
        code = codes.generate_totp_password(sealed)
        acts.set_up_authenticator(session, settings, member.id, codes, sealed, code)
    session.commit()
    return sealed


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_an_app_is_kept_once_it_shows_a_right_code(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    sealed = codes.generate_totp_secret()
    code = codes.generate_totp_password(sealed)
    with pytest.raises(WrongCodeError):
        acts.set_up_authenticator(session, settings, member.id, codes, sealed, _wrong(code))
    assert not acts.has_second_factor(session, member.id)
    acts.set_up_authenticator(session, settings, member.id, codes, sealed, f"{code[:3]} {code[3:]}")
    assert acts.has_authenticator(session, member.id)
    assert acts.has_second_factor(session, member.id)
    with pytest.raises(WrongCodeError):  # it was used to set the app up
        acts.check_code(session, settings, member.id, codes, code)


def test_the_secret_is_sealed(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    sealed = _set_up(session, settings, member, codes)
    held = session.scalar(select(Member.totp_secret).where(Member.id == member.id)) or ""
    assert held == sealed
    assert codes.get_totp_b32_key(sealed) not in held


def test_a_code_works_once(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    sealed = _set_up(session, settings, member, codes)
    with time_machine.travel(NOON, tick=False) as clock:
        code = codes.generate_totp_password(sealed)
        acts.check_code(session, settings, member.id, codes, code)
        with pytest.raises(WrongCodeError):
            acts.check_code(session, settings, member.id, codes, code)
        clock.shift(30)
        with pytest.raises(WrongCodeError):
            acts.check_code(session, settings, member.id, codes, code)
        acts.check_code(session, settings, member.id, codes, codes.generate_totp_password(sealed))


def test_a_code_sent_many_times_at_once_works_once(
    engine: Engine, session: Session, settings: Settings, member: Member
) -> None:
    sealed = _set_up(session, settings, member, Codes(settings))
    start, results = threading.Barrier(4), []

    def _try() -> None:
        start.wait()
        try:
            with transaction(engine) as other:
                acts.check_code(other, settings, member.id, Codes(settings), code)
            results.append(True)
        except WrongCodeError:
            results.append(False)

    threads = [threading.Thread(target=_try) for _ in range(4)]
    with time_machine.travel(NOON, tick=False):
        code = Codes(settings).generate_totp_password(sealed)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(results) == [False, False, False, True]


def test_clocks_may_be_half_a_minute_wrong_and_no_more(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    sealed = _set_up(session, settings, member, codes)
    with time_machine.travel(NOON, tick=False) as clock:
        late = codes.generate_totp_password(sealed)
        clock.shift(30)
        acts.check_code(session, settings, member.id, codes, late)
        later = codes.generate_totp_password(sealed)
        clock.shift(90)
        with pytest.raises(WrongCodeError):
            acts.check_code(session, settings, member.id, codes, later)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "\ud800"]
)
def test_what_is_no_code_is_wrong(
    session: Session, settings: Settings, member: Member, codes: Codes, code: str
) -> None:
    _set_up(session, settings, member, codes)
    with pytest.raises(WrongCodeError):
        acts.check_code(session, settings, member.id, codes, code)


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(
    session: Session,
    settings: Settings,
    member: Member,
    codes: Codes,
    make_member: Callable[..., Member],
) -> None:
    sealed = _set_up(session, settings, member, codes)
    other = make_member()
    theirs = _set_up(session, settings, other, codes)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            with pytest.raises(WrongCodeError):
                acts.check_code(session, settings, member.id, codes, "no code")
        right = codes.generate_totp_password(sealed)
        with pytest.raises(LimitError):
            acts.check_code(session, settings, member.id, codes, right)
        acts.check_code(session, settings, other.id, codes, codes.generate_totp_password(theirs))
        clock.shift(14 * 60)
        with pytest.raises(LimitError):
            acts.check_code(
                session, settings, member.id, codes, codes.generate_totp_password(sealed)
            )
        clock.shift(2 * 60)
        acts.check_code(session, settings, member.id, codes, codes.generate_totp_password(sealed))


def test_there_is_nothing_to_check_without_an_app(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    with pytest.raises(NotFoundError):
        acts.check_code(session, settings, member.id, codes, "123456")


def test_an_app_that_was_removed_is_no_proof(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    sealed = _set_up(session, settings, member, codes)
    acts.remove_authenticator(session, settings, member.id)
    assert not acts.has_second_factor(session, member.id)
    with pytest.raises(NotFoundError):
        acts.check_code(session, settings, member.id, codes, codes.generate_totp_password(sealed))


def test_under_another_key_of_the_site_no_code_is_right(
    session: Session, settings: Settings, member: Member, codes: Codes
) -> None:
    code = codes.generate_totp_password(_set_up(session, settings, member, codes))
    moved = settings.model_copy(update={"secret_key": "another secret, as long as they have to be"})
    with pytest.raises(WrongCodeError):
        acts.check_code(session, moved, member.id, Codes(moved), code)


def test_what_somebody_lost_is_taken_away_and_written_down(
    session: Session, settings: Settings, codes: Codes, make_member: Callable[..., Member]
) -> None:
    boss, other = (make_member(staff=True) for _ in range(2))
    for number, one in enumerate((boss, other)):
        _set_up(session, settings, one, codes)
        key = f"{number}".encode()
        session.add(
            Passkey(member_id=one.id, credential=key, public_key=b"", name="", month="2026-11")
        )
        session.add(WebSession(key_hash=str(number), member_id=one.id, data=b"", expires=2**31 - 1))
    session.flush()
    acts.reset(session, settings, boss.email.upper())
    assert not acts.has_second_factor(session, boss.id)
    assert acts.has_second_factor(session, other.id)
    assert session.scalars(select(WebSession.member_id)).all() == [other.id]
    assert session.scalar(select(func.count()).select_from(MemberStaffRole)) == 2
    (entry,) = audit.recent(session)
    assert (entry.actor, entry.action) == (audit.SHELL, "second-factor-reset")
    assert entry.detail == {"member": boss.public_id}


def test_there_is_nothing_to_reset_for_a_stranger(session: Session, settings: Settings) -> None:
    with pytest.raises(NotFoundError):
        acts.reset(session, settings, "nobody@example.org")
    assert session.scalar(select(func.count()).select_from(Member)) == 0
