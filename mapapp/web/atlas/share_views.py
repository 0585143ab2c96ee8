"""Showing a map to others: the ways to do so, and the map that other sites may frame."""

from functools import lru_cache

from flask import Blueprint, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.published.listed_totals import totals
from mapapp.actions.published.listings import condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.maps.teaser import HEIGHT, WIDTH, shaded_paths
from mapapp.paths import STATIC
from mapapp.web.atlas.map_files import country_shapes, policy_hash
from mapapp.web.atlas.share_files import joined_words
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.layout import absolute_url, site_name
from mapapp.web.core.request_session import db

sharing = Blueprint("sharing", __name__)

FRAME_SHEETS = ("tokens", "embed")
FRAME_WIDTH, FRAME_HEIGHT = 480, 360
"""Pixels that the code for other sites proposes."""


@sharing.get("/conditions/<slug>/share")
@conditional
def show_ways(slug: str) -> ResponseReturnValue:
    """The link, a picture, a poster, and the map for other sites."""
    return render_template(
        "atlas/share.html",
        condition=condition_by_slug(db.session, slug),
        frame_size=(FRAME_WIDTH, FRAME_HEIGHT),
    )


@sharing.get("/embed/conditions/<slug>")
@conditional
def embed(slug: str) -> ResponseReturnValue:
    """The map inside other sites: numbers alone, the same for every reader."""
    condition = condition_by_slug(db.session, slug)
    numbers = totals(db.session, condition.id)
    styles = _styles()
    # Not as other pages, which look up who reads them.
    page = current_app.jinja_env.get_template("atlas/embed.html").render(
        site_name=site_name(),
        condition=condition,
        people=joined_words(numbers),
        is_empty=not numbers.everywhere,
        paths=shaded_paths(load_areas(), numbers, country_shapes(shapes_version())),
        size=(WIDTH, HEIGHT),
        styles=styles,
        full_map=absolute_url("maps.show_map", slug=condition.slug),
    )
    response: Response = make_response(page)
    response.headers["Content-Security-Policy"] = frame_policy(styles)
    # Sites that isolate themselves may show only what says so.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def frame_policy(styles: str) -> str:
    """Return a policy for a page in a frame: its own style sheet, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {policy_hash(styles)}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
        )
    )


@lru_cache(maxsize=1)
def _styles() -> str:
    return "\n".join((STATIC / "css" / f"{s}.css").read_text("utf-8") for s in FRAME_SHEETS)
