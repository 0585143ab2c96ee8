"""The app's codes work once, wrong ones are counted, and lost devices can be removed."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account import second_proof as acts
from mapapp.actions.account.second_proof import WrongCodeError
from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.second_factor import has_authenticator, has_second_factor
from mapapp.domain.account import totp
from mapapp.errors import LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member, MemberStaffRole
from mapapp.store.sign_in import Passkey, WebSession
from tests.apps import shown, wrong
from tests.at_once import outcomes

NOON = "2026-11-22 12:00:10+00:00"


@pytest.fixture
def member(session: Session, make_member: Callable[..., Member]) -> Member:
    made = make_member()
    session.commit()
    return made


def _set_up(session: Session, settings: Settings, member: Member) -> str:
    """Give ``member`` an app half an hour ago, and return its encrypted key."""
    sealed = totp.new_key(settings.secret)
    with time_machine.travel("2026-11-22 11:30:00+00:00", tick=False):
        code = shown(settings, sealed)
        acts.set_up_authenticator(Context(session, settings), member.id, sealed, code)
    session.commit()
    return sealed


def _worked(engine: Engine, settings: Settings, act: Callable[[Context], None]) -> int:
    """Do an act four times at once; return how often its code was taken."""

    def _try() -> bool:
        try:
            with transaction(engine) as own:
                act(Context(own, settings))
        except WrongCodeError:
            return False
        return True

    return sum(outcomes([_try] * 4))


def test_an_app_is_kept_once_it_shows_a_right_code(
    session: Session, settings: Settings, member: Member
) -> None:
    sealed = totp.new_key(settings.secret)
    code = shown(settings, sealed)
    with pytest.raises(WrongCodeError):
        acts.set_up_authenticator(Context(session, settings), member.id, sealed, wrong(code))
    assert not has_second_factor(session, member.id)
    acts.set_up_authenticator(
        Context(session, settings), member.id, sealed, f"{code[:3]} {code[3:]}"
    )
    assert has_authenticator(session, member.id)
    assert has_second_factor(session, member.id)
    with pytest.raises(WrongCodeError):  # it was used to set the app up
        acts.check_code(Context(session, settings), member.id, code)


def test_the_secret_is_sealed(session: Session, settings: Settings, member: Member) -> None:
    sealed = _set_up(session, settings, member)
    held = session.scalar(select(Member.totp_secret).where(Member.id == member.id)) or ""
    assert held == sealed
    assert totp.open_key(settings.secret, sealed) not in held


def test_a_code_works_once(session: Session, settings: Settings, member: Member) -> None:
    sealed = _set_up(session, settings, member)
    with time_machine.travel(NOON, tick=False) as clock:
        code = shown(settings, sealed)
        acts.check_code(Context(session, settings), member.id, code)
        with pytest.raises(WrongCodeError):
            acts.check_code(Context(session, settings), member.id, code)
        clock.shift(30)
        with pytest.raises(WrongCodeError):
            acts.check_code(Context(session, settings), member.id, code)
        acts.check_code(Context(session, settings), member.id, shown(settings, sealed))


@pytest.mark.both
def test_the_code_of_the_set_up_sent_twice_at_once_sets_up_once(
    engine: Engine, settings: Settings, member: Member
) -> None:
    sealed = totp.new_key(settings.secret)
    with time_machine.travel(NOON, tick=False):
        code = shown(settings, sealed)

        def _set_up_now(ctx: Context) -> None:
            acts.set_up_authenticator(ctx, member.id, sealed, code)

        assert _worked(engine, settings, _set_up_now) == 1


@pytest.mark.both
def test_an_older_code_is_refused_after_a_newer_one(
    session: Session, settings: Settings, member: Member
) -> None:
    sealed = _set_up(session, settings, member)
    with time_machine.travel(NOON, tick=False) as clock:
        older = shown(settings, sealed)
        clock.shift(30)
        acts.check_code(Context(session, settings), member.id, shown(settings, sealed))
        with pytest.raises(WrongCodeError):
            acts.check_code(Context(session, settings), member.id, older)


@pytest.mark.both
def test_a_code_sent_many_times_at_once_works_once(
    engine: Engine, session: Session, settings: Settings, member: Member
) -> None:
    sealed = _set_up(session, settings, member)
    with time_machine.travel(NOON, tick=False):
        code = shown(settings, sealed)

        def _check(ctx: Context) -> None:
            acts.check_code(ctx, member.id, code)

        assert _worked(engine, settings, _check) == 1


@pytest.mark.both
def test_clocks_may_be_half_a_minute_wrong_and_no_more(
    session: Session, settings: Settings, member: Member
) -> None:
    sealed = _set_up(session, settings, member)
    with time_machine.travel(NOON, tick=False) as clock:
        late = shown(settings, sealed)
        clock.shift(30)
        acts.check_code(Context(session, settings), member.id, late)
        later = shown(settings, sealed)
        clock.shift(90)
        with pytest.raises(WrongCodeError):
            acts.check_code(Context(session, settings), member.id, later)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "\ud800"]
)
def test_what_is_no_code_is_wrong(
    session: Session, settings: Settings, member: Member, code: str
) -> None:
    _set_up(session, settings, member)
    with pytest.raises(WrongCodeError):
        acts.check_code(Context(session, settings), member.id, code)


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(
    session: Session,
    settings: Settings,
    member: Member,
    make_member: Callable[..., Member],
) -> None:
    sealed = _set_up(session, settings, member)
    other = make_member()
    theirs = _set_up(session, settings, other)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            with pytest.raises(WrongCodeError):
                acts.check_code(Context(session, settings), member.id, "no code")
        right = shown(settings, sealed)
        with pytest.raises(LimitError):
            acts.check_code(Context(session, settings), member.id, right)
        acts.check_code(Context(session, settings), other.id, shown(settings, theirs))
        clock.shift(14 * 60)
        with pytest.raises(LimitError):
            acts.check_code(Context(session, settings), member.id, shown(settings, sealed))
        clock.shift(2 * 60)
        acts.check_code(Context(session, settings), member.id, shown(settings, sealed))


def test_there_is_nothing_to_check_without_an_app(
    session: Session, settings: Settings, member: Member
) -> None:
    with pytest.raises(NotFoundError):
        acts.check_code(Context(session, settings), member.id, "123456")


def test_an_app_that_was_removed_is_no_proof(
    session: Session, settings: Settings, member: Member
) -> None:
    sealed = _set_up(session, settings, member)
    acts.remove_authenticator(Context(session, settings), member.id)
    assert not has_second_factor(session, member.id)
    with pytest.raises(NotFoundError):
        acts.check_code(Context(session, settings), member.id, shown(settings, sealed))


def test_under_another_key_of_the_site_no_code_is_right(
    session: Session, settings: Settings, member: Member
) -> None:
    code = shown(settings, _set_up(session, settings, member))
    moved = settings.model_copy(update={"secret_key": "another secret, as long as they have to be"})
    with pytest.raises(WrongCodeError):
        acts.check_code(Context(session, moved), member.id, code)


@pytest.mark.both
def test_what_somebody_lost_is_taken_away_and_written_down(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    boss, other = (make_member(staff=True) for _ in range(2))
    for number, one in enumerate((boss, other)):
        _set_up(session, settings, one)
        key = f"{number}".encode()
        session.add(
            Passkey(member_id=one.id, credential=key, public_key=b"", name="", month="2026-11")
        )
        session.add(WebSession(key_hash=str(number), member_id=one.id, data=b"", expires=2**31 - 1))
    session.flush()
    acts.reset(Context(session, settings), boss.email.upper())
    assert not has_second_factor(session, boss.id)
    assert has_second_factor(session, other.id)
    assert session.scalars(select(WebSession.member_id)).all() == [other.id]
    assert session.scalar(select(func.count()).select_from(MemberStaffRole)) == 2
    (entry,) = audit.recent(session)
    assert (entry.actor, entry.action) == (audit.SHELL, "second-factor-reset")
    assert entry.detail == {"member": boss.account_id}


def test_there_is_nothing_to_reset_for_a_stranger(session: Session, settings: Settings) -> None:
    with pytest.raises(NotFoundError):
        acts.reset(Context(session, settings), "nobody@example.org")
    assert session.scalar(select(func.count()).select_from(Member)) == 0
