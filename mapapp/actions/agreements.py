"""Agreeing and taking back through the pages of consents: what rests on it follows at once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions import consents
from mapapp.actions.erase import cared_for_ids
from mapapp.actions.my_places import MyPlace, condition_of_mine, my_places
from mapapp.actions.my_treatments import forget_tried
from mapapp.actions.place import remove
from mapapp.actions.visibility import choose_less, set_visibility
from mapapp.actions.writing import delete_all
from mapapp.domain.areas import Areas
from mapapp.domain.consents import (
    ADULT,
    CARE,
    COUNT,
    NEEDED,
    PURPOSES,
    TRIED,
    WITHOUT,
    WRITE,
    words_version,
)
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings

OF_WORDS = (WRITE, TRIED)
"""Purposes on which something rests that a member said; it goes when the consent does."""


@dataclass(frozen=True)
class State:
    """Where a purpose stands: on one map, or (with an empty slug) for the account."""

    slug: str
    condition: str
    since: str  # month, '' where it is not agreed to
    is_old: bool = False  # agreed to in words that have changed since


def states(session: Session, member_id: int, purpose: str) -> list[State]:
    """Return where a purpose stands, for each map the member is on, or once for the account."""
    standing = {
        r.slug: r
        for r in consents.receipts(session, member_id)
        if r.stands and r.purpose == purpose
    }
    if purpose == CARE:
        return []
    if purpose in OF_WORDS:
        return [State(r.slug, r.condition, r.given, r.is_old) for r in standing.values()]
    if not PURPOSES[purpose].of_a_map:
        maps = [("", "")]
    else:
        maps = [(place.slug, place.condition) for place in my_places(session, member_id)]
    return [
        State(slug, name, r.given, r.is_old) if (r := standing.get(slug)) else State(slug, name, "")
        for slug, name in maps
    ]


def agree(
    session: Session,
    settings: Settings,
    areas: Areas,
    member_id: int,
    purpose: str,
    slug: str,
    words: str,
) -> None:
    """Agree to a purpose in the words that were shown; being listed begins at once.

    Raises:
        BadInputError: for a purpose that does not exist, and for words that have changed since.
        NotFoundError: when the member is not on that map, or has said nothing there.
    """
    of_a_map = _of_a_map(purpose)
    check_words(words)
    if purpose in OF_WORDS:
        consents.agree(session, member_id, purpose, _said(session, member_id, purpose, slug))
        return
    if not of_a_map:
        consents.agree(session, member_id, purpose)
        return
    place = _place(session, member_id, slug)
    if purpose in NEEDED.get(place.before or place.visibility, ()):
        consents.agree(session, member_id, purpose, place.condition_id)
    else:
        set_visibility(session, settings, areas, member_id, place.condition_id, purpose)


def take_back(
    session: Session, settings: Settings, areas: Areas, member_id: int, purpose: str, slug: str
) -> None:
    """Take an agreement back: a listing ends, a place on a map goes, what was written is deleted.

    Raises:
        BadInputError: for a purpose that does not exist, and for one's age while on a map.
        NotFoundError: when the member is not on that map, or has said nothing there.
    """
    if purpose in OF_WORDS:
        condition_id = _said(session, member_id, purpose, slug)
        forget = delete_all if purpose == WRITE else forget_tried
        forget(session, member_id, condition_id)
        consents.take_back(session, member_id, purpose, condition_id)
        return
    if not _of_a_map(purpose):
        if purpose == ADULT and (
            my_places(session, member_id) or cared_for_ids(session, member_id)
        ):
            raise BadInputError(
                "Maps are for people of 18 or older. Remove yourself, and people you placed, first."
            )
        consents.take_back(session, member_id, purpose)
        return
    place = _place(session, member_id, slug)
    if purpose == COUNT:
        remove(session, settings, member_id, place.condition_id)
    elif purpose in NEEDED.get(place.before or place.visibility, ()):
        less = WITHOUT[purpose]
        choose_less(session, settings, areas, member_id, place.condition_id, less)
    else:
        consents.take_back(session, member_id, purpose, place.condition_id)


def agree_to_asked(session: Session, member_id: int, words: str) -> None:
    """Agree to all that was asked because its words had changed.

    Raises:
        BadInputError: when they have changed once more since the page was opened.
    """
    check_words(words)
    for asked in consents.to_ask(session, member_id):
        consents.agree(session, asked.member_id, asked.purpose, asked.condition_id)


def check_words(words: str) -> None:
    """Refuse an agreement to words that are not those in force.

    Raises:
        BadInputError: when they have changed since the form was opened.
    """
    if words != words_version():
        raise BadInputError(
            "What you agree to was reworded since you opened the page. Please read it again."
        )


def _place(session: Session, member_id: int, slug: str) -> MyPlace:
    condition_id = condition_of_mine(session, member_id, slug)
    (found,) = [p for p in my_places(session, member_id) if p.condition_id == condition_id]
    return found


def _said(session: Session, member_id: int, purpose: str, slug: str) -> int:
    """Return the condition about which the member agreed to say something."""
    for receipt in consents.receipts(session, member_id):
        if receipt.stands and receipt.purpose == purpose and receipt.slug == slug:
            return receipt.condition_id or 0
    raise NotFoundError("You have said nothing about this condition.")


def _of_a_map(purpose: str) -> bool:
    if purpose not in PURPOSES:
        raise BadInputError("There is nothing of this kind to agree to.")
    if purpose == CARE:
        raise BadInputError("Add and remove people you care for on the page about them.")
    return PURPOSES[purpose].of_a_map
