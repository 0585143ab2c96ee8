"""Suggestions while the reader types. What is typed is neither kept nor logged."""

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.conditions.condition_search import FoundHit, search_conditions
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db
from mapapp.web.published.presenters import people_words

suggest = Blueprint("suggest", __name__, url_prefix="/api/v1")

OFFERED = 8


@suggest.get("/conditions")
def suggest_conditions() -> Response:
    """Conditions by any of their names or codes, with slips."""
    typed = typed_text(request.args, "q")
    hits = search_conditions(db.session, typed, OFFERED).hits if typed else ()
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(hits))
    return suggested(
        said if hits else _("No suggestions"),
        [
            {
                "name": hit.condition.name,
                "detail": _detail(hit),
                "url": url_for("conditions.show_condition", slug=hit.condition.slug),
            }
            for hit in hits
        ],
    )


def _detail(hit: FoundHit) -> str:
    """Say why a condition fits, where its name does not; else how many people are on its map."""
    if hit.by_code:
        return hit.by_code
    if hit.also:
        return str(_("also called %(name)s", name=hit.also))
    return people_words(hit.condition.listed) if hit.condition.listed else ""


def suggested(said: str, items: list[dict[str, object]], heading: str = "") -> Response:
    """Return suggestions as the script under a field reads them.

    Args:
        said: how many there are, for people who hear the page.
        items: each with a ``name``, a ``detail``, and what choosing it does; a ``guess`` says so.
        heading: what stands over the guesses.
    """
    response = jsonify({"items": items, "said": said, "heading": heading})
    # On a shared computer, the browser must not keep what was typed.
    response.headers["Cache-Control"] = "no-store"
    return response
