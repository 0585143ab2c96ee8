"""A place that somebody without an account chose, while it waits for the link in their mail.

It is encrypted with a key made from the link's token, of which the database holds a hash alone, and
its row goes with the link. So who has the database, or the site's key as well, reads nothing of it.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from mapapp.actions.core.context import Context
from mapapp.actions.members import my_places, place_set
from mapapp.actions.members.place_set import AlsoSaid, Placed, Placement
from mapapp.actions.members.profile_edit import my_languages
from mapapp.domain.core.keyed_hash import keyed_hash, seal, unseal
from mapapp.errors import BadInputError

WAITING_PLACE = "waiting-place"
LENGTH = 1024
"""Bytes of which what is encrypted has a multiple, so that its length tells nothing."""


@dataclass(frozen=True)
class WaitingPlace:
    """What was chosen: on the map of which condition, what, and the languages beside it."""

    slug: str
    wanted: Placement
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class PutOnMap:
    """What came of it; ``same_name``: whether the member has the pseudonym on another map, too."""

    placed: Placed
    same_name: bool


def seal_place(secret: str, token: str, place: WaitingPlace) -> str:
    """Encrypt ``place`` so that it takes the link's token to read it."""
    text = json.dumps(asdict(place), ensure_ascii=False)
    return seal(_key(secret, token), WAITING_PLACE, text + " " * (-len(text.encode()) % LENGTH))


def open_place(secret: str, token: str, sealed: str) -> WaitingPlace | None:
    """Return the place that was sealed; None where there is none, or the site has another key."""
    if not sealed:
        return None
    try:
        inside = json.loads(unseal(_key(secret, token), WAITING_PLACE, sealed))
    except BadInputError:
        return None
    return WaitingPlace(inside["slug"], Placement(**inside["wanted"]), tuple(inside["languages"]))


def put_on_map(ctx: Context, place: WaitingPlace, agreed: Collection[str]) -> PutOnMap:
    """Put the member where they chose to be; the languages they have said before stay.

    Raises:
        BadInputError: as ``place_set.place``.
        NotFoundError: as ``place_set.place``, and where staff hid the condition.
        LimitError: when the limit on moving is used up.
    """
    condition_id, elsewhere = my_places.map_to_join(ctx.session, ctx.member_id, place.slug)
    spoken = None if my_languages(ctx.session, ctx.member_id) else place.languages
    also = AlsoSaid(spoken, tuple(agreed))
    placed = place_set.place(ctx, condition_id, place.wanted, also)
    return PutOnMap(placed, place.wanted.pseudonym.casefold() in elsewhere)


def _key(secret: str, token: str) -> str:
    return keyed_hash(secret, WAITING_PLACE, token)
