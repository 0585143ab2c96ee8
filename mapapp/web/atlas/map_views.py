"""The world map of a condition, with the same result beside it as a list."""

from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    get_flashed_messages,
    jsonify,
    render_template,
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
from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import Area, load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals, countries_reached, level_counts
from mapapp.maps.page import Shell, country_ids, make_shell, map_numbers, scales
from mapapp.web.atlas.map_drawn import drawn_map
from mapapp.web.atlas.map_words import (
    map_words,
    number_legend,
    place_words,
    rate_legend,
    rate_words,
)
from mapapp.web.atlas.own_marks import OwnMark, mark_facts, own_marks
from mapapp.web.core.assets import Asset, assets_version, immutable
from mapapp.web.core.conditional_get import conditional, tagged
from mapapp.web.core.layout import has_demo, waiting_here
from mapapp.web.core.locale import page_language
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

MILLION = 1_000_000
KEPT_FACTS = 16
"""Maps whose facts are kept in each process, 50 kB each."""
A_NUMBER = 424_242_424_242  # a placeholder in URLs, which scripts replace with an area's id
A_CODE, CODE = "AREA-CODE", "{code}"


@maps.get("/conditions/<slug>/map")
def show_map(slug: str) -> Response:
    """The map page."""
    condition = condition_by_slug(db.session, slug)
    # The page holds the session's token, in the form for signing out.
    who = (is_signed_in(), is_suspended(), is_discreet(), sorted(staff_roles()))
    reader = (*who, session.get("csrf_token"))
    mine = own_place(condition.id)
    marks = own_marks(condition.id, mine)
    own = (mine is not None, marks)
    parts = (*page_parts(condition), *reader, *own, waiting_here(), get_flashed_messages())
    return tagged(parts, lambda: _page(condition, *own))


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


def page_parts(condition: FoundCondition) -> tuple[object, ...]:
    """Return what every answer about a condition's map depends on."""
    versions = (load_areas().version, shapes_version(), assets_version(), page_language())
    return (condition.id, condition.version, condition.name, *versions, has_demo())


def _page(condition: FoundCondition, is_mine: bool, marks: tuple[OwnMark, ...]) -> str:
    facts = map_facts(condition)
    label = map_label(condition)
    return render_template(
        "atlas/map.html",
        condition=condition,
        is_mine=is_mine,
        own=mark_facts(marks),
        area_links=True,
        shell=shell(),
        set_up_url=url_for("maps.map_script", version=shell().version, language=page_language()),
        numbers=map_numbers(load_areas(), facts["totals"], label, _urls(condition)),
        **facts,
    )


def map_facts(condition: FoundCondition) -> dict[str, Any]:
    """Return what the map's templates show: totals, legend, list, and the drawn world.

    Kept for some maps: only the publisher changes it, and pages of members are made for each.
    """
    versions = (load_areas().version, shapes_version(), condition.version)
    return _map_facts((this_site(), page_language(), versions), condition.id, condition.slug)


@lru_cache(maxsize=KEPT_FACTS)
def _map_facts(_kept_under: tuple[object, ...], condition_id: int, slug: str) -> dict[str, Any]:
    areas, numbers = load_areas(), totals(db.session, condition_id)
    found = scales(areas, numbers)
    rows = _country_rows(numbers, _area_url(slug))
    return {
        "totals": numbers,
        "countries_reached": countries_reached(areas, numbers),
        "legends": {"number": number_legend(found["number"]), "rate": rate_legend(found["rate"])},
        "countries": rows,
        **drawn_map(numbers, rows),
    }


def map_label(condition: FoundCondition) -> str:
    """Return what a screen reader calls the map."""
    return str(_("World map of %(condition)s", condition=condition.name))


def _country_rows(numbers: Totals, url: str) -> list[dict[str, Any]]:
    """Return the list beside the map, most people first; ``url`` is that of an area's page."""
    areas = load_areas()
    ids, counts = level_counts(areas, numbers, "country")
    rows = [_country_row(areas.get(int(i)), int(n), url) for i, n in zip(ids, counts, strict=True)]
    return sorted(rows, key=lambda row: (-row["people"], row["name"]))


def _country_row(area: Area, n: int, url: str) -> dict[str, Any]:
    rate = rate_words(n / int(told_residents(load_areas())[area.id]) * MILLION)
    # Filled in, not made: Flask takes its time for two hundred addresses.
    where = url.replace(CODE, area.code)
    return {"id": area.id, "url": where, "name": area_name(area), "people": n, "rate": rate}


def _area_url(slug: str) -> str:
    """Return the URL of the pages of areas, with ``CODE`` for an area's."""
    return url_for("areas.show_area", slug=slug, code=A_CODE).replace(A_CODE, CODE)


def _urls(condition: FoundCondition) -> dict[str, str]:
    slug = condition.slug
    return {
        "counts": url_for("api.counts", slug=slug),
        "area": _area_url(slug),
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
    words = [role_words(person.role), language_words(person.languages)]
    words += wish_words(person.wishes)
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
