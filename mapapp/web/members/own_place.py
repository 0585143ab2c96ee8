"""Where the reader is on a map: what buttons offer, and whom they see, depend on it."""

from dataclasses import dataclass

from mapapp.actions.members.my_places import MyPlace, my_place
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.visibilities import ON_MAP, VISITOR, kind_of_member
from mapapp.domain.published.adviser_rules import is_newcomer
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id


@dataclass(frozen=True)
class Reader:
    """The reader of a map.

    Attributes:
        kind: one of ``domain.core.visibilities.NAMED_TO``.
        is_placed: whether they are on the map, whoever sees them there.
        public_id: theirs on it; '' where they are not.
        area_id: where; None where they are not, and where there is no such area any more.
        birth_decade: theirs, if they are shown on it and show that too.
        is_new: whether they came, or moved, not long ago; then advisers are shown first.
    """

    kind: str
    is_placed: bool
    public_id: str = ""
    area_id: int | None = None
    birth_decade: int | None = None
    is_new: bool = False


def own_place(condition_id: int) -> MyPlace | None:
    """Return the reader's place on the map of this condition; None for a visitor."""
    member_id = current_member_id()
    return None if member_id is None else my_place(db.session, member_id, condition_id)


def is_mine(condition_id: int) -> bool:
    """Whether the reader is on the map of this condition; never for a visitor."""
    return own_place(condition_id) is not None


def this_reader(condition_id: int) -> Reader:
    """Return who reads the map of this condition."""
    if current_member_id() is None:
        return Reader(VISITOR, is_placed=False)
    place = own_place(condition_id)
    if place is None:
        return Reader(kind_of_member(None), is_placed=False)
    area_id = place.area_id if place.area_id < len(load_areas()) else None
    kind = kind_of_member(place.visibility)
    return Reader(
        kind,
        is_placed=True,
        public_id=place.public_id,
        area_id=area_id,
        birth_decade=place.birth_decade if kind == ON_MAP and place.birth_shown else None,
        is_new=is_newcomer(place.month, this_month()),
    )
