"""The map as files: a page to save or send, and the small picture of the world."""

import base64
import gzip
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import A_LOT, MAPS_MADE, use, visitor_subject
from mapapp.actions.published.listed_totals import everybody, totals
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shape_bytes, shapes_version
from mapapp.domain.published.counts import Totals, countries_reached
from mapapp.errors import LimitError
from mapapp.maps.bundle import bundle
from mapapp.maps.kept import kept_data
from mapapp.maps.page import map_numbers
from mapapp.maps.page_bundles import MAP_SHEETS, leaflet_script, leaflet_style
from mapapp.maps.teaser import style, teaser_svg
from mapapp.paths import STATIC
from mapapp.store.database import in_transaction
from mapapp.web.atlas.map_views import map_facts, map_label, page_parts, shape_urls, shell
from mapapp.web.core.conditional_get import edition, tagged
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.locale import page_language
from mapapp.web.core.request_session import db, this_site
from mapapp.web.core.security import current_member_id, site_settings
from mapapp.web.published.presenters import number_words, people_words

map_files = Blueprint("map_files", __name__)

KEPT_PAGES = 64
"""In each process; half a megabyte each."""
SHEETS = (
    *("tokens", "base", "components", "forms", "tables"),
    *MAP_SHEETS,
)


@dataclass(frozen=True)
class KeptPage:
    """A map in one file, gzipped, and the policy it is served with."""

    zipped: bytes
    policy: str


@map_files.get("/conditions/<slug>/map.html")
def page(slug: str) -> Response:
    """The whole map in one file: no request to anywhere, and nobody's name in it."""
    condition = condition_by_slug(db.session, slug)
    parts = ("file", *page_parts(condition))
    return tagged(parts, lambda: _kept_answer(condition, _kept_page(condition, parts)))


@map_files.get("/conditions/<slug>/map.svg")
def picture(slug: str) -> Response:
    """The small picture of one condition."""
    condition = condition_by_slug(db.session, slug)
    parts = ("svg", *page_parts(condition))
    return tagged(parts, lambda: _picture(totals(db.session, condition.id), condition.name))


@map_files.get("/map.svg")
def everywhere() -> Response:
    """The small picture of all conditions together."""
    numbers = everybody(db.session)
    parts = (load_areas().version, shapes_version(), page_language(), numbers.by_area.tobytes())
    return tagged(parts, lambda: _picture(numbers, _("All conditions")))


def _picture(numbers: Totals, name: str) -> Response:
    reached = countries_reached(load_areas(), numbers)
    title = ngettext(
        "%(name)s: %(people)s in %(countries)s country",
        "%(name)s: %(people)s in %(countries)s countries",
        reached,
        name=name,
        people=people_words(numbers.everywhere),
        countries=number_words(reached),
    )
    svg = teaser_svg(load_areas(), numbers, country_shapes(shapes_version()), title)
    response = Response(svg, mimetype="image/svg+xml")
    # Opened on its own, the picture may use its own style sheet, and nothing else.
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {policy_hash(style())}"
    )
    return response


@lru_cache(maxsize=1)
def country_shapes(_version: str) -> bytes:
    """Return the outlines of all countries, from which small pictures are drawn."""
    return gzip.decompress(shape_bytes("countries", 0))


def _kept_answer(condition: FoundCondition, page: KeptPage) -> Response:
    takes_zipped = request.accept_encodings["gzip"] > 0
    body = page.zipped if takes_zipped else gzip.decompress(page.zipped)
    response = Response(body, mimetype="text/html")
    if takes_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Content-Security-Policy"] = page.policy
    response.headers.set("Content-Disposition", "attachment", filename=f"{condition.slug}-map.html")
    return response


_kept: OrderedDict[tuple[object, ...], KeptPage] = OrderedDict()
_making = Lock()


def _kept_page(condition: FoundCondition, parts: tuple[object, ...]) -> KeptPage:
    """Return the page; making it takes a third of a second, so it is limited, and kept.

    Raises:
        LimitError: when the reader had many made this hour, or another one is being made.
    """
    key = (this_site(), edition(), parts)
    found = _kept.get(key)
    if found is None:
        _spend_a_making()
        if not _making.acquire(blocking=False):
            raise LimitError(A_LOT)
        try:
            found = _kept[key] = _make_page(condition)
            while len(_kept) > KEPT_PAGES:
                _kept.popitem(last=False)
        finally:
            _making.release()
    return found


def _spend_a_making() -> None:
    """In a transaction of its own: on SQLite one that has read cannot begin to write."""
    who = current_member_id() or visitor_subject(request.remote_addr or "")
    in_transaction(db.engine, lambda own: use(Context(own, site_settings()), MAPS_MADE, who))


def _make_page(condition: FoundCondition) -> KeptPage:
    scripts = {
        "leaflet": leaflet_script(),
        "ours": _ours(),
        "set_up": shell().script.decode(),
    }
    styles = {"leaflet": leaflet_style(), "ours": _styles()}
    policy = _policy(list(scripts.values()), list(styles.values()))
    html = render_template(
        "atlas/map_kept.html",
        condition=condition,
        policy=policy,
        scripts=scripts,
        styles=styles,
        shell=shell(),
        area_links=False,
        site_url=absolute_url("maps.show_map", slug=condition.slug),
        **_kept_numbers(condition),
    )
    return KeptPage(gzip.compress(html.encode(), 5, mtime=0), policy)


def _kept_numbers(condition: FoundCondition) -> dict[str, Any]:
    areas, facts = load_areas(), map_facts(condition)
    numbers = facts["totals"]
    counts_url = url_for("api_numbers.show_counts", slug=condition.slug)
    return {
        "numbers": map_numbers(
            areas, numbers, facts["scales"], map_label(condition), {"counts": counts_url}
        ),
        "inside": kept_data(areas, numbers, shape_urls(), counts_url),
        **facts,
    }


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Return a policy that allows exactly the scripts in the file, and no requests."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(policy_hash, scripts)),
            "style-src " + " ".join(map(policy_hash, styles)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def policy_hash(text: str) -> str:
    """Return the source that allows just this script or style sheet."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


@lru_cache
def _ours() -> str:
    return bundle(STATIC / "js", "map")


@lru_cache
def _styles() -> str:
    return "\n".join((STATIC / "css" / f"{s}.css").read_text(encoding="utf-8") for s in SHEETS)
