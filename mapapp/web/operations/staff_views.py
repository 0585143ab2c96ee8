"""Pages for staff: numbers, conditions, the audit log, and mail that failed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account import staff_roles
from mapapp.actions.core import audit
from mapapp.actions.core.audit import By
from mapapp.actions.operations import staff_acts
from mapapp.actions.operations.webhook_acts import has_failed
from mapapp.domain.core.choices import STAFF_ROLE_LABELS
from mapapp.errors import BadInputError
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.operations.staff_forms import ConditionForm, RoleForm

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("")
def show_statistics() -> ResponseReturnValue:
    """The site's numbers, and the latest acts of staff."""
    return render_template(
        "operations/staff_home.html",
        totals=staff_acts.staff_totals(db.session),
        plain_form=FlaskForm(),
        entries=audit.recent(db.session),
        dead=staff_acts.dead_mail(db.session),
        webhook_failed=has_failed(db.session),
    )


@admin.get("/conditions")
def list_conditions() -> ResponseReturnValue:
    """All conditions, hidden ones too."""
    query = request.args.get("q", "")[:200]
    page = staff_acts.find_conditions(db.session, query, asked_spot())
    return render_template("operations/condition_list.html", page=page, query=query)


@admin.route("/conditions/new", methods=["GET", "POST"])
def add_condition() -> ResponseReturnValue:
    """Add a condition that the catalogue lacks."""
    form = ConditionForm()
    if not form.validate_on_submit():
        return _condition_page(form, None)
    try:
        slug = staff_acts.add_condition(db.session, _actor(), form.text(), form.reason.data)
    except BadInputError as error:
        form.name.errors = [translated(error)]
        return _condition_page(form, None)
    flash(_("The condition is on the site now."))
    return redirect(url_for("admin.edit_condition", slug=slug), 303)


@admin.route("/conditions/<slug>", methods=["GET", "POST"])
def edit_condition(slug: str) -> ResponseReturnValue:
    """Rename, describe, hide or show a condition."""
    condition = staff_acts.condition_for_staff(db.session, slug)
    form = ConditionForm.of(condition)
    if not form.validate_on_submit():
        return _condition_page(form, condition)
    try:
        by = By(_actor(), form.reason.data)
        staff_acts.edit_condition(db.session, by, slug, form.text(), form.mark.data or "")
    except BadInputError as error:
        form.mark.data = condition.mark  # they are told of the newer version, and may save again
        form.name.errors = [translated(error)]
        return _condition_page(form, condition)
    flash(_("Saved."))
    return redirect(url_for("admin.edit_condition", slug=slug), 303)


def _condition_page(
    form: ConditionForm, condition: staff_acts.StaffCondition | None
) -> ResponseReturnValue:
    page = render_template("operations/condition_edit.html", form=form, condition=condition)
    return page, 400 if form.errors else 200


@admin.get("/staff")
def list_staff() -> ResponseReturnValue:
    """The people on the staff and their roles."""
    found = staff_roles.list_staff(db.session)
    return render_template(
        "operations/staff_list.html", staff=found, me=_actor(), roles=STAFF_ROLE_LABELS
    )


@admin.route("/staff/<account_id>", methods=["GET", "POST"])
def change_role(account_id: str) -> ResponseReturnValue:
    """Replace somebody's role, or take it back, and say what they are called."""
    who = staff_roles.staff_member(db.session, account_id)
    form = RoleForm(data={"role": who.role, "name": who.name})
    if not form.validate_on_submit():
        return _role_page(form, who)
    try:
        said = (form.role.data, form.reason.data, form.name.data)
        staff_roles.change_role(this_context(), account_id, *said)
    except BadInputError as error:
        form.role.errors = [translated(error)]
        return _role_page(form, who)
    flash(_role_words(who.role, form.role.data))
    return redirect(url_for("admin.list_staff"), 303)


def _role_words(before: str, after: str) -> str:
    if before == after:
        words = _("Saved.")
    elif after:
        words = _("The role is changed, and that person is signed out everywhere.")
    else:
        words = _("They are no longer on the staff, and are signed out everywhere.")
    return str(words)


def _role_page(form: RoleForm, who: staff_roles.StaffMember) -> ResponseReturnValue:
    page = render_template("operations/staff_role.html", form=form, who=who, me=_actor())
    return page, 400 if form.errors else 200


@admin.post("/mail/retry")
def retry_mail() -> ResponseReturnValue:
    """Try to send the failed mail again."""
    staff_acts.retry_dead_mail(db.session, _actor())
    flash(_("The email is in the queue again."))
    return redirect(url_for("admin.show_statistics"), 303)


def _actor() -> str:
    return audit.actor(db.session, this_member_id())
