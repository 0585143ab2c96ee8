from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account import session_list
from mapapp.actions.account.session_list import MySession
from mapapp.errors import NotFoundError
from mapapp.store.members import Member
from mapapp.store.sign_in import WebSession

LATER = 2**31 - 1


def _begin(session: Session, member: Member, key: str, month: str, expires: int = LATER) -> str:
    row = WebSession(
        key_hash=key,
        member_id=member.id,
        device="Firefox on Android",
        month=month,
        data=b"{}",
        expires=expires,
    )
    session.add(row)
    session.flush()
    return row.public_id


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member()


def _keys(session: Session) -> set[str]:
    return set(session.scalars(select(WebSession.key_hash)))


def test_this_browser_comes_first_and_then_the_newest_month(
    session: Session, member: Member, make_member: Callable[..., Member]
) -> None:
    old, this, new = (
        _begin(session, member, key, month)
        for key, month in (("a", "2026-09"), ("b", "2026-10"), ("c", "2026-11"))
    )
    _begin(session, member, "ended", "2026-11", expires=1)
    _begin(session, make_member(), "somebody else's", "2026-11")
    assert session_list.my_sessions(session, member.id, "b") == [
        MySession(this, "Firefox on Android", "2026-10", True),
        MySession(new, "Firefox on Android", "2026-11", False),
        MySession(old, "Firefox on Android", "2026-09", False),
    ]


def test_one_others_and_all_can_be_ended(
    session: Session, member: Member, make_member: Callable[..., Member]
) -> None:
    first = _begin(session, member, "a", "2026-09")
    for key in ("b", "c", "d"):
        _begin(session, member, key, "2026-10")
    _begin(session, make_member(), "x", "2026-11")
    session_list.end_one(session, member.id, first)
    assert _keys(session) == {"b", "c", "d", "x"}
    session_list.end_others(session, member.id, "c")
    assert _keys(session) == {"c", "x"}
    session_list.end_all(session, member.id)
    assert _keys(session) == {"x"}


@pytest.mark.both
def test_nobody_ends_the_session_of_another(
    session: Session, member: Member, make_member: Callable[..., Member]
) -> None:
    theirs = _begin(session, make_member(), "x", "2026-11")
    for public_id in (theirs, "x", "no such session"):
        with pytest.raises(NotFoundError):
            session_list.end_one(session, member.id, public_id)
    assert _keys(session) == {"x"}
