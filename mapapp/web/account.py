"""The account: what it holds, hiding, pausing, one's data, and leaving for good."""

from typing import Any

from flask import Blueprint, Response, flash, g, json, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

from mapapp.actions import consents, hide
from mapapp.actions.addresses import held_address
from mapapp.actions.cared_for import my_cared_for
from mapapp.actions.erase import erase_member
from mapapp.actions.my_data import my_data
from mapapp.actions.rulings import standing as moderated
from mapapp.actions.still_right import open_stage
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import PURPOSES
from mapapp.domain.contact_wishes import Wishes
from mapapp.domain.months import this_day
from mapapp.domain.wording import REASONS
from mapapp.web.database import db
from mapapp.web.security import (
    sign_out_browser,
    site_settings,
    this_member_id,
    this_owner_id,
)

account = Blueprint("account", __name__)

STILL_SILENT = lazy_gettext(
    "You are still hidden, because we had no answer to our yearly question. "
    "Say “Yes, still right”, and you are shown again."
)


def standing(member_id: int) -> dict[str, Any]:
    """Return what the pages about oneself say first: hidden, paused, or asked something."""
    people = my_cared_for(db.session, member_id)
    return {
        "hidden": hide.is_hidden(db.session, member_id),
        "silent": hide.is_silent(db.session, member_id),
        "paused": hide.is_paused(db.session, member_id),
        "to_ask": consents.to_ask(db.session, member_id),
        "right_stage": open_stage(db.session, member_id),
        "moderated": moderated(db.session, member_id, this_day()),
        "grown_up": any(someone.asked for someone in people),
        "cares": bool(people),
    }


@account.get("/account")
def home() -> ResponseReturnValue:
    """Show what one can do with the account."""
    address = held_address(db.session, site_settings(), this_member_id()) or ""
    return render_template(
        "account/home.html", address=address, form=FlaskForm(), **standing(this_member_id())
    )


@account.post("/account/hide")
def hide_now() -> ResponseReturnValue:
    """Take every listing away, at once."""
    hidden = hide.hide_everywhere(db.session, site_settings(), load_areas(), this_member_id())
    if not hidden:
        flash(_("Nobody sees you anywhere."))
    return redirect(url_for("members.places"), 303)


@account.post("/account/show")
def show_again() -> ResponseReturnValue:
    """Undo that."""
    back = hide.show_again(db.session, site_settings(), load_areas(), this_member_id())
    if hide.is_silent(db.session, this_member_id()):
        flash(str(STILL_SILENT))
    else:
        flash(_("You are shown again, as before.") if back else _("Nothing of yours was hidden."))
    return redirect(url_for("members.places"), 303)


@account.post("/account/pause")
def pause() -> ResponseReturnValue:
    """Leave all lists and numbers for a while."""
    hide.pause(db.session, site_settings(), load_areas(), this_member_id())
    return redirect(url_for("account.home"), 303)


@account.post("/account/end-pause")
def end_pause() -> ResponseReturnValue:
    """Come back."""
    hide.end_pause(db.session, site_settings(), load_areas(), this_member_id())
    if hide.is_silent(db.session, this_member_id()):
        flash(_("The pause is over."), "warm")
        flash(str(STILL_SILENT))
    else:
        flash(_("The pause is over. Everything is as it was before."), "warm")
    return redirect(url_for("account.home"), 303)


@account.get("/account/data")
def data() -> ResponseReturnValue:
    """Show everything that is held about the member."""
    return render_template(
        "account/data.html", data=_my_data(), purposes=PURPOSES, reasons=REASONS, wish_of=_wish_of
    )


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
    member_id = this_owner_id()
    sign_out_browser()
    erase_member(db.session, site_settings(), member_id)
    g.erased = True  # the journal is emptied once this is committed
    return redirect(url_for("account.erased"), 303)


@account.get("/erased")
def erased() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("account/erased.html")


def _my_data() -> dict[str, Any]:
    return my_data(db.session, site_settings(), load_areas(), this_owner_id())
