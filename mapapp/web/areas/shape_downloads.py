"""Shapes of areas: files that never change, at URLs that contain their version."""

import gzip
import json
from functools import lru_cache

import numpy as np
from flask import Blueprint, Response, request

from mapapp.domain.areas.area_tree import WORLD, load_areas
from mapapp.domain.areas.shapes import shape_bytes, shapes_version
from mapapp.domain.areas.zone_towns import largest_towns
from mapapp.errors import N_, NotFoundError
from mapapp.maps.area_columns import columns
from mapapp.maps.boxes import region_boxes
from mapapp.web.core.assets import immutable

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


@geo.get("/boxes.json")
def boxes(version: str) -> Response:
    """The box around each region's zones, which tells browsers which files may hold a point."""
    _check(version)
    return _sent(*_boxes(version))


@geo.get("/names/<int:area_id>.json")
def names(version: str, area_id: int) -> Response:
    """Names, label points and sizes of an area's parts, for the map's labels."""
    _check(version)
    return _sent(*_names(area_id, load_areas().version))


@lru_cache(maxsize=4096)
def _names(area_id: int, _version: str) -> tuple[bytes, bytes]:
    ids = load_areas().children(area_id).astype(np.int64)
    parts = columns(load_areas(), ids)
    wanted = ("ids", "names", "lat", "lng", "population", "across")
    # All zones have about as many people, so the size of their towns ranks their names.
    rank = largest_towns()[ids]
    ranked = {"rank": rank.tolist()} if rank.any() else {}
    # Countries have names in every language; browsers know them by their codes.
    codes = {"codes": parts["codes"]} if load_areas().level[area_id] == WORLD else {}
    return _packed({name: parts[name] for name in wanted} | ranked | codes)


@lru_cache(maxsize=1)
def _boxes(_version: str) -> tuple[bytes, bytes]:
    return _packed(region_boxes(load_areas()))


def _packed(data: object) -> tuple[bytes, bytes]:
    """Return JSON, plain and gzipped."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return plain, gzip.compress(plain, 9, mtime=0)


def _check(version: str) -> None:
    if version != shapes_version():
        # An old URL must not return new shapes, which browsers would cache for a year.
        raise NotFoundError(N_("These shapes have been replaced. Load the page again."))


def _shapes(version: str, kind: str, area_id: int) -> Response:
    """Send the stored bytes as they are; decompress only for the rare browser without gzip."""
    _check(version)
    zipped = shape_bytes(kind, area_id)
    takes_gzip = request.accept_encodings["gzip"] > 0
    plain = b"" if takes_gzip else gzip.decompress(zipped)
    return _sent(plain, zipped)


def _sent(plain: bytes, zipped: bytes) -> Response:
    return immutable(plain, {"gzip": zipped}, "application/json")
