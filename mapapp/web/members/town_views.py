"""Towns while the reader types, the likelier for this reader first."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.members.my_places import my_countries
from mapapp.domain.areas.area_tree import load_areas
from mapapp.web.areas.town_choices import NO_TOWNS, TownAnswer, TownChoice, town_choices
from mapapp.web.conditions.suggestions import suggested
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.members.town_words import belongs_sentence

towns = Blueprint("towns", __name__, url_prefix="/api/v1")


@towns.route("/towns", methods=["GET", "POST"])
def suggest_towns() -> Response:
    """Towns by the beginning of a name, in any script; where none has it, similar names.

    Pages ask by POST, because what is typed must not stand in an address. Nothing is stored, so
    that it takes no form's token.
    """
    typed = typed_text(request.values, "q")
    found = towns_for_reader(typed) if typed else NO_TOWNS
    items = [*map(_item, found.matching), *(_item(c) | {"guess": True} for c in found.guesses)]
    return suggested(_said(found), items, str(_("Did you mean …?")) if found.guesses else "")


def towns_for_reader(typed: str) -> TownAnswer:
    """Return the towns that ``typed`` may mean, likelier in the countries of the member's places.

    Raises:
        BadInputError: for text that is no name of a town.
    """
    member_id = current_member_id()
    home = () if member_id is None else my_countries(db.session, load_areas(), member_id)
    return town_choices(typed, home)


def _item(choice: TownChoice) -> dict[str, object]:
    detail = " · ".join(filter(None, (choice.detail, choice.reason)))
    return {
        "name": choice.name,
        "detail": detail,
        "value": choice.label,
        "area": choice.area_id,
        "belongs": belongs_sentence(choice.area_id, choice.name),
    }


def _said(found: TownAnswer) -> str:
    n = len(found.matching) + len(found.guesses)
    if not n:
        return str(_("No suggestions"))
    if not found.matching:
        return str(
            ngettext(
                "No town has this name. %(num)s similar name",
                "No town has this name. %(num)s similar names",
                n,
            )
        )
    return str(ngettext("%(num)s suggestion", "%(num)s suggestions", n))
