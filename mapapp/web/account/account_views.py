"""The account: what it holds, hiding, pausing, the member's data, and leaving for good."""

from typing import Any

from flask import Blueprint, Response, flash, g, json, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

from mapapp.actions.account.cared_for_place import my_cared_for
from mapapp.actions.account.discreet_mode import set_discreet
from mapapp.actions.account.member_erase import leave_site
from mapapp.actions.account.my_data import my_data
from mapapp.actions.account.yearly_check import open_stage
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.member_addresses import held_address
from mapapp.actions.members import decade_choice
from mapapp.actions.members.visibility_change import is_paused
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.ruling_read import moderation_standing
from mapapp.domain.core.choices import REASONS, STAFF_ROLE_LABELS
from mapapp.domain.core.dates import this_day
from mapapp.domain.mail.consent_wordings import PURPOSES
from mapapp.domain.published.wishes import Wishes
from mapapp.errors import BadInputError
from mapapp.web.core.failures import status_of
from mapapp.web.core.layout import waiting_here
from mapapp.web.core.locale import translated
from mapapp.web.core.permissions import PERMISSIONS
from mapapp.web.core.request_session import db
from mapapp.web.core.security import (
    sign_out_browser,
    staff_roles,
    this_context,
    this_member_id,
    this_owner_id,
)
from mapapp.web.members.alert_form import where_words

account = Blueprint("account", __name__)

STILL_SILENT = lazy_gettext(
    "You are still hidden, because we had no answer to our yearly question. Choose “Yes, "
    "still right”, and you are shown again."
)


def account_standing(member_id: int) -> dict[str, Any]:
    """Return what the member's own pages say first: hidden, paused, or a question to answer."""
    people = my_cared_for(db.session, member_id)
    return {
        "hidden": member_hide.is_hidden(db.session, member_id),
        "silent": member_hide.is_unanswered(db.session, member_id),
        "paused": is_paused(db.session, member_id),
        "to_ask": consent_receipts.to_ask(db.session, member_id),
        "right_stage": open_stage(db.session, member_id),
        "moderated": moderation_standing(db.session, member_id, this_day()),
        "grown_up": any(someone.asked for someone in people),
        "cares": bool(people),
    }


@account.get("/account")
def show_account() -> ResponseReturnValue:
    """Show what the member can do with the account."""
    address = held_address(this_context(), this_member_id()) or ""
    return render_template(
        "account/account.html",
        address=address,
        form=FlaskForm(),
        **account_standing(this_member_id()),
    )


@account.post("/account/hide")
def hide_now() -> ResponseReturnValue:
    """Take every listing away, at once."""
    hidden = member_hide.hide_everywhere(this_context(), this_member_id())
    if not hidden:
        flash(_("Nobody sees you anywhere."))
    return redirect(url_for("places.list_places"), 303)


@account.post("/account/show")
def show_again() -> ResponseReturnValue:
    """Undo that."""
    back = member_hide.show_again(this_context(), this_member_id())
    if member_hide.is_unanswered(db.session, this_member_id()):
        flash(str(STILL_SILENT))
    else:
        flash(_("You are shown again, as before.") if back else _("Nothing of yours was hidden."))
    return redirect(url_for("places.list_places"), 303)


@account.post("/account/pause")
def pause() -> ResponseReturnValue:
    """Leave all lists and numbers for a while."""
    member_hide.pause(this_context(), this_member_id())
    return redirect(url_for("account.show_account"), 303)


@account.post("/account/end-pause")
def end_pause() -> ResponseReturnValue:
    """Come back."""
    member_hide.end_pause(this_context(), this_member_id())
    if member_hide.is_unanswered(db.session, this_member_id()):
        flash(_("The pause is over."), "warm")
        flash(str(STILL_SILENT))
    else:
        flash(_("The pause is over. Everything is as it was before."), "warm")
    return redirect(url_for("account.show_account"), 303)


@account.get("/waiting")
def show_waiting() -> ResponseReturnValue:
    """Lead from a mail to what it was about, which its address tells nobody who reads along."""
    found = waiting_here()
    if found.inbox and not found.rulings:
        return redirect(url_for("connect.inbox"), 303)
    work = PERMISSIONS["moderation.queue"].roles & staff_roles()
    if found.rulings or not work:
        return redirect(url_for("account.show_account"), 303)
    # Whoever asked for a file finds it in the list; nothing else waits for admins.
    makes_files = PERMISSIONS["staff_exports.list_exports"].roles & staff_roles()
    only_files = makes_files and not found.work
    return redirect(
        url_for("staff_exports.list_exports" if only_files else "moderation.queue"), 303
    )


@account.post("/account/discreet")
def begin_discreet() -> ResponseReturnValue:
    """Name the site neutrally in tabs and mails."""
    set_discreet(db.session, this_member_id(), True)
    flash(_("Discreet mode is on."))
    return redirect(url_for("account.show_account"), 303)


@account.post("/account/discreet/end")
def end_discreet() -> ResponseReturnValue:
    """Name it as everybody does."""
    set_discreet(db.session, this_member_id(), False)
    flash(_("Discreet mode is off."))
    return redirect(url_for("account.show_account"), 303)


@account.get("/account/data")
def data() -> ResponseReturnValue:
    """Show everything that is held about the member."""
    return render_template(
        "account/my_data.html",
        data=_my_data(),
        form=FlaskForm(),
        purposes=PURPOSES,
        reasons=REASONS,
        staff_role_words=STAFF_ROLE_LABELS,
        where_words=where_words,
        wish_of=_wish_of,
    )


@account.post("/account/data/decades")
def forget_decades() -> ResponseReturnValue:
    """Delete the decades that the member gave, on all maps."""
    decade_choice.forget_decades(this_context(), this_owner_id())
    flash(_("Deleted. We no longer know these decades."))
    return redirect(url_for("account.data"), 303)


def _wish_of(held: dict[str, Any]) -> Wishes:
    rest = {key: value for key, value in held.items() if key not in {"condition", "reasons"}}
    return Wishes(reasons=tuple(held["reasons"]), **rest)


@account.get("/account/data.json")
def data_file() -> Response:
    """The same as a file."""
    words = json.dumps(_my_data(), ensure_ascii=False, indent=2, sort_keys=False)
    answer = Response(words + "\n", mimetype="application/json")
    # The name of the file lies in a folder that others may see: it tells nothing.
    answer.headers.set("Content-Disposition", "attachment", filename="my-data.json")
    return answer


@account.route("/account/erase", methods=["GET", "POST"])
def erase() -> ResponseReturnValue:
    """Leave for good, after one confirmation."""
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template("account/erase.html", form=form), 400 if form.errors else 200
    try:
        leave_site(this_context(), this_owner_id())
    except BadInputError as error:
        page = render_template("account/erase.html", form=form, error=translated(error))
        return page, status_of(error)
    sign_out_browser()
    g.erased = True  # the journal is emptied once this is committed
    return redirect(url_for("account.erased"), 303)


@account.get("/erased")
def erased() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("account/erased.html")


def _my_data() -> dict[str, Any]:
    return my_data(this_context(), this_owner_id())
