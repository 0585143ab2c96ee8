"""Discreet mode: tabs and mails name the site as nobody would look twice at."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.store.members import Member


def is_discreet(session: Session, member_id: int) -> bool:
    """Whether the member wished for discretion."""
    return bool(session.scalar(select(Member.discreet).where(Member.id == member_id)))


def set_discreet(session: Session, member_id: int, wished: bool) -> None:
    """Begin or end it, with the next page and the next mail."""
    session.execute(update(Member).where(Member.id == member_id).values(discreet=wished))
