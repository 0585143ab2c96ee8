"""The numbers of a map for notebooks, in one line each: from a site, or from its database.

::

    from mapapp.notebook import counts, world_map

    counts("https://example.org", "dystonia")
    world_map("https://example.org", "dystonia")

Listed people are exact, as last published. Who chose only to be counted is in an estimate beside
them, for countries, where a release shows one. Neither way reads more than the site tells everyone.
"""

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

import folium
import geopandas as gpd
import shapely
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from mapapp.actions.operations.site_setup import check_site
from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.statistics.area_outlines import geojson_of
from mapapp.actions.statistics.counted_areas import (
    columns_at,
    counted_areas,
    inside_country,
    level_ids,
)
from mapapp.errors import N_, BadInputError, DataError, NotFoundError
from mapapp.maps.notebook_map import PEOPLE, PER_MILLION, notebook_map
from mapapp.store.database import make_engine, transaction

COLLECTIONS = {"country": "countries", "region": "regions", "zone": "zones"}
SITE_KINDS = ("http", "https")
DATABASE_KINDS = ("sqlite", "postgresql")
A_PAGE = 1000
PATIENCE = 60  # seconds for one page
CRS = "OGC:CRS84"
MAY_BE_EMPTY = {"estimate": "Int64", "error": "Int64", "per_million": "float64"}
"""The kinds of columns that lack numbers; the Int64 of pandas is a whole number or nothing."""

NOT_A_SITE = N_("There is no answer at this address that a site like this would give.")


def counts(
    source: str, condition: str, level: str = "country", *, country: str = ""
) -> gpd.GeoDataFrame:
    """Return how many people of a condition there are in each area.

    Args:
        source: address of a site, or of its database (``sqlite:///…``, ``postgresql://…``).
        condition: its short name in addresses, such as ``dystonia``.
        level: ``country``, ``region`` or ``zone``; there are more than 40,000 zones.
        country: only areas of the country with this code, such as ``DE``.

    Returns:
        A row for each area, in the order of the site's table, with its outline (degrees, CRS84) and
        the columns ``area_id``, ``code``, ``name``, ``level``, ``parent``, ``country``,
        ``residents``, ``people`` and ``per_million``; countries also have ``estimate`` and
        ``error``.

    Raises:
        BadInputError: for a source or level that there is not.
        NotFoundError: for a condition or a database that is not there.
        DataError: when the source gives no answer, or another than expected.
    """
    if level not in COLLECTIONS:
        raise BadInputError(N_("The level is country, region or zone."))
    kind = source.partition(":")[0].partition("+")[0]
    if kind in SITE_KINDS:
        return _from_site(source, condition, level, country)
    if kind in DATABASE_KINDS:
        return _from_database(source, condition, level, country)
    raise BadInputError(
        N_(
            "Give the address of a site (https://…) or of its database (sqlite:///… or "
            "postgresql://…)."
        )
    )


def world_map(source: str, condition: str, *, by: str = PEOPLE) -> folium.Map:
    """Return a map of the world with each country shaded.

    Args:
        source, condition: as of ``counts``.
        by: ``people``, or ``per_million`` residents.

    Raises:
        as ``counts``.
    """
    if by not in {PEOPLE, PER_MILLION}:
        raise BadInputError(N_("Shade a map by people or by per_million."))
    words = "people on the map" if by == PEOPLE else "people on the map per million residents"
    return notebook_map(counts(source, condition), f"{condition}: {words}", by)


def _from_site(site: str, condition: str, level: str, country: str) -> gpd.GeoDataFrame:
    collection = COLLECTIONS[level]
    where = f"/conditions/{quote(condition, safe='')}/ogc/collections/{collection}/items"
    asked = {"f": "json", "limit": str(A_PAGE), **({"country": country} if country else {})}
    query: str | None = urlencode(asked)
    features: list[Any] = []
    while query:
        page = _read(f"{site.rstrip('/')}{where}?{query}")
        try:
            features += page["features"]
            query = _next_query(page)
        except (KeyError, TypeError):
            raise DataError(NOT_A_SITE) from None
    return _frame([one["properties"] for one in features], _outlines(features), level)


def _outlines(features: list[Any]) -> list[Any]:
    texts = [json.dumps(one["geometry"]) for one in features]
    found: list[Any] = shapely.from_geojson(texts).tolist()
    return found


def _next_query(page: Any) -> str | None:
    """Return what the next page is asked; its address stays the one that was given."""
    found = [one["href"] for one in page["links"] if one["rel"] == "next"]
    return urlsplit(found[0]).query if found else None


def _read(address: str) -> Any:
    """Return what a site answers; nothing but HTTP is spoken, also where it leads elsewhere."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPRedirectHandler):
        opener.add_handler(handler())
    opener.add_handler(HTTPErrorProcessor())
    opener.add_handler(HTTPDefaultErrorHandler())
    headers = {"Accept": "application/geo+json", "Accept-Encoding": "gzip"}
    request = Request(address, headers=headers)  # noqa: S310, the opener knows HTTP alone
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            body = answer.read()
            zipped = answer.headers.get("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(body) if zipped else body)
    except HTTPError as error:
        error.close()
        raise _refused(error) from None
    except (URLError, TimeoutError) as error:
        raise DataError(N_("The site cannot be reached: %(why)s"), why=str(error)) from None
    except (ValueError, OSError):
        raise DataError(NOT_A_SITE) from None


def _refused(error: HTTPError) -> Exception:
    if error.code == 404:
        return NotFoundError(N_("The site has no such condition, or it does not offer map data."))
    return DataError(N_("The site answered with the status %(code)s."), code=error.code)


def _from_database(url: str, condition: str, level: str, country: str) -> gpd.GeoDataFrame:
    try:
        parts = make_url(url)
    except ArgumentError:
        raise BadInputError(N_("This is not the address of a database.")) from None
    if parts.get_backend_name() == "sqlite" and not Path(parts.database or "").is_file():
        raise NotFoundError(N_("There is no database at this path."))  # it would be made
    if parts.drivername == "postgresql":
        parts = parts.set(drivername="postgresql+psycopg")
    engine = make_engine(parts.render_as_string(hide_password=False))
    try:
        with transaction(engine, write=False) as session:
            check_site(session)
            found = counted_areas(session, condition_by_slug(session, condition))
    except SQLAlchemyError:
        # Its message could hold a host or a name of a user.
        raise DataError(
            N_("The database cannot be read, or no site of this version has it.")
        ) from None
    finally:
        engine.dispose()
    ids = inside_country(level_ids(level), country) if country else level_ids(level)
    columns = found.columns(level, ids)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    # The same outlines as a site sends, to the last digit.
    return _frame(rows, shapely.from_geojson(geojson_of(level, ids)).tolist(), level)


def _frame(rows: list[Any], outlines: list[Any], level: str) -> gpd.GeoDataFrame:
    names = list(columns_at(level))
    frame = gpd.GeoDataFrame(rows, columns=names, geometry=outlines, crs=CRS)
    return frame.astype({name: kind for name, kind in MAY_BE_EMPTY.items() if name in names})
