"""``mapapp admin EMAIL --reset-second-factor`` for staff who lost their device."""

from collections.abc import Callable

from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.store.members import Member, MemberStaffRole
from mapapp.store.sign_in import Passkey

Shell = Callable[..., Result]


def test_passkeys_and_app_are_taken_away(
    shell: Shell, session: Session, make_member: Callable[..., Member]
) -> None:
    boss = make_member(email="boss@example.org", staff=True, totp_secret="sealed", totp_counter=5)
    session.add(
        Passkey(member_id=boss.id, credential=b"c", public_key=b"", name="", month="2026-11")
    )
    session.commit()
    done = shell("admin", "Boss@example.org", "--reset-second-factor")
    assert done.exit_code == 0, done.output
    assert "/sign-in" in done.stdout
    session.expire_all()
    assert (boss.totp_secret, boss.totp_counter) == (None, 0)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0
    assert session.scalar(select(func.count()).select_from(MemberStaffRole)) == 1
    assert [entry.action for entry in audit.recent(session)] == ["second-factor-reset"]


def test_a_stranger_is_neither_made_nor_reset(shell: Shell, session: Session) -> None:
    refused = shell("admin", "nobody@example.org", "--reset-second-factor")
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
    assert session.scalar(select(func.count()).select_from(Member)) == 0
    assert audit.recent(session) == []
