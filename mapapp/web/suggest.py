"""Suggestions while somebody types. What is typed is neither kept nor logged."""

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.search import FoundHit, search_conditions
from mapapp.web.database import db
from mapapp.web.parsing import typed_text
from mapapp.web.presenters import people_words
from mapapp.web.towns import TownChoice, town_choices

suggest = Blueprint("suggest", __name__, url_prefix="/api/v1")

OFFERED = 8


@suggest.get("/towns")
def towns() -> Response:
    """Towns by the beginning of a name, in any script, with slips."""
    typed = typed_text(request.args, "q")
    choices = town_choices(typed) if typed else []
    return _answer(
        [
            {"name": c.name, "detail": _where(c), "value": c.label, "area": c.area_id}
            for c in choices[:OFFERED]
        ]
    )


@suggest.get("/conditions")
def conditions() -> Response:
    """Conditions by any of their names or codes, with slips."""
    typed = typed_text(request.args, "q")
    hits = search_conditions(db.session, typed, OFFERED).hits if typed else ()
    return _answer(
        [
            {
                "name": hit.condition.name,
                "detail": _detail(hit),
                "url": url_for("conditions.show", slug=hit.condition.slug),
            }
            for hit in hits
        ]
    )


def _where(choice: TownChoice) -> str:
    return " · ".join(filter(None, (choice.detail, choice.reason)))


def _detail(hit: FoundHit) -> str:
    """Say why a condition fits, where its name does not; else how many people are on its map."""
    if hit.also:
        return str(_("also called %(name)s", name=hit.also))
    return people_words(hit.condition.listed) if hit.condition.listed else ""


def _answer(items: list[dict[str, object]]) -> Response:
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(items))
    response = jsonify({"items": items, "said": said if items else _("No suggestions")})
    # On a computer that others use, the browser must not keep what was typed.
    response.headers["Cache-Control"] = "no-store"
    return response
