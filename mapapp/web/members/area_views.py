"""The page of one area of a condition."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.published.area_numbers import area_page
from mapapp.actions.published.listings import condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.members.own_place import this_reader
from mapapp.web.members.unnamed_people import unnamed
from mapapp.web.published.presenters import presenter
from mapapp.web.safety.names_shown import may_name, pause_words

areas = Blueprint("areas", __name__)


@areas.get("/conditions/<slug>/areas/<code>")
@conditional
def show_area(slug: str, code: str) -> ResponseReturnValue:
    """Numbers, parts, people and neighbours of the area with ``code``."""
    condition = condition_by_slug(db.session, slug)
    tree = load_areas()
    area = tree.by_code(code)
    page = area_page(db.session, condition.id, area.id, current_member_id(), asked_spot())
    readable = may_name((listing.public_id for listing in page.listed.items), area.id)
    reader = this_reader(condition.id)
    present = presenter(reader.kind)
    people = [present(one) for one in page.listed.items if one.public_id in readable.people]
    return render_template(
        "members/area.html",
        condition=condition,
        is_mine=reader.is_placed,
        page=page,
        unnamed=unnamed(page.people, page.listed.total, reader, slug),
        people=people,
        own_id=reader.public_id,
        pause=pause_words(readable),
        world=tree.get(0),
    )
