"""Around which place a reader looks for people, and that each look counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import NEARBY_MEMBER, NEARBY_VISITOR, use, visitor_subject
from mapapp.domain.areas.area_tree import load_areas
from mapapp.errors import N_, BadInputError
from mapapp.store.database import in_transaction
from mapapp.web.areas.town_choices import NO_TOWNS, TownAnswer
from mapapp.web.core.parsing import whole_number
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id, is_signed_in, site_settings
from mapapp.web.members.asked_place import AT, asked_for
from mapapp.web.members.own_place import Reader
from mapapp.web.members.town_views import towns_for_reader
from mapapp.web.members.town_words import belongs_sentence, belongs_words, field_error


@dataclass(frozen=True)
class Wanted:
    """Where to look, how an address says so, and which towns the typed words could mean."""

    area_id: int | None
    address: Mapping[str, str]
    typed: str = ""
    towns: TownAnswer = NO_TOWNS
    error: str = ""
    belongs: str = ""
    is_own: bool = False


def spend_a_search() -> None:
    """Take one search from the hourly quota of the reader (privacy rule 6).

    In a transaction of its own: on SQLite one that has read cannot begin to write.
    """
    member_id = current_member_id()

    def _use(own: Session) -> None:
        ctx = Context(own, site_settings())
        if member_id is None:
            use(ctx, NEARBY_VISITOR, visitor_subject(request.remote_addr or ""))
        else:
            use(ctx, NEARBY_MEMBER, member_id)

    in_transaction(db.engine, _use)


def wanted_place(reader: Reader) -> Wanted:
    """Return where to look: what the address says, or else the reader's own place."""
    if request.args.get("area"):
        area_id = near_area(request.args["area"])
        return Wanted(area_id, {"area": str(area_id)})
    if request.args.get("place"):  # an address of old for one's own place
        return Wanted(_my_place(reader), {}, is_own=True)
    if AT not in request.args:
        return Wanted(reader.area_id, {}, is_own=reader.area_id is not None)
    asked, address = asked_for(), {AT: request.args.get(AT, "")}
    if "area" in asked:
        area_id = near_area(asked["area"])
        return Wanted(area_id, address, belongs=belongs_words(area_id))
    typed = asked.get("town", "")
    towns = towns_for_reader(typed) if typed else NO_TOWNS
    error = field_error("town" in asked, typed, towns)
    if towns.meant is None:
        return Wanted(None, address, typed, towns, error)
    belongs = belongs_sentence(towns.meant.area_id, towns.meant.name)
    return Wanted(towns.meant.area_id, address, typed, towns, error, belongs)


def near_area(text: str) -> int:
    """Return the area whose number is in an address or a form.

    Raises:
        BadInputError: for what is no number, and where there is no such area.
    """
    refusal = N_("There is no such area. Choose a town instead.")
    area_id = whole_number(text, refusal)
    if area_id >= len(load_areas()):
        raise BadInputError(refusal)
    return area_id


def _my_place(reader: Reader) -> int:
    if request.args["place"] != "mine" or not is_signed_in():
        raise BadInputError(N_("Sign in to look around your own place, or type a town instead."))
    if reader.area_id is None:
        raise BadInputError(N_("You are not on this map yet. Type a town instead."))
    return reader.area_id
