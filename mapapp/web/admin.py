"""Pages for staff: numbers, conditions, exports, what was done, and mail that got stuck."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import admin as acts
from mapapp.actions import audit
from mapapp.actions.export import export, stored_file
from mapapp.errors import BadInputError
from mapapp.web.admin_forms import ConditionForm, ExportForm
from mapapp.web.database import db
from mapapp.web.parsing import page_number
from mapapp.web.security import site_settings, this_member_id

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("")
def home() -> ResponseReturnValue:
    """The site in numbers, the form for exports, and what was done last."""
    return _home(_export_form())


def _home(form: ExportForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "admin/home.html",
        totals=acts.staff_totals(db.session),
        form=form,
        plain_form=FlaskForm(),
        entries=audit.recent(db.session),
        dead=acts.dead_mail(db.session),
    )
    return page, status


def _export_form() -> ExportForm:
    chosen = {"conditions": request.args.getlist("condition")}
    return ExportForm(acts.conditions_with_people(db.session), data=chosen)


@admin.post("/export")
def make_export() -> ResponseReturnValue:
    """Make a file, or find the one made before in this quarter."""
    form = _export_form()
    if not form.validate_on_submit():
        return _home(form, 400)
    wanted, why, site = form.request(), form.reason.data, site_settings().site_name
    try:
        made = export(db.session, wanted, actor=_actor(), reason=why, site=site)
    except BadInputError as error:
        form.conditions.errors = [_(str(error))]
        return _home(form, 400)
    return redirect(url_for("admin.export_page", key=made.key), 303)


@admin.get("/exports/<key>")
def export_page(key: str) -> ResponseReturnValue:
    """A file that was made, and its codebook."""
    return render_template("admin/export.html", made=stored_file(db.session, key))


@admin.get("/exports/<key>/file")
def export_file(key: str) -> Response:
    """The file itself."""
    made = stored_file(db.session, key)
    return _download(made.content, made.filename, made.mimetype)


@admin.get("/exports/<key>/codebook")
def export_codebook(key: str) -> Response:
    """What the columns mean."""
    made = stored_file(db.session, key)
    return _download(made.codebook.encode(), f"{made.filename}.codebook.md", "text/markdown")


def _download(content: bytes, filename: str, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@admin.get("/conditions")
def conditions() -> ResponseReturnValue:
    """All conditions, hidden ones too."""
    query = request.args.get("q", "")[:200]
    page = acts.find_conditions(db.session, query, page_number(request.args))
    return render_template("admin/conditions.html", page=page, query=query)


@admin.route("/conditions/new", methods=["GET", "POST"])
def add_condition() -> ResponseReturnValue:
    """Add a condition that the catalogue lacks."""
    form = ConditionForm()
    if not form.validate_on_submit():
        return _condition_page(form, None)
    try:
        slug = acts.add_condition(db.session, _actor(), form.text(), form.reason.data)
    except BadInputError as error:
        form.name.errors = [_(str(error))]
        return _condition_page(form, None)
    flash(_("The condition is on the site now."))
    return redirect(url_for("admin.edit_condition", slug=slug), 303)


@admin.route("/conditions/<slug>", methods=["GET", "POST"])
def edit_condition(slug: str) -> ResponseReturnValue:
    """Rename, describe, hide or show a condition."""
    condition = acts.condition_for_staff(db.session, slug)
    form = ConditionForm.of(condition)
    if not form.validate_on_submit():
        return _condition_page(form, condition)
    text, shown = form.text(), bool(form.shown.data)
    try:
        acts.edit_condition(db.session, _actor(), slug, text, shown, form.reason.data)
    except BadInputError as error:
        form.name.errors = [_(str(error))]
        return _condition_page(form, condition)
    flash(_("Saved."))
    return redirect(url_for("admin.edit_condition", slug=slug), 303)


def _condition_page(
    form: ConditionForm, condition: acts.StaffCondition | None
) -> ResponseReturnValue:
    page = render_template("admin/condition.html", form=form, condition=condition)
    return page, 400 if form.errors else 200


@admin.post("/mail/retry")
def retry_mail() -> ResponseReturnValue:
    """Try the mail again that was given up."""
    acts.retry_dead_mail(db.session, _actor())
    flash(_("The mail is in the queue again."))
    return redirect(url_for("admin.home"), 303)


def _actor() -> str:
    return audit.actor(db.session, this_member_id())
