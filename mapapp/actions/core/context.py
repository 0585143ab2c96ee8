"""Who acts, where and when: one value that a front door builds and passes to acts."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import Areas, load_areas
from mapapp.errors import N_, NotAllowedError
from mapapp.settings import Settings


@dataclass(frozen=True)
class Context:
    """The transaction, the site and the moment of an act, and the member who acts."""

    session: Session
    settings: Settings
    areas: Areas = field(default_factory=load_areas)
    reader_id: int | None = None
    """The member who is signed in; None for a visitor, the worker and the command line."""
    now: int = field(default_factory=lambda: int(time.time()))
    """Seconds since 1970."""

    @property
    def member_id(self) -> int:
        """The member who acts.

        Raises:
            NotAllowedError: for a visitor.
        """
        if self.reader_id is None:
            raise NotAllowedError(N_("Sign in first."))
        return self.reader_id

    @property
    def today(self) -> date:
        """The day of the act, in UTC."""
        return datetime.fromtimestamp(self.now, UTC).date()
