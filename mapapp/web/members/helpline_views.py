"""Helplines for a member who wrote about self-harm. Nobody is told that the page was shown."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.members.my_places import my_countries
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.safety.helplines import Helpline, emergency_number, everywhere, helplines_for
from mapapp.web.core.locale import current_locale
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_member_id

helplines = Blueprint("helplines", __name__)


@dataclass(frozen=True)
class Country:
    """A country's helplines and its number for an ambulance, '' if that is not certain."""

    name: str
    emergency: str
    lines: tuple[Helpline, ...]


@helplines.get("/helplines")
def show_helplines() -> ResponseReturnValue:
    """Show the helplines of the countries in which the member has a place."""
    return render_template(
        "members/helplines.html",
        countries=countries_of(this_member_id()),
        everywhere=everywhere(),
        conversation=_conversation(request.args.get("conversation", "")),
    )


def _conversation(text: str) -> str:
    """Return ``text`` if it can be the id of a conversation, else ''."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def countries_of(member_id: int) -> list[Country]:
    """Return the helplines of a member's countries; none for a member without a place."""
    names = current_locale().territories
    return [
        Country(names.get(code) or code, emergency_number(code), helplines_for(code))
        for code in my_countries(db.session, load_areas(), member_id)
    ]
