"""The map as files: one page to keep or to mail, and the small picture of the world."""

import base64
import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from xstatic.pkg import leaflet

from mapapp.actions.find import FoundCondition, condition_by_slug, everybody, totals
from mapapp.domain.areas import load_areas
from mapapp.domain.counts import Totals, countries_reached
from mapapp.domain.shapes import shape_bytes, shapes_version
from mapapp.maps.bundle import bundle
from mapapp.maps.kept import kept_data
from mapapp.maps.page import map_numbers
from mapapp.maps.teaser import style, teaser_svg
from mapapp.paths import STATIC
from mapapp.web.conditional import edition, tagged
from mapapp.web.database import db, this_site
from mapapp.web.languages import page_language
from mapapp.web.maps import map_facts, map_label, page_parts, shape_urls, shell
from mapapp.web.presenters import number_words, people_words
from mapapp.web.security import site_settings

map_files = Blueprint("map_files", __name__)

KEPT_PAGES = 8
SHEETS = ("tokens", "base", "components", "forms", "tables", "map-drawing", "map-controls", "map")


@map_files.get("/conditions/<slug>/map.html")
def page(slug: str) -> Response:
    """The whole map in one file: no request to anywhere, and nobody's name in it."""
    condition = condition_by_slug(db.session, slug)
    parts = ("file", *page_parts(condition))
    site = (this_site(), edition())
    return tagged(parts, lambda: _kept_answer(condition, _kept_page(site, condition, parts)))


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
    svg = teaser_svg(load_areas(), numbers, _countries(shapes_version()), title)
    response = Response(svg, mimetype="image/svg+xml")
    # Opened by itself the picture may use its own style sheet, and nothing else.
    response.headers["Content-Security-Policy"] = f"default-src 'none'; style-src {_hash(style())}"
    return response


@lru_cache(maxsize=1)
def _countries(_version: str) -> bytes:
    return gzip.decompress(shape_bytes("countries", 0))


def _kept_answer(condition: FoundCondition, page: tuple[str, str]) -> Response:
    html, policy = page
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers.set("Content-Disposition", "attachment", filename=f"{condition.slug}-map.html")
    return response


@lru_cache(maxsize=KEPT_PAGES)
def _kept_page(
    _site: tuple[str, str], condition: FoundCondition, _parts: tuple[object, ...]
) -> tuple[str, str]:
    """Return the page and its policy; making it costs a second or two, so some are kept."""
    scripts = {"leaflet": _leaflet("leaflet.js"), "ours": _ours(), "set_up": _set_up()}
    styles = {"leaflet": _without_images(_leaflet("leaflet.css")), "ours": _styles()}
    policy = _policy(list(scripts.values()), list(styles.values()))
    html = render_template(
        "maps/kept.html",
        condition=condition,
        policy=policy,
        scripts=scripts,
        styles=styles,
        shell=shell(),
        area_links=False,
        site_url=site_settings().base_url + url_for("maps.show", slug=condition.slug),
        **_kept_numbers(condition),
    )
    return html, policy


def _kept_numbers(condition: FoundCondition) -> dict[str, Any]:
    areas = load_areas()
    numbers = totals(db.session, condition.id)
    counts_url = url_for("api.counts", slug=condition.slug)
    return {
        "numbers": map_numbers(areas, numbers, map_label(condition), {"counts": counts_url}),
        "inside": kept_data(areas, numbers, shape_urls(), counts_url),
        **map_facts(numbers),
    }


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Return a policy that lets run exactly what is in the file, and lets it fetch nothing."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + " ".join(map(_hash, styles)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


@lru_cache
def _leaflet(name: str) -> str:
    return (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")


def _without_images(css: str) -> str:
    """Leave out Leaflet's pictures of controls that the map does not have."""
    return css.replace("url(images/", "url(data:,")


@lru_cache
def _ours() -> str:
    return bundle(STATIC / "js", "map")


def _set_up() -> str:
    return shell().script.decode()


@lru_cache
def _styles() -> str:
    return "\n".join((STATIC / "css" / f"{s}.css").read_text(encoding="utf-8") for s in SHEETS)
