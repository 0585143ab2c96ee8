"""What the head of a page tells search engines: its own address, and what it says as JSON-LD."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import gettext as _

from mapapp.actions.conditions.condition_search import Description
from mapapp.actions.knowledge.editorial_read import Published
from mapapp.actions.knowledge.post_list import PostLine
from mapapp.actions.knowledge.question_list import FoundQuestion
from mapapp.actions.published.listings import FoundCondition
from mapapp.domain.conditions.codes import codes_of
from mapapp.web.core.headers import FOR_SEARCH_ENGINES
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.list_pages import PAGE, asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.security import site_settings
from mapapp.web.knowledge.json_ld import (
    Node,
    SaidByEditors,
    SaidByMember,
    breadcrumbs,
    graph,
    medical_condition,
    qa_page,
)
from mapapp.web.knowledge.question_words import question_title, speaker_words

LONGEST_DESCRIPTION = 155
"""Characters of a page's description; search engines show about this many."""

LISTS = {"conditions.list_conditions": ("letter", "group"), "questions.show_question": ()}
"""Paginated lists for search engines, with the query arguments that identify each list."""


def init_markup(app: Flask) -> None:
    """Give templates the functions of this module."""
    app.jinja_env.globals.update(
        canonical_url=canonical_url,
        condition_markup=condition_markup,
        question_description=question_description,
        question_markup=question_markup,
    )


def canonical_url() -> str:
    """Return the canonical URL of the current page; '' for pages not for search engines.

    The second page of a list is no copy of the first. Google asks for a canonical URL for each page
    of a list, so that what is only there can be found ("Pagination best practices").
    """
    endpoint = request.endpoint or ""
    if endpoint not in FOR_SEARCH_ENGINES:
        return ""
    asked = _which_list(endpoint) if endpoint in LISTS and "q" not in request.args else {}
    query = f"?{urlencode(asked)}" if asked else ""
    return absolute_url(endpoint, **(request.view_args or {})) + query


def _which_list(endpoint: str) -> dict[str, str]:
    asked = {key: request.args[key] for key in LISTS[endpoint] if request.args.get(key)}
    if LISTS[endpoint] and not asked:
        return {}
    return {**asked, PAGE: request.args[PAGE]} if asked_spot() else asked


def condition_markup(condition: FoundCondition, described: Description) -> Node:
    """Return the page of a condition as JSON-LD."""
    url = absolute_url("conditions.show_condition", slug=condition.slug)
    way = [(_("Conditions"), absolute_url("conditions.list_conditions"))]
    if described.group:
        group = absolute_url("conditions.list_conditions", group=described.group.key)
        way.append((translated(described.group.name), group))
    about = condition.about or described.in_short
    return graph(
        (
            medical_condition(condition.name, url, described.names, about, described.codes),
            breadcrumbs([*way, (condition.name, url)]),
        )
    )


def question_markup(
    condition: FoundCondition,
    question: FoundQuestion,
    answers: Sequence[PostLine],
    editorial: Published | None,
) -> Node:
    """Return the page of a question as JSON-LD, with the answers that a visitor finds on it."""
    here = absolute_url("questions.show_question", slug=condition.slug, question=question.slug)
    title = question_title(question, condition.name)
    condition_url = absolute_url("conditions.show_condition", slug=condition.slug)
    about = medical_condition(condition.name, condition_url, codes=codes_of(condition.code)[:1])
    said = [_said(post, canonical_url()) for post in answers if post.indexed]
    page = qa_page(title, here, about, _editors(editorial, here), said)
    way = (
        (condition.name, condition_url),
        (_("Questions"), absolute_url("questions.list_questions", slug=condition.slug)),
        (title, here),
    )
    return graph([*([page] if page else []), breadcrumbs(way)])


def question_description(
    condition: FoundCondition, question: FoundQuestion, editorial: Published | None
) -> str:
    """Return what a search engine may show under the title of a question."""
    words = editorial.plain if editorial else question_title(question, condition.name)
    tidy = " ".join(words.split())
    if len(tidy) <= LONGEST_DESCRIPTION:
        return tidy
    cut = tidy[: LONGEST_DESCRIPTION - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _editors(editorial: Published | None, here: str) -> SaidByEditors | None:
    if editorial is None:
        return None
    return SaidByEditors(editorial.plain, site_settings().site_name, here, editorial.day)


def _said(post: PostLine, here: str) -> SaidByMember:
    author = post.pseudonym if post.writer and post.pseudonym else speaker_words(post)
    url = f"{here}#post-{post.public_id}"
    return SaidByMember(post.text, author, url, post.day, post.edited, post.helpful)
