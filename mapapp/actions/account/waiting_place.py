"""Where somebody goes on after signing in, and the place they chose before, while both wait.

In the row of the link they are encrypted with a key made from its token, of which the row holds a
hash alone, and they go with it. Once the mail with the token has left, the database and all keys of
the site together do not open them.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from mapapp.actions.core.context import Context
from mapapp.actions.members import my_places, place_set
from mapapp.actions.members.place_set import AlsoSaid, Placed, Placement
from mapapp.actions.members.profile_edit import my_languages
from mapapp.domain.core.keyed_hash import keyed_hash, seal, unseal
from mapapp.errors import BadInputError

WAITS = "waits"
LENGTH = 1024
"""Bytes of what waits, whatever it is, so that its length tells nothing."""


@dataclass(frozen=True)
class WaitingPlace:
    """What was chosen: on the map of which condition, what, and the languages beside it."""

    slug: str
    wanted: Placement
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Afterwards:
    """What follows signing in: a page, and a place to agree to, if one was chosen."""

    next_path: str = "/"
    place: WaitingPlace | None = None

    def to_text(self) -> str:
        """Return it as ``LENGTH`` bytes; a path that is too long for them is forgotten."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        missing = LENGTH - len(text.encode())
        if missing < 0 and self.next_path != "/":
            return replace(self, next_path="/").to_text()
        return text + " " * missing

    @classmethod
    def from_text(cls, text: str) -> "Afterwards":
        """Return what ``to_text`` was called on."""
        inside = json.loads(text)
        place = inside["place"]
        if place:
            wanted, languages = Placement(**place["wanted"]), tuple(place["languages"])
            place = WaitingPlace(place["slug"], wanted, languages)
        return cls(inside["next_path"], place)


TO_THE_START = Afterwards()


@dataclass(frozen=True)
class PutOnMap:
    """What came of it; ``same_name``: whether the member has the pseudonym on another map, too."""

    placed: Placed
    same_name: bool


def seal_waits(secret: str, token: str, after: Afterwards) -> str:
    """Encrypt what follows so that it takes the link's token to read it."""
    return seal(_key(secret, token), WAITS, after.to_text())


def open_waits(secret: str, token: str, sealed: str) -> Afterwards | None:
    """Return what was sealed; None where nothing was, or the site has another key."""
    try:
        return Afterwards.from_text(unseal(_key(secret, token), WAITS, sealed))
    except BadInputError:
        return None


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
    return keyed_hash(secret, WAITS, token)
