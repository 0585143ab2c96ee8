"""Helplines of every country, for everybody. Nobody is told that the page was shown."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mapapp.actions.members.my_places import my_countries
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.safety.helplines import (
    Helpline,
    emergency_number,
    everywhere,
    helplines_for,
    load_book,
)
from mapapp.web.core.locale import current_locale
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id

helplines = Blueprint("helplines", __name__)


@dataclass(frozen=True)
class Country:
    """A country's helplines and its number for an ambulance, '' if that is not certain."""

    name: str
    emergency: str
    lines: tuple[Helpline, ...]


@helplines.get("/helplines")
def show_helplines() -> ResponseReturnValue:
    """Show the helplines of all countries, first of those in which the member has a place."""
    mine = countries_of(current_member_id())
    return render_template(
        "members/helplines.html",
        countries=mine,
        others=_other_countries({country.name for country in mine}),
        everywhere=everywhere(),
        checked=load_book().checked,
        conversation=_conversation(request.args.get("conversation", "")),
    )


def lead_to_helplines(conversation: str | None = None) -> ResponseReturnValue:
    """Lead a member there who wrote about harming themself; no address says why."""
    flash(
        _(
            "We did not change your words, and tell nobody because of them. If you are thinking "
            "of harming yourself, please talk to one of these people first; they have time, and "
            "they understand."
        )
    )
    return redirect(url_for("helplines.show_helplines", conversation=conversation), 303)


def _other_countries(names: set[str]) -> list[Country]:
    found = [_country(code) for code in sorted(load_book().helplines)]
    return sorted(
        (country for country in found if country.name not in names),
        key=lambda country: country.name.casefold(),
    )


def _conversation(text: str) -> str:
    """Return ``text`` if it can be the id of a conversation, else ''."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def countries_of(member_id: int | None) -> list[Country]:
    """Return the helplines of a member's countries; none without a place, or for a visitor."""
    if member_id is None:
        return []
    return [_country(code) for code in my_countries(db.session, load_areas(), member_id)]


def _country(code: str) -> Country:
    name = current_locale().territories.get(code) or code
    return Country(name, emergency_number(code), helplines_for(code))
