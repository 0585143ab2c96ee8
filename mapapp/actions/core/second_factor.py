"""Whether a member has a second way to prove who they are, which access to pages depends on."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey


def has_authenticator(session: Session, member_id: int) -> bool:
    """Whether the member has set up an authenticator app."""
    query = select(Member.totp_secret.is_not(None)).where(Member.id == member_id)
    return bool(session.scalar(query))


def has_second_factor(session: Session, member_id: int) -> bool:
    """Whether the member can prove who they are in a second way."""
    return has_authenticator(session, member_id) or has_passkey(session, member_id)


def has_passkey(session: Session, member_id: int) -> bool:
    """Whether the member has a passkey."""
    query = select(func.count()).where(Passkey.member_id == member_id)
    return bool(session.scalar(query))
