"""The icons of the site as an app, drawn from the SVG of its tabs: phones want pixels."""

import re
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue

from mapapp.maps.typeset import typeset
from mapapp.web.core.assets import asset_url, load_assets
from mapapp.web.core.conditional_get import conditional

app_icons = Blueprint("app_icons", __name__)

SITE, NOTES = "site", "notes"
ICONS = {SITE: "icons/favicon.svg", NOTES: "icons/notes.svg"}
"""By the name of the manifest: the site's own, and the one for discreet mode."""
FOR_A_DAY = "public, max-age=86400"


class Form(NamedTuple):
    """How an icon is drawn.

    Attributes:
        pixels: its width and height.
        purpose: in the manifest, '' for what is not in it.
        share: of its width that the drawing takes; phones may cut a maskable one to a circle.
        is_full: whether its ground reaches to the edges, for phones that round it themselves.
    """

    pixels: int
    purpose: str = "any"
    share: float = 1
    is_full: bool = False


FORMS = {
    "touch-180.png": Form(180, "", is_full=True),
    "icon-192.png": Form(192),
    "icon-512.png": Form(512),
    "maskable-512.png": Form(512, "maskable", 0.8, is_full=True),
}


@app_icons.get("/app/<kind>/<picture>")
@conditional
def icon(kind: str, picture: str) -> ResponseReturnValue:
    """The icon as a picture, the same for everybody."""
    if kind not in ICONS or picture not in FORMS:
        abort(404)
    response = Response(icon_png(kind, picture), mimetype="image/png")
    response.headers["Cache-Control"] = FOR_A_DAY
    return response


def manifest_icons(kind: str) -> list[dict[str, str]]:
    """Return what a manifest says of its icons."""
    drawn = {"src": asset_url(ICONS[kind]), "type": "image/svg+xml", "sizes": "any"}
    pictures = [
        {
            "src": url_for("app_icons.icon", kind=kind, picture=name),
            "type": "image/png",
            "sizes": f"{form.pixels}x{form.pixels}",
            "purpose": form.purpose,
        }
        for name, form in FORMS.items()
        if form.purpose
    ]
    return [{**drawn, "purpose": "any"}, *pictures]


@lru_cache
def icon_png(kind: str, name: str) -> bytes:
    """Return an icon of ``ICONS`` in a form of ``FORMS``; its ground is the first colour in it."""
    form, drawn = FORMS[name], load_assets()[ICONS[kind]].content.decode()
    ground = re.findall(r'fill="(#[0-9a-f]{6})"', drawn)[0] if form.is_full else ""
    told = {"icon": drawn, "pixels": str(form.pixels), "share": str(form.share), "ground": ground}
    return typeset("icon", told, "png")
