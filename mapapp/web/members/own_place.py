"""Whether the reader is already on a map: buttons then offer to change the place."""

from mapapp.actions.members.my_places import MyPlace, my_place
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id


def own_place(condition_id: int) -> MyPlace | None:
    """Return the reader's place on the map of this condition; None for a visitor."""
    member_id = current_member_id()
    return None if member_id is None else my_place(db.session, member_id, condition_id)


def is_mine(condition_id: int) -> bool:
    """Whether the reader is on the map of this condition; never for a visitor."""
    return own_place(condition_id) is not None
