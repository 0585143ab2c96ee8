"""Discreet mode: tabs and mails name the site as nobody would look twice at."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from mapapp.store.members import Member


def set_discreet(session: Session, member_id: int, wished: bool) -> None:
    """Begin or end it, with the next page and the next mail."""
    session.execute(update(Member).where(Member.id == member_id).values(discreet=wished))
