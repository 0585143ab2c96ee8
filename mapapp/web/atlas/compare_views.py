"""Two maps side by side: the published numbers of each, and never who is on both."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions.conditions.condition_search import FoundHit, search_conditions
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.actions.published.people_numbers import people_numbers
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.counts import Totals, countries_reached
from mapapp.domain.published.rates import RATE_FROM
from mapapp.errors import N_
from mapapp.maps.compared_worlds import compared_worlds
from mapapp.maps.shading import BY_NUMBER
from mapapp.web.atlas.map_drawn import country_rows
from mapapp.web.atlas.map_words import number_legend
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db

comparing = Blueprint("comparing", __name__)

MOST_OFFERED = 20
THE_SAME = N_("That is the same condition. Choose another one to compare it with.")


@comparing.get("/conditions/<slug>/compare")
@conditional
def choose_other(slug: str) -> ResponseReturnValue:
    """The search for the condition to put beside this one; its exact name leads on at once."""
    condition = condition_by_slug(db.session, slug)
    typed = typed_text(request.args, "q")
    hits = _others(condition, typed) if typed else []
    if hits and hits[0].condition.name.casefold() == typed.casefold():
        return redirect(
            url_for("comparing.show_both", slug=slug, other=hits[0].condition.slug), 303
        )
    return _choosing(condition, typed, hits)


@comparing.get("/conditions/<slug>/compare/<other>")
@conditional
def show_both(slug: str, other: str) -> ResponseReturnValue:
    """Both totals, two small worlds on one scale, and both numbers by country."""
    if slug == other:
        return _choosing(condition_by_slug(db.session, slug), error=translated(THE_SAME)), 400
    pair = [condition_by_slug(db.session, one) for one in (slug, other)]
    people = [people_numbers(db.session, condition.id) for condition in pair]
    numbers = [one.listed for one in people]
    areas = load_areas()
    drawn = compared_worlds(areas, numbers, shapes_version())
    return render_template(
        "atlas/compare.html",
        pair=pair,
        numbers=numbers,
        hidden=[one.only_counted.get(0) for one in people],
        reached=[countries_reached(areas, one) for one in numbers],
        drawn=drawn,
        legend=number_legend(drawn.scale),
        rows=_rows(numbers),
        rate_from=RATE_FROM,
    )


def _choosing(
    condition: FoundCondition, query: str = "", hits: Sequence[FoundHit] = (), error: str = ""
) -> str:
    given = {"query": query, "hits": hits, "error": error}
    return render_template("atlas/compare_choose.html", condition=condition, **given)


def _others(condition: FoundCondition, typed: str) -> list[FoundHit]:
    found = search_conditions(db.session, typed, MOST_OFFERED).hits
    return [hit for hit in found if hit.condition.slug != condition.slug]


def _rows(numbers: list[Totals]) -> list[dict[str, Any]]:
    """Return a row for each country on either map, those with most people on the first map first.

    Nothing is added up over the two: a sum would count who is on both twice, and nobody knows who.
    """
    each = [{row["id"]: row for row in country_rows(one, "", BY_NUMBER)} for one in numbers]
    # A dictionary keeps the order: of the first map, then of the second.
    ids = dict.fromkeys([*each[0], *each[1]])
    named = [(each[0].get(area) or each[1][area], area) for area in ids]
    return [
        {"name": row["name"], "cells": [of_map.get(area) for of_map in each]} for row, area in named
    ]
