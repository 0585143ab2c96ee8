"""The page of one area of a condition."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.area_page import area_page
from mapapp.actions.find import condition_by_slug
from mapapp.domain.areas import load_areas
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.mine import is_mine
from mapapp.web.parsing import page_number
from mapapp.web.presenters import presenter
from mapapp.web.reading import may_name, pause_words
from mapapp.web.security import current_member_id, is_signed_in

areas = Blueprint("areas", __name__)


@areas.get("/conditions/<slug>/areas/<code>")
@conditional
def show(slug: str, code: str) -> ResponseReturnValue:
    """Numbers, parts, people and neighbours of the area with ``code``."""
    condition = condition_by_slug(db.session, slug)
    tree = load_areas()
    area = tree.by_code(code)
    page = area_page(
        db.session, condition.id, area.id, current_member_id(), page_number(request.args)
    )
    readable = may_name((listing.public_id for listing in page.listed.items), area.id)
    present = presenter(is_signed_in())
    people = [present(one) for one in page.listed.items if one.public_id in readable.people]
    return render_template(
        "areas/show.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        page=page,
        people=people,
        pause=pause_words(readable),
        world=tree.get(0),
    )
