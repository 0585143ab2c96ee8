"""Scripts, styles and icons, served from the site itself under a name that carries their hash.

All files are read once, at the start, and compressed once, when they are first asked for. Leaflet
comes from the package ``xstatic-leaflet``, so nothing of third parties lies in the repository.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import brotli
from flask import Blueprint, Flask, Response, abort, request, url_for

from mapapp.maps.page_bundles import bundles
from mapapp.paths import STATIC

assets = Blueprint("assets", __name__)

FOREVER = "public, max-age=31536000, immutable"
BROTLI = 11
"""The smallest, which takes a fifth of a second for the map's script, once in a process."""
COMPRESSIBLE = ("text/", "application/json", "image/svg")
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Asset:
    """One file: its bytes and its type."""

    content: bytes
    mimetype: str

    @cached_property
    def encoded(self) -> dict[str, bytes]:
        """Its bytes by encoding, the best first; none where that is not worth it."""
        if not self.mimetype.startswith(COMPRESSIBLE) or len(self.content) <= 500:
            return {}
        return {
            "br": brotli.compress(self.content, quality=BROTLI),
            "gzip": gzip.compress(self.content, 9, mtime=0),
        }


def _asset(name: str, content: bytes) -> Asset:
    return Asset(content, mimetypes.guess_type(name)[0] or "application/octet-stream")


@lru_cache
def load_assets() -> dict[str, Asset]:
    """Return every asset by the path that follows the hash in its address."""
    files = (path for path in sorted(STATIC.rglob("*")) if path.is_file())
    alone = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in files}
    return {name: _asset(name, content) for name, content in {**alone, **bundles()}.items()}


@lru_cache
def assets_version() -> str:
    """One hash for all: what a page loads changes together."""
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
    response = immutable(asset.content, asset.encoded, asset.mimetype)
    if version != assets_version():
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def immutable(content: bytes, encoded: Mapping[str, bytes], mimetype: str) -> Response:
    """Answer with bytes that never change, as one of ``encoded`` if the browser takes it."""
    taken = next((name for name in encoded if request.accept_encodings[name] > 0), "")
    response = Response(encoded[taken] if taken else content, mimetype=mimetype)
    if taken:
        response.headers["Content-Encoding"] = taken
    if encoded:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER
    return response


def init_assets(app: Flask) -> None:
    """Serve the assets and give templates ``asset_url``."""
    app.register_blueprint(assets)
    app.jinja_env.globals["asset_url"] = asset_url
