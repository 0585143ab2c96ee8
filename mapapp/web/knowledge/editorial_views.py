"""Pages for staff: which questions a condition has, and what the editors answer to them."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.conditions.condition_search import search_conditions
from mapapp.actions.knowledge import editorial_edit, editorial_read
from mapapp.actions.knowledge.question_list import not_taken, question_by_slug, questions_of
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.core.dates import this_day
from mapapp.domain.knowledge.editorial_check import checked_draft
from mapapp.domain.knowledge.editorial_file import write_content
from mapapp.domain.knowledge.editorial_rules import WrongPartError
from mapapp.domain.knowledge.text_differences import differences
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_member_id
from mapapp.web.knowledge.editorial_form import EditorialForm

editorial = Blueprint("editorial", __name__, url_prefix="/moderation/content")

MOST_CONDITIONS_FOUND = 20
PREVIEW, DRAFT, PUBLISH = "preview", "draft", "publish"


@editorial.get("")
def list_editorial() -> ResponseReturnValue:
    """Find a condition, to manage its answers."""
    query = typed_text(request.args, "q")
    found = search_conditions(db.session, query, MOST_CONDITIONS_FOUND).hits if query else ()
    return render_template("knowledge/editorial_index.html", query=query, found=found)


@editorial.get("/<slug>")
def list_questions(slug: str) -> ResponseReturnValue:
    """The questions of a condition: those there are, those of the set, those that do not apply."""
    found = condition_by_slug(db.session, slug)
    return render_template(
        "knowledge/editorial_condition.html",
        condition=found,
        questions=questions_of(db.session, found.id),
        others=not_taken(db.session, found.id),
        hidden=editorial_edit.hidden_questions(db.session, found.id),
        form=FlaskForm(),
    )


@editorial.post("/<slug>/<question>/take")
def take_question(slug: str, question: str) -> ResponseReturnValue:
    """Take a question of the set for a condition."""
    editorial_edit.take(db.session, this_member_id(), _id_of(slug), question)
    return redirect(url_for("editorial.list_questions", slug=slug), 303)


@editorial.post("/<slug>/<question>/hide")
def hide(slug: str, question: str) -> ResponseReturnValue:
    """Say that a question does not apply here."""
    editorial_edit.hide(db.session, this_member_id(), _id_of(slug), question)
    flash(_("Nobody can find this question here any more."))
    return redirect(url_for("editorial.list_questions", slug=slug), 303)


@editorial.post("/<slug>/<question>/show")
def edit_answer(slug: str, question: str) -> ResponseReturnValue:
    """Say that a question applies here after all."""
    editorial_edit.show(db.session, this_member_id(), _id_of(slug), question)
    return redirect(url_for("editorial.list_questions", slug=slug), 303)


@editorial.route("/<slug>/<question>", methods=["GET", "POST"])
def edit(slug: str, question: str) -> ResponseReturnValue:
    """Write the editors' answer: save a draft, preview it, publish it."""
    found = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, found.id, question)
    text, mark = editorial_read.working_copy(db.session, asked.id)
    form = EditorialForm.of(text, mark)
    where = {"condition": found, "question": asked}
    if not form.validate_on_submit():
        return _form(form, where)
    wish, typed = request.form.get("wish", DRAFT), form.mark.data or ""
    try:
        written = form.text()
        if wish == PREVIEW:
            shown = checked_draft(written, this_day())
            return _form(form, where, preview=editorial_read.Published(0, shown, this_day()))
        act = editorial_edit.publish if wish == PUBLISH else editorial_edit.save_draft
        act(db.session, this_member_id(), asked.id, written, typed)
    except WrongPartError as error:
        form[error.part].errors = [translated(error)]
        return _form(form, where)
    except editorial_edit.OvertakenError as error:
        form.mark.data = mark  # the editor has seen the newer version now, and may save again
        return _form(form, where, error=translated(error))
    if wish != PUBLISH:
        flash(_("The draft is saved. Readers do not see it."))
        return redirect(url_for("editorial.edit", slug=slug, question=question), 303)
    flash(_("Published."), "warm")
    return redirect(url_for("questions.show_question", slug=slug, question=question), 303)


@editorial.get("/<slug>/<question>/versions")
def list_versions(slug: str, question: str) -> ResponseReturnValue:
    """All versions of an answer with its sources, and what changed from each to the next."""
    found = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, found.id, question)
    all_versions = editorial_read.versions(db.session, asked.id)
    return render_template(
        "knowledge/editorial_versions.html",
        condition=found,
        question=asked,
        versions=all_versions,
        changes={
            newer.number: differences(write_content(older.text), write_content(newer.text))
            for newer, older in pairwise(all_versions)
        },
    )


def _id_of(slug: str) -> int:
    return condition_by_slug(db.session, slug).id


def _form(
    form: EditorialForm, where: dict[str, FoundCondition | Any], error: str = "", **more: Any
) -> ResponseReturnValue:
    given = {"preview": None, "today": this_day(), **where, **more}
    page = render_template("knowledge/editorial_edit.html", form=form, error=error, **given)
    return page, 400 if error or form.errors else 200
