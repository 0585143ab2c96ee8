"""Ask somebody for contact, and answer those who ask."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from mapapp.actions import connect as connecting
from mapapp.domain.wording import REASONS
from mapapp.errors import BadInputError, LimitError
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.security import require_member, site_settings, this_member_id

connect = Blueprint("connect", __name__)


class AskForm(FlaskForm):  # type: ignore[misc]
    """A ready-made reason; there is no free text before the other side agrees."""

    reason = RadioField(
        lazy_gettext("Why would you like to talk?"),
        validators=[InputRequired(lazy_gettext("Choose a reason."))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(key, _(words)) for key, words in REASONS.items()]


@connect.route("/members/<public_id>/connect", methods=["GET", "POST"])
@require_member
def ask(public_id: str) -> ResponseReturnValue:
    """Show who it is, and send a request."""
    slug, others = _which_map(public_id)
    whom = connecting.whom(db.session, this_member_id(), public_id, slug)
    form = AskForm()
    page = partial(render_template, "connect/ask.html", whom=whom, form=form, others=others)
    if not form.validate_on_submit():
        return page(), 400 if form.errors else 200
    try:
        connecting.ask(
            db.session, site_settings(), this_member_id(), public_id, slug, form.reason.data
        )
    except (BadInputError, LimitError) as error:
        return page(error=_(str(error))), status_of(error)
    flash(_("Asked. If they accept, you will see it here and get a mail."), "warm")
    return redirect(url_for("connect.inbox"), 303)


def _which_map(public_id: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the map on which to show the person; where none is asked for, the others too."""
    slug = request.args.get("condition", "")
    if slug:
        return slug, ()
    first, *others = connecting.maps_of(db.session, public_id)
    return first[0], tuple(others)


@connect.get("/inbox")
@require_member
def inbox() -> ResponseReturnValue:
    """Show the requests received and sent."""
    found = connecting.inbox(db.session, this_member_id())
    return render_template("connect/inbox.html", inbox=found, reasons=REASONS, form=FlaskForm())


@connect.post("/inbox/<request_id>/accept")
@require_member
def accept(request_id: str) -> ResponseReturnValue:
    """Accept a request."""
    connecting.answer(db.session, site_settings(), this_member_id(), request_id, yes=True)
    flash(_("Accepted. We have told them."), "warm")
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/put-away")
@require_member
def put_away(request_id: str) -> ResponseReturnValue:
    """Take the request of somebody who has left out of the inbox."""
    connecting.put_away(db.session, this_member_id(), request_id)
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/decline")
@require_member
def decline(request_id: str) -> ResponseReturnValue:
    """Decline a request, silently."""
    connecting.answer(db.session, site_settings(), this_member_id(), request_id, yes=False)
    flash(_("Declined. They are not told."))
    return redirect(url_for("connect.inbox"), 303)
