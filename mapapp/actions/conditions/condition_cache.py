"""What is made from all conditions, and kept until one of them changes."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from mapapp.store.facts import CONDITIONS_VERSION, fact

T = TypeVar("T")


class KeptByVersion(Generic[T]):
    """Keeps what ``read`` returns, for one database, until its conditions have another version."""

    def __init__(self, read: Callable[[Session], T]) -> None:
        self._read = read
        # One value, exchanged as a whole: threads need no lock.
        self._kept: tuple[tuple[str, str], T] | None = None

    def __call__(self, session: Session) -> T:
        """Return what is kept, or read it now."""
        # The version first: what changes meanwhile is then read again the next time.
        key = (str(session.get_bind()), fact(session, CONDITIONS_VERSION))
        kept = self._kept
        if kept is None or kept[0] != key:
            kept = self._kept = (key, self._read(session))
        return kept[1]
