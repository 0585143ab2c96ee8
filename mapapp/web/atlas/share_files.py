"""What people show to others: a picture of the map beside a link, and a poster with numbers alone.

They are made when first asked for, and name nobody.
"""

from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, Response
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from mapapp.actions.published.listed_totals import everybody, published_on, totals
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.counts import Totals, countries_reached
from mapapp.first_use import OnFirstUse
from mapapp.maps.teaser import printed_svg
from mapapp.maps.typeset import typeset
from mapapp.web.atlas.map_files import country_shapes
from mapapp.web.atlas.map_views import page_parts
from mapapp.web.core.conditional_get import edition, tagged
from mapapp.web.core.layout import absolute_url, has_demo, site_name
from mapapp.web.core.locale import page_direction, page_language
from mapapp.web.core.request_session import db, this_site
from mapapp.web.published.presenters import number_words, people_words, raised

if TYPE_CHECKING:
    import segno
else:
    segno = OnFirstUse("segno")

share_files = Blueprint("share_files", __name__)

KEPT_FILES = 64
"""In each process; some 80 kB each."""

Parts = tuple[object, ...]


@share_files.get("/card.png")
def site_card() -> Response:
    """The picture beside a link to the site."""
    numbers = everybody(db.session)
    versions = (load_areas().version, shapes_version(), page_language(), has_demo())
    parts = ("site card", *versions, numbers.by_area.tobytes())
    return tagged(parts, lambda: _file(_site_card(_kept_under(parts)), "image/png"))


@share_files.get("/conditions/<slug>/card.png")
def card(slug: str) -> Response:
    """The picture beside a link to a condition or its map."""
    condition = condition_by_slug(db.session, slug)
    parts = ("card", *page_parts(condition))
    return tagged(parts, lambda: _file(_card(_kept_under(parts), condition), "image/png"))


@share_files.get("/conditions/<slug>/poster.pdf")
def poster(slug: str) -> Response:
    """A page of paper for a waiting room: the map, a QR code, and strips to tear off."""
    condition = condition_by_slug(db.session, slug)
    day = published_on(db.session, this_day())
    parts = ("poster", day, *page_parts(condition))
    response = tagged(
        parts, lambda: _file(_poster(_kept_under(parts), condition, day), "application/pdf")
    )
    name = f"{condition.slug}-poster.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


def joined_words(numbers: Totals) -> str:
    """Say how many people are on a map, in how many countries."""
    if not numbers.everywhere:
        return str(_("Nobody is on this map yet. You would be the first."))
    reached = countries_reached(load_areas(), numbers)
    return str(
        ngettext(
            "%(people)s in %(countries)s country",
            "%(people)s in %(countries)s countries",
            reached,
            people=people_words(numbers.everywhere),
            countries=number_words(reached),
        )
    )


def demo_words() -> str:
    """Say that everybody is invented, where they are."""
    return str(_("A demo: everybody here is invented.")) if has_demo() else ""


def _kept_under(parts: Parts) -> Parts:
    return (this_site(), edition(), parts)


@lru_cache(maxsize=KEPT_FILES)
def _site_card(_kept: Parts) -> bytes:
    numbers = everybody(db.session)
    reached = countries_reached(load_areas(), numbers)
    words = ngettext(
        "%(people)s in %(countries)s country joined a map.",
        "%(people)s in %(countries)s countries joined a map.",
        reached,
        people=people_words(numbers.everywhere),
        countries=number_words(reached),
    )
    told = {
        "name": str(_("Find people who live with the same condition")),
        "people": str(words) if numbers.everywhere else "",
        "note": str(_("That is who has joined, not how many people live with these conditions.")),
    }
    return typeset("card", _frame(numbers) | told, "png")


@lru_cache(maxsize=KEPT_FILES)
def _card(_kept: Parts, condition: FoundCondition) -> bytes:
    return typeset("card", _of_condition(condition, totals(db.session, condition.id)), "png")


@lru_cache(maxsize=KEPT_FILES)
def _poster(_kept: Parts, condition: FoundCondition, day: date) -> bytes:
    numbers = totals(db.session, condition.id)
    address = absolute_url("conditions.show_condition", slug=condition.slug)
    told = {
        "address": address.partition("://")[2],
        "code": _code(address),
        "code_words": str(_("QR code with the address of this map")),
        "map_words": str(_("World map of %(condition)s", condition=condition.name)),
        "title": str(_("Poster: %(condition)s", condition=condition.name)),
        "call": str(_("You are not alone with it.")) if numbers.everywhere > 1 else "",
        "offer": str(
            _("See how many have joined and where. If you wish, ask someone for contact.")
        ),
        "safe": str(
            _("Looking needs no account. The map shows large areas, and nobody’s address.")
        ),
        "way": str(_("Scan the code, or go to:")),
        "day": str(_("Numbers as of %(day)s.", day=format_date(day, "long"))),
    }
    return typeset("poster", _of_condition(condition, numbers) | told, "pdf")


def _of_condition(condition: FoundCondition, numbers: Totals) -> dict[str, str]:
    note = _("That is who has joined, not how many people have it.")
    told = {
        "name": raised(condition.name),
        "people": joined_words(numbers),
        "note": str(note) if numbers.everywhere else "",
    }
    return _frame(numbers) | told


def _frame(numbers: Totals) -> dict[str, str]:
    """Return what every picture of the site begins with, and its map."""
    return {
        "lang": page_language().partition("-")[0],
        "dir": page_direction(),
        "site": site_name(),
        "demo": demo_words(),
        "map": printed_svg(load_areas(), numbers, country_shapes(shapes_version())),
    }


def _code(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()


def _file(made: bytes, mimetype: str) -> Response:
    return Response(made, mimetype=mimetype)
