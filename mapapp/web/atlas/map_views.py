"""The world map of a condition, with the same result beside it as a list."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    get_flashed_messages,
    jsonify,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.published.listed_totals import totals
from mapapp.actions.published.listings import (
    FoundCondition,
    People,
    condition_by_slug,
    listings,
)
from mapapp.actions.published.people_numbers import people_numbers
from mapapp.domain.areas.area_tree import Area, load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import countries_reached
from mapapp.errors import N_
from mapapp.maps.page import Shell, country_ids, make_shell, map_numbers
from mapapp.maps.shading import BY_NUMBER, BY_RATE, country_shades, scales
from mapapp.web.atlas.map_drawn import A_CODE, CODE, area_url, country_rows, drawn_map
from mapapp.web.atlas.map_words import (
    map_words,
    number_legend,
    place_words,
    rate_legend,
)
from mapapp.web.atlas.own_marks import OwnMark, mark_facts, own_marks
from mapapp.web.core.assets import Asset, assets_version, immutable
from mapapp.web.core.conditional_get import conditional, tagged
from mapapp.web.core.layout import has_demo, waiting_here
from mapapp.web.core.locale import page_language
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db, this_site
from mapapp.web.core.security import (
    current_member_id,
    is_discreet,
    is_signed_in,
    is_suspended,
    staff_roles,
)
from mapapp.web.members.own_place import Reader, own_place, this_reader
from mapapp.web.members.unnamed_people import unnamed
from mapapp.web.published.presenters import (
    Person,
    area_name,
    area_words,
    language_words,
    number_words,
    presenter,
    role_words,
    wish_words,
)
from mapapp.web.safety.names_shown import may_name, pause_words

maps = Blueprint("maps", __name__)

maps.add_app_template_global(place_words)

KEPT_FACTS = 16
"""Maps whose facts are kept in each process, 50 kB each."""
A_NUMBER = 424_242_424_242  # a placeholder in URLs, which scripts replace with an area's id
WHICH_ORDER = N_("The map can be shown by people or per million: ?by=rate or nothing.")


@maps.get("/conditions/<slug>/map")
def show_map(slug: str) -> Response:
    """The map page."""
    condition = condition_by_slug(db.session, slug)
    who = (is_signed_in(), is_suspended(), is_discreet(), sorted(staff_roles()))
    # The page holds a member's token, in the form for signing out; a visitor's is on other pages.
    reader = (*who, session.get("csrf_token") if any(who[:2]) else None)
    mine = own_place(condition.id)
    marks = own_marks(condition.id, mine)
    own = (mine is not None, marks)
    by = shown_by()
    parts = (*page_parts(condition), by, *reader, *own, waiting_here(), get_flashed_messages())
    return tagged(parts, lambda: _page(condition, by, *own))


@maps.get("/conditions/<slug>/areas/<code>/people.json")
@conditional
def people_of_area(slug: str, code: str) -> ResponseReturnValue:
    """The people listed in an area, for the map's panel: their words, as data."""
    condition = condition_by_slug(db.session, slug)
    area = load_areas().by_code(code)
    found = listings(db.session, People(condition.id, current_member_id()), area.id)
    readable = may_name((listing.public_id for listing in found.items), area.id)
    reader = this_reader(condition.id)
    present = presenter(reader.kind)
    people = [present(one) for one in found.items if one.public_id in readable.people]
    shown = [_person(person, condition, reader) for person in people]
    note = pause_words(readable) or _more(found.total - len(shown))
    note = note or _unnamed(condition, area, found.total, reader)
    return jsonify(people=shown, note=note)


@maps.get("/map/<version>/set-up.<language>.js")
def map_script(version: str, language: str) -> Response:
    """The map's set-up as Folium generated it; it changes only with the program or the data."""
    found = shell()
    if (version, language) != (found.version, page_language()):
        abort(404)
    script = _set_up(found.script)
    return immutable(script.content, script.encoded, script.mimetype)


def shown_by() -> str:
    """Return what the address asks shades to show: ``BY_NUMBER``, or ``BY_RATE``.

    Raises:
        BadInputError: for anything else.
    """
    return one_of(request.args.get("by", ""), {BY_RATE}, WHICH_ORDER) or BY_NUMBER


def page_parts(condition: FoundCondition) -> tuple[object, ...]:
    """Return what every answer about a condition's map depends on."""
    versions = (load_areas().version, shapes_version(), assets_version(), page_language())
    return (condition.id, condition.version, condition.name, *versions, has_demo())


def _page(condition: FoundCondition, by: str, is_mine: bool, marks: tuple[OwnMark, ...]) -> str:
    facts = map_facts(condition, by)
    here = url_for("maps.show_map", slug=condition.slug)
    return render_template(
        "atlas/map.html",
        condition=condition,
        is_mine=is_mine,
        own=mark_facts(marks),
        area_links=True,
        shell=shell(),
        set_up_url=url_for("maps.map_script", version=shell().version, language=page_language()),
        numbers=_numbers(condition, facts),
        ways={BY_NUMBER: here, BY_RATE: f"{here}?by={BY_RATE}"},
        **facts,
    )


