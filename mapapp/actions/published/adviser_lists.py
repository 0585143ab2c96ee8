"""The advisers whom somebody who is new on a map reads above a list of people.

They are a short list of their own, found by an index that holds nobody else; the list itself stays
in its order, whoever reads it.
"""

from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Spot
from mapapp.actions.published.asker_here import asker_here
from mapapp.actions.published.card_lists import Listing, read_advisers
from mapapp.actions.published.listings import Shown

MOST_ADVISERS_READ = 200
"""Of so many, the first in the order of the keyed hash, the nearest are shown."""
MOST_ADVISERS = 3


def advisers_first(session: Session, shown: Shown, spot: Spot | None) -> list[Listing]:
    """Return the advisers of a map whom its reader may ask, by keyed hash.

    There are none for readers who are not new, on later pages of a list (``spot``), and among them
    none who, as their card says, does not want to be asked by the reader.
    """
    people = shown.people
    if not people.is_new or people.reader_id is None or spot is not None:
        return []
    found = read_advisers(session, shown.cards(None, but_own=True), MOST_ADVISERS_READ)
    me = asker_here(session, people.condition_id, people.reader_id) if found else None
    return [one for one in found if me and me.may_ask(one)]
