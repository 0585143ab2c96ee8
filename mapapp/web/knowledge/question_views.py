"""The questions of a condition, their answers, and the search over all of them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.knowledge import post_list, question_ask
from mapapp.actions.knowledge.editorial_read import published
from mapapp.actions.knowledge.post_list import Answers
from mapapp.actions.knowledge.question_list import (
    FoundQuestion,
    not_taken,
    question_by_slug,
    questions_of,
)
from mapapp.actions.knowledge.question_search import search_questions
from mapapp.actions.mail import consent_receipts
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.core.dates import this_day
from mapapp.domain.knowledge.post_rules import HELPFUL, ORDERS, SPEAKERS
from mapapp.domain.knowledge.question_set import LONGEST_QUESTION
from mapapp.domain.mail.consent_wordings import ADULT
from mapapp.errors import N_, BadInputError, LimitError
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.failures import status_of
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import one_of, typed_text
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id, this_context, this_member_id
from mapapp.web.knowledge.post_views import named, token_form, writing
from mapapp.web.knowledge.read_counter import count_read

questions = Blueprint("questions", __name__)

TOP = 5


@questions.get("/conditions/<slug>/questions")
@conditional
def list_questions(slug: str) -> ResponseReturnValue:
    """All questions of a condition, and asking another one."""
    return _index(condition_by_slug(db.session, slug))


@questions.post("/conditions/<slug>/questions")
def ask_question(slug: str) -> ResponseReturnValue:
    """Ask a question that the set does not have."""
    condition, typed = condition_by_slug(db.session, slug), request.form.get("question", "")
    if not FlaskForm().validate_on_submit():
        return _index(condition, typed, _("The form is too old. Send it again.")), 400
    try:
        if request.form.get("adult"):
            consent_receipts.agree(db.session, this_member_id(), ADULT)
        question_ask.ask_question(this_context(), condition.id, typed)
    except (BadInputError, LimitError) as error:
        return _index(condition, typed, translated(error)), status_of(error)
    flash(_("Thank you. A moderator will read your question first; that can take a day."))
    return redirect(url_for("questions.list_questions", slug=slug), 303)


@questions.post("/conditions/<slug>/questions/<question>/take")
def open_question(slug: str, question: str) -> ResponseReturnValue:
    """Open a question of the set, which needs no moderator: its words are ours."""
    condition = condition_by_slug(db.session, slug)
    question_ask.open_question(this_context(), condition.id, question)
    return redirect(url_for("questions.show_question", slug=slug, question=question), 303)


@questions.get("/conditions/<slug>/questions/<question>")
@conditional
def show_question(slug: str, question: str) -> ResponseReturnValue:
    """A question with what the editors say; answers of members as far as this reader may see.

    Search engines read this page, so visitors find on it only answers whose writers allowed that.
    """
    condition = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, condition.id, question)
    count_read(asked.id)
    reader = current_member_id()
    wanted = Answers(asked.id, indexed=reader is None)
    page = post_list.answers(db.session, wanted, reader, asked_spot())
    editorial = published(db.session, asked.id) if asked.has_editorial else None
    return _answers("knowledge/question.html", condition, asked, page, editorial=editorial)


@questions.get("/conditions/<slug>/questions/<question>/answers")
@conditional
def answers(slug: str, question: str) -> ResponseReturnValue:
    """All answers of members, in the order that the reader chose."""
    condition = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, condition.id, question)
    order = one_of(request.args.get("order", ""), ORDERS, N_("There is no such order."))
    role = one_of(request.args.get("role", ""), SPEAKERS, N_("There is no such list."))
    wanted = Answers(asked.id, order or HELPFUL, role)
    page = post_list.answers(db.session, wanted, current_member_id(), asked_spot())
    given = {"order": order or HELPFUL, "role": role, "orders": ORDERS, "roles": SPEAKERS}
    return _answers("knowledge/question_answers.html", condition, asked, page, **given)


@questions.route("/conditions/<slug>/questions/<question>/write", methods=["GET", "POST"])
def write_answer(slug: str, question: str) -> ResponseReturnValue:
    """Answer a question."""
    condition = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, condition.id, question)
    mine = post_list.my_answer(db.session, this_member_id(), asked.id)
    if mine is not None and request.method != "POST":
        return redirect(url_for("posts.change", public_id=mine.public_id), 303)
    return writing(condition, asked)


@questions.get("/questions")
@conditional
def search_all_questions() -> ResponseReturnValue:
    """Search the questions and answers of all conditions."""
    query = typed_text(request.args, "q")
    found = search_questions(db.session, current_member_id(), query)
    return render_template("knowledge/question_search.html", query=query, found=found)


def _index(condition: FoundCondition, typed: str = "", error: str = "") -> str:
    me = current_member_id()
    return render_template(
        "knowledge/question_index.html",
        condition=condition,
        questions=questions_of(db.session, condition.id),
        others=not_taken(db.session, condition.id),
        form=token_form(),
        typed=typed,
        error=error,
        longest=LONGEST_QUESTION,
        asks_age=me is not None and not consent_receipts.has_agreed(db.session, me, ADULT),
    )


def _answers(
    template: str, condition: FoundCondition, asked: FoundQuestion, page: Any, **given: Any
) -> ResponseReturnValue:
    lines, pause = named(page.items)
    reader = current_member_id()
    return render_template(
        template,
        condition=condition,
        question=asked,
        today=this_day(),
        page=page,
        answers=lines,
        pause=pause,
        mine=post_list.my_answer(db.session, reader, asked.id) if reader else None,
        top=[q for q in questions_of(db.session, condition.id, TOP + 1) if q.id != asked.id][:TOP],
        form=token_form(),
        **given,
    )
