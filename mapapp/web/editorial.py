"""Pages for staff: which questions a condition has, and what the editors answer to them."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import editing
from mapapp.actions import editorial as reading
from mapapp.actions.find import FoundCondition, condition_by_slug
from mapapp.actions.questions import not_taken, question_by_slug, questions_of
from mapapp.actions.search import search_conditions
from mapapp.domain.content_files import write_content
from mapapp.domain.differences import differences
from mapapp.domain.editorial import EditorialText, WrongPartError
from mapapp.domain.editorial_check import checked_draft
from mapapp.domain.months import this_day
from mapapp.web.database import db
from mapapp.web.editorial_form import EditorialForm
from mapapp.web.parsing import typed_text
from mapapp.web.security import this_member_id

editorial = Blueprint("editorial", __name__, url_prefix="/moderation/content")

FOUND = 20
PREVIEW, DRAFT, PUBLISH = "preview", "draft", "publish"


@editorial.get("")
def index() -> ResponseReturnValue:
    """Find a condition whose answers one looks after."""
    query = typed_text(request.args, "q")
    found = search_conditions(db.session, query, FOUND).hits if query else ()
    return render_template("editorial/index.html", query=query, found=found)


@editorial.get("/<slug>")
def condition(slug: str) -> ResponseReturnValue:
    """The questions of a condition: those there are, those of the set, those that do not apply."""
    found = condition_by_slug(db.session, slug)
    return render_template(
        "editorial/condition.html",
        condition=found,
        questions=questions_of(db.session, found.id),
        others=not_taken(db.session, found.id),
        hidden=editing.hidden_questions(db.session, found.id),
        form=FlaskForm(),
    )


@editorial.post("/<slug>/<question>/take")
def take(slug: str, question: str) -> ResponseReturnValue:
    """Take a question of the set for a condition."""
    editing.take(db.session, this_member_id(), _id_of(slug), question)
    return redirect(url_for("editorial.condition", slug=slug), 303)


@editorial.post("/<slug>/<question>/hide")
def hide(slug: str, question: str) -> ResponseReturnValue:
    """Say that a question does not apply here."""
    editing.hide(db.session, this_member_id(), _id_of(slug), question)
    flash(_("Nobody finds this question here any more."))
    return redirect(url_for("editorial.condition", slug=slug), 303)


@editorial.post("/<slug>/<question>/show")
def show(slug: str, question: str) -> ResponseReturnValue:
    """Undo that."""
    editing.show(db.session, this_member_id(), _id_of(slug), question)
    return redirect(url_for("editorial.condition", slug=slug), 303)


@editorial.route("/<slug>/<question>", methods=["GET", "POST"])
def edit(slug: str, question: str) -> ResponseReturnValue:
    """Write what the editors answer: keep a draft, look at it, publish it."""
    found = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, found.id, question)
    text, mark = reading.working_copy(db.session, asked.id)
    form = EditorialForm.of(text, mark)
    where = {"condition": found, "question": asked}
    if request.method == "GET" or not form.validate_on_submit():
        return _form(form, where)
    wish, typed = request.form.get("wish", DRAFT), form.mark.data or ""
    try:
        written = form.text()
        if wish == PREVIEW:
            shown = checked_draft(written, this_day())
            return _form(form, where, preview=reading.Published(0, shown, this_day()))
        act = editing.publish if wish == PUBLISH else editing.save_draft
        act(db.session, this_member_id(), asked.id, written, typed)
    except WrongPartError as error:
        form[error.part].errors = [_(str(error))]
        return _form(form, where)
    except editing.OvertakenError as error:
        form.mark.data = mark  # who has read this may save again
        return _form(form, where, error=_(str(error)))
    if wish != PUBLISH:
        flash(_("The draft is kept. Readers do not see it."))
        return redirect(url_for("editorial.edit", slug=slug, question=question), 303)
    flash(_("Published."), "warm")
    return redirect(url_for("questions.show", slug=slug, question=question), 303)


@editorial.get("/<slug>/<question>/versions")
def versions(slug: str, question: str) -> ResponseReturnValue:
    """All versions of an answer, and what changed from each to the next."""
    found = condition_by_slug(db.session, slug)
    asked = question_by_slug(db.session, found.id, question)
    all_versions = reading.versions(db.session, asked.id)
    return render_template(
        "editorial/versions.html",
        condition=found,
        question=asked,
        versions=all_versions,
        changes={
            newer.number: differences(_in_full(older.text), _in_full(newer.text))
            for newer, older in pairwise(all_versions)
        },
    )


def _in_full(text: EditorialText) -> str:
    """Return an answer with its sources and who answers for it, as its file has them."""
    return write_content(text)


def _id_of(slug: str) -> int:
    return condition_by_slug(db.session, slug).id


def _form(
    form: EditorialForm, where: dict[str, FoundCondition | Any], error: str = "", **more: Any
) -> ResponseReturnValue:
    given = {"preview": None, "today": this_day(), **where, **more}
    page = render_template("editorial/edit.html", form=form, error=error, **given)
    return page, 400 if error or form.errors else 200