def _numbers(condition: FoundCondition, facts: Mapping[str, Any]) -> dict[str, Any]:
    given = (load_areas(), facts["totals"], facts["scales"])
    return map_numbers(*given, map_label(condition), _urls(condition))


def map_facts(condition: FoundCondition, by: str = BY_NUMBER) -> dict[str, Any]:
    """Return what the map's templates show ``by`` number or rate: totals, legend, list, drawing.

    Kept for some maps: only the publisher changes it, and pages of members are made for each.
    """
    versions = (load_areas().version, shapes_version(), condition.version)
    kept_under = (this_site(), page_language(), versions)
    return {"by": by, **_map_facts(kept_under, condition.id, condition.slug, by)}


@lru_cache(maxsize=KEPT_FACTS)
def _map_facts(
    _kept_under: tuple[object, ...], condition_id: int, slug: str, by: str
) -> dict[str, Any]:
    people = people_numbers(db.session, condition_id)
    areas, numbers = load_areas(), people.listed
    found = scales(areas, numbers)
    rows = country_rows(numbers, area_url(slug), by)
    return {
        "totals": numbers,
        "only_counted": people.only_counted,
        "countries_reached": countries_reached(areas, numbers),
        "legends": {
            BY_NUMBER: number_legend(found[BY_NUMBER]),
            BY_RATE: rate_legend(found[BY_RATE]),
        },
        "countries": rows,
        "scales": found,
        **drawn_map(numbers, rows, country_shades(areas, numbers, by, found[by])),
    }


def map_label(condition: FoundCondition) -> str:
    """Return what a screen reader calls the map."""
    return str(_("World map of %(condition)s", condition=condition.name))


def _urls(condition: FoundCondition) -> dict[str, str]:
    slug = condition.slug
    return {
        "counts": url_for("api_numbers.show_counts", slug=slug),
        "area": area_url(slug),
        "people": url_for("maps.people_of_area", slug=slug, code=A_CODE).replace(A_CODE, CODE),
        "nearby": url_for("nearby.show_nearby", slug=slug),
    }


def shape_urls() -> dict[str, str]:
    """Return the URLs of the shape files, with ``{id}`` for the area."""
    version = shapes_version()
    regions = url_for("geo.regions", version=version, area_id=A_NUMBER)
    names = url_for("geo.names", version=version, area_id=A_NUMBER)
    zones = url_for("geo.zones", version=version, area_id=A_NUMBER)
    return {
        "countries": url_for("geo.countries", version=version),
        "boxes": url_for("geo.boxes", version=version),
        "names": names.replace(str(A_NUMBER), "{id}"),
        "regions": regions.replace(str(A_NUMBER), "{id}"),
        "zones": zones.replace(str(A_NUMBER), "{id}"),
    }


@lru_cache(maxsize=8)
def _set_up(script: bytes) -> Asset:
    """Keep the compressed script of each language."""
    return Asset(script, "text/javascript")


def shell() -> Shell:
    """Return the shell in the language of the page, made at first use."""
    return _shell(page_language(), load_areas().version, shapes_version())


@lru_cache(maxsize=64)
def _shell(language: str, _areas: str, _shapes: str) -> Shell:
    areas = load_areas()
    names = [area_name(areas.get(int(i))) for i in country_ids(areas)]
    return make_shell(areas, names, language, map_words(), shape_urls())


def _person(person: Person, condition: FoundCondition, reader: Reader) -> dict[str, str]:
    name = person.pseudonym or _("Someone without a pseudonym")
    words = [_("Adviser: offers to help newcomers")] if person.adviser else []
    words += [role_words(person.role), language_words(person.languages)]
    words += [*person.decades, *wish_words(person.wishes)]
    is_me = person.public_id == reader.public_id
    asked, map_slug = person.public_id, condition.slug
    connect = url_for("connect.ask_for_contact", public_id=asked, condition=map_slug)
    report = url_for("reports.report", kind="person", piece=asked, condition=map_slug)
    return {
        "name": name,
        "about": " · ".join(filter(None, words)),
        "place": area_words(person.area_id),
        "you": _("This is you") if is_me else "",
        "connect": "" if is_me or person.wishes.not_now else connect,
        "connectLabel": _("Connect with %(name)s", name=name),
        "report": "" if is_me else report,
        "reportLabel": _("Report %(name)s", name=name),
    }


def _more(n: int) -> str:
    """Say how many can be read by name, but are not in the list."""
    if n <= 0:
        return ""
    words = ngettext(
        "1 more on the area’s page.", "%(n)s more on the area’s page.", n, n=number_words(n)
    )
    return str(words)


def _unnamed(condition: FoundCondition, area: Area, named: int, reader: Reader) -> str:
    """Say who is in the area but not shown by name: the unnamed must not look like nobody."""
    counted = int(totals(db.session, condition.id).by_area[area.id])
    found = unnamed(counted, named, reader, condition.slug)
    return f"{found.words} {found.link_words}" if found else ""
