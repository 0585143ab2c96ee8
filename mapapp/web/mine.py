"""Whether whoever reads is on a map already: buttons then offer to change the place."""

from mapapp.actions.my_places import my_place
from mapapp.web.database import db
from mapapp.web.security import current_member_id


def is_mine(condition_id: int) -> bool:
    """Whether the reader is on the map of this condition; never for a visitor."""
    member_id = current_member_id()
    return member_id is not None and my_place(db.session, member_id, condition_id) is not None
