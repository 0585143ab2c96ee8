"""What protects, taken away: each as if its rule had never been written."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.published import listed_totals, listings
from mapapp.actions.published.numbers_kept import placed_at
from mapapp.domain.core.visibilities import COUNTED, LISTED, MAP, NAMED_TO
from mapapp.domain.published.packed import Placed, placed_of, together
from mapapp.store.members import Membership


@contextmanager
def hidden_are_near() -> Iterator[None]:
    """Let the numbers near a place count hidden members, as soon as they come."""
    with patch.object(listings, "placed_at", _with_hidden):
        yield


@contextmanager
def hidden_are_counted() -> Iterator[None]:
    """Let all numbers of maps count hidden members, as soon as they come."""
    with hidden_are_near(), patch.object(listed_totals, "placed_at", _with_hidden):
        yield


@contextmanager
def all_are_named() -> Iterator[None]:
    """Let everybody see by name whoever is listed, as if all were public."""
    with patch.dict(NAMED_TO, dict.fromkeys(NAMED_TO, LISTED)):
        yield


def _with_hidden(session: Session, condition_id: int) -> Placed:
    here = (Membership.condition_id == condition_id, Membership.visibility == COUNTED)
    hidden = session.execute(
        select(Membership.area_id, func.count()).where(*here).group_by(Membership.area_id)
    )
    counted = placed_of((area_id, MAP, n) for area_id, n in hidden)
    return together((placed_at(session, condition_id), counted))
