"""Shapes of areas: files that never change, under an address that carries their version."""

import gzip

from flask import Blueprint, Response, request

from mapapp.domain.shapes import shape_bytes, shapes_version
from mapapp.errors import NotFoundError
from mapapp.web.assets import immutable

geo = Blueprint("geo", __name__, url_prefix="/geo/<version>")


@geo.get("/countries.json")
def countries(version: str) -> Response:
    """All countries."""
    return _shapes(version, "countries", 0)


@geo.get("/regions/<int:area_id>.json")
def regions(version: str, area_id: int) -> Response:
    """The regions of a country."""
    return _shapes(version, "regions", area_id)


@geo.get("/zones/<int:area_id>.json")
def zones(version: str, area_id: int) -> Response:
    """The zones of a region."""
    return _shapes(version, "zones", area_id)


def _shapes(version: str, kind: str, area_id: int) -> Response:
    """Send the stored bytes as they are; unpack only for the rare browser without gzip."""
    if version != shapes_version():
        # An old address must not be answered with new shapes and kept for a year.
        raise NotFoundError("These shapes were replaced. Load the page once more.")
    zipped = shape_bytes(kind, area_id)
    takes_gzip = request.accept_encodings["gzip"] > 0
    plain = b"" if takes_gzip else gzip.decompress(zipped)
    return immutable(plain, zipped, "application/json")
