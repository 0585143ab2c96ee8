"""All conditions, and the page of one."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.area_page import largest_countries
from mapapp.actions.catalogue import by_group, by_letter, groups, letters
from mapapp.actions.find import condition_by_slug, joined_since, most_joined, totals
from mapapp.actions.post_lists import newest_answers
from mapapp.actions.questions import questions_of
from mapapp.actions.search import Group, describe, group_by_key, search_conditions
from mapapp.domain.areas import load_areas
from mapapp.domain.counts import countries_reached
from mapapp.domain.months import month_before, this_month
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.mine import is_mine
from mapapp.web.parsing import page_number, typed_text
from mapapp.web.security import current_member_id

conditions = Blueprint("conditions", __name__)

FOUND = 40
MOST = 10
COUNTRIES = 12
TOP_QUESTIONS, NEWEST = 6, 3


@conditions.get("/conditions")
@conditional
def index() -> ResponseReturnValue:
    """Search results, a letter, a group, or the ways to all of them."""
    typed = typed_text(request.args, "q")
    if typed:
        shown = _found(typed)
    elif request.args.get("letter"):
        letter = request.args["letter"].upper()
        shown = {
            "letter": letter,
            "page": by_letter(db.session, letter, page_number(request.args)),
        }
    elif request.args.get("group"):
        key = request.args["group"]
        shown = {
            "group": group_by_key(key),
            "page": by_group(db.session, key, page_number(request.args)),
        }
    else:
        shown = {"most": most_joined(db.session, MOST), "groups": _groups()}
    return render_template("conditions/index.html", letters=letters(db.session), **shown)


def _groups() -> list[tuple[Group, int]]:
    known = [(group_by_key(key), n) for key, n in groups(db.session)]
    return sorted(known, key=lambda pair: pair[0].name.casefold())


def _found(typed: str) -> dict[str, Any]:
    return {"query": typed, "found": search_conditions(db.session, typed, FOUND)}


@conditions.get("/conditions/<slug>")
@conditional
def show(slug: str) -> ResponseReturnValue:
    """What a condition is, who is here for it, and the ways on."""
    condition = condition_by_slug(db.session, slug)
    numbers = totals(db.session, condition.id)
    tree = load_areas()
    return render_template(
        "conditions/show.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        described=describe(db.session, condition),
        totals=numbers,
        countries=largest_countries(numbers, COUNTRIES),
        countries_reached=countries_reached(tree, numbers),
        world=tree.get(0),
        **_knowledge(condition.id),
    )


def _knowledge(condition_id: int) -> dict[str, Any]:
    """What people and the editors say, and how many came lately: nobody is named."""
    reader, since = current_member_id(), month_before(this_month())
    questions = questions_of(db.session, condition_id)
    given = (db.session, condition_id, NEWEST)
    return {
        "questions": questions[:TOP_QUESTIONS],
        "questions_by_slug": {question.slug: question for question in questions},
        "newest": newest_answers(*given, reader_id=reader),
        "stories": newest_answers(*given, stories=True, reader_id=reader),
        "joined": joined_since(db.session, condition_id, since),
        "since": since,
    }
