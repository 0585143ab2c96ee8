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
    people = [presenter(is_signed_in())(listing) for listing in page.listed.items]
    return render_template(
        "areas/show.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        page=page,
        people=people,
        world=tree.get(0),
    )
