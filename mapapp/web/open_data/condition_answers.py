"""Conditions in the public API: searching and listing them, one, and its family."""

from collections.abc import Iterable, Mapping

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.conditions.condition_family import FamilyNumbers, condition_family
from mapapp.actions.conditions.condition_list import all_conditions
from mapapp.actions.conditions.condition_search import Group, describe, search_conditions
from mapapp.actions.published.listed_totals import published_on
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.actions.published.people_numbers import only_counted
from mapapp.actions.published.released import HiddenPeople
from mapapp.domain.conditions.codes import Code
from mapapp.domain.core.dates import this_day
from mapapp.errors import N_
from mapapp.web.conditions.suggestions import NOT_KEPT
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.open_data import api_examples
from mapapp.web.open_data.api_asked import ConditionsAsked
from mapapp.web.open_data.api_blueprint import answered, api_part
from mapapp.web.open_data.api_paging import link_header, next_page
from mapapp.web.open_data.api_shapes import (
    CodeShape,
    ConditionAnswer,
    ConditionItem,
    ConditionList,
    EstimateShape,
    FamilyShape,
    GroupShape,
    RelatedShape,
    RelativesAnswer,
)
from mapapp.web.published.presenters import people_words

api_conditions = api_part("api_conditions")
_TAG = "Conditions"


@api_conditions.get("/conditions")
@api_conditions.input(ConditionsAsked, location="query", arg_name="asked")
@answered(
    ConditionList,
    api_examples.CONDITION_LIST,
    _TAG,
    N_("Search conditions, or list them all"),
    N_(
        "With words in “q”, the conditions that fit best, by any of their names or codes, also "
        "misspelt. Without, all conditions by their short names."
    ),
)
def list_conditions(asked: ConditionsAsked) -> tuple[ConditionList, int, Mapping[str, str]]:
    """Conditions by any of their names or codes, with slips; or all."""
    spot = asked.spot()
    if asked.q.strip():
        hits = search_conditions(db.session, asked.q.strip(), asked.limit).hits
        items = [_item(hit.condition, hit.also, hit.by_code) for hit in hits]
        return _listed(items, None), 200, NOT_KEPT
    page = all_conditions(db.session, asked.limit, spot)
    further = next_page(page.next)
    return _listed(map(_item, page.items), further), 200, link_header(further)


@api_conditions.get("/conditions/<slug>")
@answered(
    ConditionAnswer,
    api_examples.CONDITION,
    _TAG,
    N_("One condition"),
    N_("Its names and codes, what it is, and how many people its map has."),
)
def show_condition(slug: str) -> ConditionAnswer:
    """A condition, and how many people there are on its map."""
    condition = condition_by_slug(db.session, slug)
    known = describe(db.session, condition)
    return ConditionAnswer(
        slug=condition.slug,
        code=condition.code,
        name=condition.name,
        names=list(known.names),
        about=condition.about or known.in_short,
        group=_group(known.group) if known.group else None,
        codes=[_code(one) for one in known.codes],
        people=condition.listed,
        only_counted=estimate_shape(only_counted(db.session, condition.id)),
        day=published_on(db.session, this_day()).isoformat(),
        url=_page_of(condition),
    )


@api_conditions.get("/conditions/<slug>/family")
@answered(
    RelativesAnswer,
    api_examples.RELATIVES,
    _TAG,
    N_("The family of a condition"),
    N_("What it is a form of, its own forms, and others that are near."),
)
def show_family(slug: str) -> RelativesAnswer:
    """The conditions that are related to one, with the people on their maps."""
    found = condition_family(db.session, condition_by_slug(db.session, slug))
    return RelativesAnswer(
        parents=[_family(one) for one in found.parents],
        own=_family(found.own) if found.own else None,
        forms=[_related(one) for one in found.forms],
        forms_in_all=found.forms_in_all,
        near=[_related(one) for one in found.near],
    )


def estimate_shape(estimates: Mapping[int, HiddenPeople]) -> EstimateShape | None:
    """Return the estimate of people who are only counted, None where none is shown."""
    found = estimates.get(0)
    if found is None:
        return None
    return EstimateShape(number=found.number, error=found.error, epoch=found.epoch)


def _listed(found: Iterable[ConditionItem], further: str | None) -> ConditionList:
    items = list(found)
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(items))
    return ConditionList(
        items=items, said=said if items else _("No suggestions"), heading="", next=further
    )


def _item(condition: FoundCondition, also: str = "", by_code: str = "") -> ConditionItem:
    """Return a condition; where its name is not what was asked for, with the one that is."""
    why = by_code or (_("also called %(name)s", name=also) if also else "")
    people = people_words(condition.listed) if condition.listed else ""
    return ConditionItem(
        slug=condition.slug,
        code=condition.code,
        name=condition.name,
        people=condition.listed,
        detail=why or people,
        url=_page_of(condition),
    )


def _page_of(condition: FoundCondition) -> str:
    return url_for("conditions.show_condition", slug=condition.slug)


def _group(group: Group) -> GroupShape:
    return GroupShape(key=group.key, name=translated(group.name))


def _code(code: Code) -> CodeShape:
    system, name = code.system.key, code.system.name
    return CodeShape(system=system, name=name, code=code.text, edition=code.edition, url=code.url)


def _family(found: FamilyNumbers) -> FamilyShape:
    one = found.condition
    return FamilyShape(slug=one.slug, name=one.name, people=found.people, maps=found.maps)


def _related(one: FoundCondition) -> RelatedShape:
    return RelatedShape(slug=one.slug, name=one.name, people=one.listed)
