"""Scripts, styles and icons, served from the site itself under a name that carries their hash.

All files are read and compressed once, at the start. Leaflet comes from the package
``xstatic-leaflet``, so nothing of third parties lies in the repository.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for
from xstatic.pkg import leaflet

from mapapp.paths import STATIC

assets = Blueprint("assets", __name__)

FOREVER = "public, max-age=31536000, immutable"
LEAFLET_FILES = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")
COMPRESSIBLE = ("text/", "application/json", "image/svg")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, the same gzipped (or empty), and its type."""

    content: bytes
    zipped: bytes
    mimetype: str


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    worth_it = mimetype.startswith(COMPRESSIBLE) and len(content) > 500
    return Asset(content, gzip.compress(content, 9, mtime=0) if worth_it else b"", mimetype)


@lru_cache
def load_assets() -> dict[str, Asset]:
    """Return every asset by the path that follows the hash in its address."""
    ours = {p.relative_to(STATIC).as_posix(): p for p in sorted(STATIC.rglob("*")) if p.is_file()}
    vendor = Path(leaflet.BASE_DIR)
    theirs = {f"leaflet/{name}": vendor / name for name in LEAFLET_FILES}
    return {name: _read(path) for name, path in {**ours, **theirs}.items()}


@lru_cache
def assets_version() -> str:
    """One hash for all: modules import each other by relative paths, so they change together."""
    digest = hashlib.sha256()
    for name, asset in sorted(load_assets().items()):
        digest.update(name.encode() + b"\0" + asset.content)
    return digest.hexdigest()[:12]


def asset_url(name: str) -> str:
    """Return the address of the asset ``name``; an unknown name is a mistake of ours."""
    if name not in load_assets():
        raise KeyError(name)
    return url_for("assets.serve", version=assets_version(), name=name)


@assets.get("/assets/<version>/<path:name>")
def serve(version: str, name: str) -> Response:
    """Serve one asset; an old hash still answers, but is not kept for long."""
    asset = load_assets().get(name) or abort(404)
    response = immutable(asset.content, asset.zipped, asset.mimetype)
    if version != assets_version():
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def immutable(content: bytes, zipped: bytes, mimetype: str) -> Response:
    """Answer with bytes that never change, ``zipped`` (may be empty) if the browser takes it."""
    use_zipped = bool(zipped) and request.accept_encodings["gzip"] > 0
    response = Response(zipped if use_zipped else content, mimetype=mimetype)
    if use_zipped:
        response.headers["Content-Encoding"] = "gzip"
    if zipped:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER
    return response


def init_assets(app: Flask) -> None:
    """Serve the assets and give templates ``asset_url``."""
    app.register_blueprint(assets)
    app.jinja_env.globals["asset_url"] = asset_url
