"""Giving and withdrawing consents: what depends on a consent follows at once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_write import delete_all
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.decade_choice import forget_decades
from mapapp.actions.members.my_places import cared_for_ids, my_places, place_on_map
from mapapp.actions.members.place_set import forget_tried, remove
from mapapp.actions.members.visibility_change import choose_less, set_visibility
from mapapp.domain.mail.consent_wordings import (
    ADULT,
    CARE,
    COUNT,
    DECADES,
    NEEDED,
    PURPOSES,
    TREATMENTS,
    WRITE,
    check_words,
)
from mapapp.errors import N_, BadInputError, NotFoundError

OF_WORDS = (WRITE, TREATMENTS, DECADES)
"""Purposes that cover something a member said; it is deleted with the consent."""


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
        for r in consent_receipts.receipts(session, member_id)
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


def agree(ctx: Context, member_id: int, purpose: str, slug: str, words: str) -> None:
    """Agree to a purpose in the words shown; a listing begins at once.

    Raises:
        BadInputError: for a purpose that does not exist, and for words that have changed since.
        NotFoundError: when the member is not on that map, or has said nothing there.
    """
    of_a_map = _of_a_map(purpose)
    check_words(words)
    if purpose in OF_WORDS:
        consent_receipts.agree(
            ctx.session, member_id, purpose, _said(ctx.session, member_id, purpose, slug)
        )
        return
    if not of_a_map:
        consent_receipts.agree(ctx.session, member_id, purpose)
        return
    place = place_on_map(ctx.session, member_id, slug)
    if purpose in NEEDED.get(place.chosen_visibility or place.visibility, ()):
        consent_receipts.agree(ctx.session, member_id, purpose, place.condition_id)
    else:
        set_visibility(ctx, member_id, place.condition_id, purpose)


def take_back(ctx: Context, member_id: int, purpose: str, slug: str) -> None:
    """Withdraw a consent: a listing ends, a place on a map goes, or what was written is deleted.

    Raises:
        BadInputError: for a purpose that does not exist, and for the age while on a map.
        NotFoundError: when the member is not on that map, or has said nothing there.
    """
    if purpose in OF_WORDS:
        condition_id = _said(ctx.session, member_id, purpose, slug)
        if purpose == DECADES:
            forget_decades(ctx, member_id, condition_id)
            return
        forget = delete_all if purpose == WRITE else forget_tried
        forget(ctx.session, member_id, condition_id)
        consent_receipts.take_back(ctx.session, member_id, purpose, condition_id)
        return
    if not _of_a_map(purpose):
        if purpose == ADULT and (
            my_places(ctx.session, member_id) or cared_for_ids(ctx.session, member_id)
        ):
            raise BadInputError(
                N_(
                    "Maps are for people aged 18 or over. Remove yourself, and people you "
                    "added, first."
                )
            )
        consent_receipts.take_back(ctx.session, member_id, purpose)
        return
    place = place_on_map(ctx.session, member_id, slug)
    if purpose == COUNT:
        remove(ctx, member_id, place.condition_id)
    elif purpose in NEEDED.get(place.chosen_visibility or place.visibility, ()):
        where = (member_id, place.condition_id)
        less = consent_receipts.left_without(ctx.session, *where, purpose)
        choose_less(ctx, *where, less)
    else:
        consent_receipts.take_back(ctx.session, member_id, purpose, place.condition_id)


def agree_to_asked(session: Session, member_id: int, words: str) -> None:
    """Agree to all consents whose words have changed.

    Raises:
        BadInputError: when they have changed again since the page was opened.
    """
    check_words(words)
    for asked in consent_receipts.to_ask(session, member_id):
        consent_receipts.agree(session, asked.member_id, asked.purpose, asked.condition_id)


def _said(session: Session, member_id: int, purpose: str, slug: str) -> int:
    """Return the condition about which the member agreed to say something."""
    for receipt in consent_receipts.receipts(session, member_id):
        if receipt.stands and receipt.purpose == purpose and receipt.slug == slug:
            return receipt.condition_id or 0
    raise NotFoundError(N_("You have not shared anything about this condition."))


def _of_a_map(purpose: str) -> bool:
    if purpose not in PURPOSES:
        raise BadInputError(N_("There is nothing of this kind to agree to."))
    if purpose == CARE:
        raise BadInputError(N_("Add and remove people you care for on the page about them."))
    return PURPOSES[purpose].of_a_map
