"""The site as an app on a phone: its manifest, its service worker, and the page without a net.

What the worker keeps is the same for everybody (decision 21): it is listed here, file by file.
"""

from hashlib import sha256

from flask import Blueprint, Response, abort, json, render_template, url_for
from flask.typing import ResponseReturnValue

from mapapp.domain.core.choices import NEUTRAL_NAME
from mapapp.domain.safety.helplines import everywhere
from mapapp.web.atlas.map_views import shape_urls, shell
from mapapp.web.core.assets import asset_url, load_assets
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.locale import page_direction, page_language, translated
from mapapp.web.core.security import site_settings
from mapapp.web.operations.app_icons import ICONS, NOTES, manifest_icons

app_frame = Blueprint("app_frame", __name__)

GROUND = "#faf8f4"  # as --ground in css/tokens.css

ON_EVERY_PAGE = ("bundles/site.css", "bundles/site.js", "icons/favicon.svg")
"""What every page asks for; kept from the first visit on."""
ON_EVERY_MAP = ("bundles/map.css", "bundles/map.js")
"""What every map asks for, whatever it is of; kept once a map was opened."""


@app_frame.get("/app/<kind>/manifest.webmanifest")
@conditional
def manifest(kind: str) -> Response:
    """What a phone shows of the site on its start screen."""
    if kind not in ICONS:
        abort(404)
    shown = translated(NEUTRAL_NAME) if kind == NOTES else site_settings().site_name
    words = {
        "id": f"/app/{kind}",
        "name": shown,
        "short_name": shown,
        "start_url": url_for("pages.show_home"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "lang": page_language(),
        "dir": page_direction(),
        "icons": manifest_icons(kind),
    }
    return _fresh(Response(json.dumps(words), mimetype="application/manifest+json"))


@app_frame.get("/service-worker.js")
@conditional
def worker() -> Response:
    """The worker, which browsers ask for anew, and which changes with what it keeps."""
    shapes = shape_urls()
    script = url_for("maps.map_script", version=shell().version, language=page_language())
    drawn = (script, shapes["countries"], shapes["names"].replace("{id}", "0"))
    frame = {
        "first": [asset_url(name) for name in ON_EVERY_PAGE],
        "later": [*(asset_url(name) for name in ON_EVERY_MAP), *drawn],
        "offline": url_for("app_frame.offline"),
        "away": url_for("pages.away"),
    }
    code = load_assets()["js/worker.js"].content.decode()
    parts = (frame, code, render_template("operations/offline.html", line=everywhere()[0]))
    name = sha256(json.dumps(parts).encode()).hexdigest()[:12]
    text = f"self.FRAME = {json.dumps({'name': f'frame-{name}', **frame})};\n{code}"
    return _fresh(Response(text, mimetype="text/javascript"))


@app_frame.get("/offline")
@conditional
def offline() -> ResponseReturnValue:
    """What a browser shows where there is no connection: the same for everybody."""
    page = render_template("operations/offline.html", line=everywhere()[0])
    return _fresh(Response(page, mimetype="text/html"))


def _fresh(response: Response) -> Response:
    """Let browsers ask each time whether it has changed."""
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response
