"""A map as open data for GIS programs: OGC API – Features, Part 1, one service a condition.

GDAL, QGIS and others show what a service lists, so each service has three collections of the one
condition, and not three for each of some thousand conditions.
"""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.statistics.counted_areas import columns_at, counted_areas
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.errors import MapappError
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.locale import decimal_words, translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import site_settings
from mapapp.web.open_data.ogc_answers import (
    GEOJSON,
    OPENAPI,
    SCHEMA,
    Shown,
    http_refused,
    open_to_other_sites,
    refused,
    shown,
)
from mapapp.web.open_data.ogc_columns import MEANINGS
from mapapp.web.open_data.ogc_definition import definition_document
from mapapp.web.open_data.ogc_documents import (
    collection_document,
    collection_words,
    collections_document,
    conformance_document,
    landing_document,
    schema_document,
)
from mapapp.web.open_data.ogc_features import Place, one_feature, one_page, page_links
from mapapp.web.open_data.ogc_questions import FOR_ITEMS, items_asked, level_of, only_known
from mapapp.web.published.presenters import area_name

ogc = Blueprint("ogc", __name__, url_prefix="/conditions/<slug>/ogc")
ogc.register_error_handler(MapappError, refused)
ogc.register_error_handler(HTTPException, http_refused)
ogc.after_request(open_to_other_sites)


@ogc.context_processor
def _words() -> dict[str, object]:
    return {
        "collection_words": collection_words,
        "name_of": lambda area_id: area_name(load_areas().get(area_id)),
        "page_links": page_links,
        "rate_figure": lambda rate: decimal_words(rate, "#,##0.####"),
    }


@ogc.get("")
@conditional
def show_landing(slug: str) -> Response:
    """Where the service begins."""
    only_known()
    condition = condition_by_slug(db.session, slug)
    what = Shown("open_data/ogc_landing.html", lambda: landing_document(condition))
    return shown(
        condition,
        what,
        service=absolute_url("ogc.show_landing", slug=slug),
        site=site_settings().base_url,
    )


@ogc.get("/api")
@conditional
def definition(slug: str) -> Response:
    """What can be asked, as OpenAPI."""
    only_known()
    condition = condition_by_slug(db.session, slug)
    what = Shown("open_data/ogc_definition.html", lambda: definition_document(condition), OPENAPI)
    return shown(condition, what)


@ogc.get("/conformance")
@conditional
def show_conformance(slug: str) -> Response:
    """Which parts of the standard are held."""
    only_known()
    condition = condition_by_slug(db.session, slug)
    return shown(condition, Shown("open_data/ogc_conformance.html", conformance_document))


@ogc.get("/collections")
@conditional
def list_collections(slug: str) -> Response:
    """Countries, regions and zones."""
    only_known()
    condition = condition_by_slug(db.session, slug)
    what = Shown("open_data/ogc_collections.html", lambda: collections_document(condition))
    return shown(condition, what)


@ogc.get("/collections/<collection>")
@conditional
def show_collection(slug: str, collection: str) -> Response:
    """One of them, and what its columns mean."""
    only_known()
    level = level_of(collection)
    condition = condition_by_slug(db.session, slug)
    columns = {name: translated(MEANINGS[name]) for name in columns_at(level)}
    what = Shown(
        "open_data/ogc_collection.html", lambda: collection_document(condition, collection)
    )
    return shown(condition, what, columns=columns)


@ogc.get("/collections/<collection>/schema")
@conditional
def schema(slug: str, collection: str) -> Response:
    """Of which kinds its columns are."""
    only_known()
    level = level_of(collection)
    condition = condition_by_slug(db.session, slug)
    columns = {name: translated(MEANINGS[name]) for name in columns_at(level)}
    what = Shown(
        "open_data/ogc_schema.html", lambda: schema_document(condition, collection), SCHEMA
    )
    return shown(condition, what, columns=columns, collection=collection)


@ogc.get("/collections/<collection>/items")
@conditional
def list_items(slug: str, collection: str) -> Response:
    """Areas with their numbers, a page at a time."""
    only_known(*FOR_ITEMS)
    level_of(collection)
    asked = items_asked()
    place = _place(slug, collection)
    what = Shown(
        "open_data/ogc_items.html", lambda: one_page(place, asked), GEOJSON, _versions(place)
    )
    return shown(place.counted.condition, what, asked=asked, collection=collection)


@ogc.get("/collections/<collection>/items/<int:area_id>")
@conditional
def show_item(slug: str, collection: str, area_id: int) -> Response:
    """One area with its numbers."""
    only_known()
    level_of(collection)
    place = _place(slug, collection)
    what = Shown(
        "open_data/ogc_item.html", lambda: one_feature(place, area_id), GEOJSON, _versions(place)
    )
    return shown(place.counted.condition, what, collection=collection)


def _place(slug: str, collection: str) -> Place:
    return Place(collection, counted_areas(db.session, condition_by_slug(db.session, slug)))


def _versions(place: Place) -> tuple[object, ...]:
    return (*place.counted.versions, shapes_version())
