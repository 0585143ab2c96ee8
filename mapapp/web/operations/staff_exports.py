"""Pages of the staff for exports: the form, the files that are kept, and each of them."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from mapapp.actions.core import audit
from mapapp.actions.operations import staff_acts
from mapapp.actions.statistics.export_asked import STAGES, ask_for, asked_for, waiting
from mapapp.actions.statistics.export_kept import (
    DAYS_KEPT,
    stored_exports,
    stored_file,
    stored_note,
)
from mapapp.errors import BadInputError
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_member_id
from mapapp.web.operations.export_form import ExportForm

KILOBYTE, MEGABYTE = 1_000, 1_000_000  # bytes

staff_exports = Blueprint("staff_exports", __name__, url_prefix="/admin")


@staff_exports.get("/exports")
def list_exports() -> ResponseReturnValue:
    """The files that are being made, and those that are kept."""
    spot = asked_spot()
    return render_template(
        "operations/export_list.html",
        page=stored_exports(db.session, spot),
        in_work=waiting(db.session) if spot is None else [],
        days_kept=DAYS_KEPT,
        size_words=_size_words,
    )


def _size_words(size: int) -> str:
    if size < MEGABYTE:
        return str(_("%(n)s kB", n=format_decimal(max(1, round(size / KILOBYTE)))))
    return str(_("%(n)s MB", n=format_decimal(round(size / MEGABYTE, 1))))


@staff_exports.route("/export", methods=["GET", "POST"])
def make_export() -> ResponseReturnValue:
    """Ask for a file: the worker makes it, unless it was made before on this day."""
    chosen = {"conditions": request.args.getlist("condition")}
    form = ExportForm(staff_acts.conditions_with_people(db.session), data=chosen)
    if not form.validate_on_submit():
        return _form_page(form)
    try:
        wanted = form.request()
    except BadInputError as error:
        form.file_format.errors = [translated(error)]
        return _form_page(form)
    by = audit.By(audit.actor(db.session, this_member_id()), form.reason.data)
    try:
        key = ask_for(db.session, wanted, by, mailed=form.mail.data)
    except BadInputError as error:
        form.conditions.errors = [translated(error)]
        return _form_page(form)
    return redirect(url_for("staff_exports.export_page", key=key), 303)


def _form_page(form: ExportForm) -> ResponseReturnValue:
    page = render_template("operations/export_form.html", form=form)
    return page, 400 if form.errors else 200


@staff_exports.get("/exports/<key>")
def export_page(key: str) -> ResponseReturnValue:
    """A file that was made, and its codebook; or how far it is."""
    asked = asked_for(db.session, key)
    if asked is not None:
        return render_template("operations/export_asked.html", asked=asked, stages=STAGES)
    made = stored_note(db.session, key)
    return render_template("operations/export.html", made=made, days_kept=DAYS_KEPT)


@staff_exports.get("/exports/<key>/file")
def export_file(key: str) -> Response:
    """The file itself."""
    made = stored_file(db.session, key)
    return _download(made.content, made.filename, made.mimetype)


@staff_exports.get("/exports/<key>/codebook")
def export_codebook(key: str) -> Response:
    """What the columns mean."""
    made = stored_note(db.session, key)
    return _download(made.codebook.encode(), f"{made.filename}.codebook.md", "text/markdown")


def _download(content: bytes, filename: str, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
