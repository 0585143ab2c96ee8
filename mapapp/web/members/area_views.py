"""The page of one area of a condition."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.published.area_numbers import AreaPage, area_page
from mapapp.actions.published.listings import People, condition_by_slug
from mapapp.actions.published.people_numbers import only_counted
from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.members.alert_wishes import ALERT_NUMBERS
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.members.near_choices import asked_choice
from mapapp.web.members.own_place import Reader, this_reader
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
    reader = this_reader(condition.id)
    choice = asked_choice(request.args).open_to(reader)
    me = current_member_id()
    who = People(condition.id, me, my_age=choice.my_age, is_new=reader.is_new)
    page = area_page(db.session, who, area.id, asked_spot())
    estimates = only_counted(db.session, condition.id) if area.level <= COUNTRY else {}
    return render_template(
        "members/area.html",
        hidden=estimates.get(area.id),
        estimates=estimates,
        condition=condition,
        is_mine=reader.is_placed,
        page=page,
        unnamed=unnamed(page.people, page.listed.total, reader, slug),
        own_id=reader.public_id,
        my_decade=reader.birth_decade,
        my_age=choice.my_age,
        world=tree.get(0),
        may_grow=page.people < ALERT_NUMBERS[-1],
        **_people(page, reader),
    )


def _people(page: AreaPage, reader: Reader) -> dict[str, object]:
    """Return what the templates show of the people of an area, advisers before others."""
    others = [one for one in page.listed.items if one not in page.advisers]
    named = (one.public_id for one in (*page.advisers, *others))
    readable, present = may_name(named, page.area.id), presenter(reader.kind)
    return {
        "advisers": [present(one) for one in page.advisers if one.public_id in readable.people],
        "people": [present(one) for one in others if one.public_id in readable.people],
        "pause": pause_words(readable),
    }
