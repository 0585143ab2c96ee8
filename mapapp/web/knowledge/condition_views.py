"""All conditions, and the page of one."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.conditions.condition_family import (
    ConditionFamily,
    condition_family,
    most_joined_of_group,
)
from mapapp.actions.conditions.condition_list import by_group, by_letter, groups, letters
from mapapp.actions.conditions.condition_search import (
    Description,
    Group,
    describe,
    group_by_key,
    search_conditions,
)
from mapapp.actions.knowledge.post_list import newest_answers
from mapapp.actions.knowledge.question_list import questions_of
from mapapp.actions.published.area_numbers import largest_countries
from mapapp.actions.published.listed_totals import nobody, totals
from mapapp.actions.published.listings import (
    FoundCondition,
    condition_by_slug,
    most_joined,
)
from mapapp.actions.published.month_ends import lately
from mapapp.actions.published.released import hidden_people
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import countries_reached
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.knowledge.family_words import place_in_words
from mapapp.web.members.own_place import is_mine

conditions = Blueprint("conditions", __name__)

MOST_CONDITIONS = 40
MOST_NEW = 10
COUNTRIES = 12
TOP_QUESTIONS, MOST_NEWEST = 6, 3
RARE_BELOW = 10
"""With fewer people on its map, the page of a condition shows first who is on those near it."""


@conditions.get("/conditions")
@conditional
def list_conditions() -> ResponseReturnValue:
    """Search results, a letter, a group, or the ways to all of them."""
    typed = typed_text(request.args, "q")
    if typed:
        found = search_conditions(db.session, typed, MOST_CONDITIONS)
        shown: dict[str, Any] = {"query": typed, "found": found}
    elif request.args.get("letter"):
        letter = request.args["letter"].upper()
        shown = {
            "letter": letter,
            "page": by_letter(db.session, letter, asked_spot()),
        }
    elif request.args.get("group"):
        key = request.args["group"]
        shown = {
            "group": group_by_key(key),
            "page": by_group(db.session, key, asked_spot()),
        }
    else:
        shown = {"most": most_joined(db.session, MOST_NEW), "groups": _groups()}
    return render_template("knowledge/condition_index.html", letters=letters(db.session), **shown)


def _groups() -> list[tuple[Group, int]]:
    known = [(group_by_key(key), n) for key, n in groups(db.session)]
    return sorted(known, key=lambda pair: pair[0].name.casefold())


@conditions.get("/conditions/<slug>")
@conditional
def show_condition(slug: str) -> ResponseReturnValue:
    """What a condition is, who is here for it, and the ways on."""
    condition = condition_by_slug(db.session, slug)
    numbers = totals(db.session, condition.id) if condition.listed else nobody()
    tree = load_areas()
    described = describe(db.session, condition)
    return render_template(
        "knowledge/condition.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        described=described,
        totals=numbers,
        hidden=hidden_people(db.session, condition.id) if condition.listed else None,
        countries=largest_countries(numbers, COUNTRIES),
        countries_reached=countries_reached(tree, numbers),
        world=tree.get(0),
        **_family(condition, described),
        **_knowledge(condition),
    )


def _family(condition: FoundCondition, described: Description) -> dict[str, Any]:
    """What it is a form of, what is a form of it, and the nearest maps that people joined."""
    family = condition_family(db.session, condition)
    is_rare = condition.listed < RARE_BELOW
    lonely = is_rare and described.group and not _has_people(family)
    return {
        "family": family,
        "is_rare": is_rare,
        "in_group": most_joined_of_group(db.session, condition) if lonely else (),
        "about": condition.about
        or described.in_short
        or place_in_words(condition, family.parents, described.group),
    }


def _has_people(family: ConditionFamily) -> bool:
    return bool(family.near) or any(one.people for one in family.parents)


def _knowledge(condition: FoundCondition) -> dict[str, Any]:
    """What people and the editors say, and by how much the map has grown lately."""
    reader = current_member_id()
    questions = questions_of(db.session, condition.id)
    given = (db.session, condition.id, MOST_NEWEST)
    has_answers = any(question.answers for question in questions)
    return {
        "questions": questions[:TOP_QUESTIONS],
        "questions_by_slug": {question.slug: question for question in questions},
        "newest": newest_answers(*given, reader_id=reader) if has_answers else (),
        "stories": newest_answers(*given, stories=True, reader_id=reader),
        "growth": lately(db.session, condition.id, condition.listed) if condition.listed else None,
    }
