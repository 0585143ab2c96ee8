"""Ask somebody for contact, answer those who ask, and block."""

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from mapapp.actions import block as blocking
from mapapp.actions import conversations
from mapapp.actions import inbox as answering
from mapapp.actions.hide import is_paused
from mapapp.actions.knock import knock
from mapapp.actions.whom import Whom, maps_of, whom
from mapapp.domain.areas import load_areas
from mapapp.domain.wording import GREETINGS, REASONS
from mapapp.errors import BadInputError, LimitError, NotAllowedError
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.reading import may_name, read_profile
from mapapp.web.security import current_member_id, site_settings, this_member_id

connect = Blueprint("connect", __name__)


class KnockForm(FlaskForm):  # type: ignore[misc]
    """A ready-made reason and greeting; there is no free text before the other side agrees."""

    reason = RadioField(
        lazy_gettext("Why would you like to talk?"),
        validators=[InputRequired(lazy_gettext("Choose a reason."))],
    )
    greeting = RadioField(
        lazy_gettext("How would you greet them?"),
        validators=[InputRequired(lazy_gettext("Choose a greeting."))],
    )

    def __init__(self, person: Whom) -> None:
        super().__init__(data={"greeting": next(iter(GREETINGS))})
        self.reason.choices = [(key, _(REASONS[key])) for key in person.wishes.offered]
        self.greeting.choices = [(key, _(words)) for key, words in GREETINGS.items()]


@connect.app_template_global()
def unread_conversations() -> int:
    """Return in how many conversations something waits for whoever is signed in."""
    if "unread" not in g:  # the map's page asks for its tag, and for its header
        member_id = current_member_id()
        g.unread = conversations.unread_conversations(db.session, member_id) if member_id else 0
    found: int = g.unread
    return found


@connect.route("/members/<public_id>/connect", methods=["GET", "POST"])
def ask(public_id: str) -> ResponseReturnValue:
    """Show who it is, and send a request."""
    slug, others = _which_map(public_id)
    person = _whom(public_id, slug)
    read_profile(person)
    form = KnockForm(person)
    paused = is_paused(db.session, this_member_id())
    page = partial(
        render_template, "connect/ask.html", whom=person, form=form, others=others, paused=paused
    )
    if not form.validate_on_submit():
        return page(), 400 if form.errors else 200
    chosen = (form.reason.data, form.greeting.data)
    try:
        knock(db.session, site_settings(), load_areas(), this_member_id(), public_id, slug, *chosen)
    except (BadInputError, LimitError, NotAllowedError) as error:
        return page(error=_(str(error))), status_of(error)
    flash(_("Asked. If they accept, you will see it here and get a mail."), "warm")
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/members/<public_id>/block")
def block(public_id: str) -> ResponseReturnValue:
    """Have nothing to do with somebody on a map any more."""
    slug, _others = _which_map(public_id)
    person = _whom(public_id, slug)
    may_name([public_id])  # never refused, but their name will stand in the list of blocks
    blocking.block(db.session, this_member_id(), person.member_id)
    return blocked()


def _whom(public_id: str, slug: str) -> Whom:
    return whom(db.session, load_areas(), this_member_id(), public_id, slug)


def _which_map(public_id: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the map on which to show the person; where none is asked for, the others too."""
    slug = request.args.get("condition", "")
    if slug:
        return slug, ()
    first, *others = maps_of(db.session, this_member_id(), public_id)
    return first[0], tuple(others)


def blocked() -> ResponseReturnValue:
    """Answer after a block."""
    flash(_("Blocked. You do not see each other any more; they are not told."))
    return redirect(url_for("connect.inbox"), 303)


@connect.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show conversations, and the requests received and sent."""
    return render_template(
        "connect/inbox.html",
        conversations=conversations.my_conversations(db.session, this_member_id()),
        inbox=answering.inbox(db.session, load_areas(), this_member_id()),
        reasons=REASONS,
        greetings=GREETINGS,
        form=FlaskForm(),
    )


@connect.post("/inbox/<request_id>/accept")
def accept(request_id: str) -> ResponseReturnValue:
    """Accept a request, and go to the conversation that begins."""
    conversation = answering.accept(db.session, site_settings(), this_member_id(), request_id)
    flash(_("Accepted. Now you can write to each other."), "warm")
    return redirect(url_for("conversations.show", conversation=conversation), 303)


@connect.post("/inbox/<request_id>/later")
def later(request_id: str) -> ResponseReturnValue:
    """Keep a request for later."""
    answering.put_off(db.session, this_member_id(), request_id)
    flash(_("Kept for later. They are not told."))
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/decline")
def decline(request_id: str) -> ResponseReturnValue:
    """Decline a request, silently."""
    answering.decline(db.session, this_member_id(), request_id)
    flash(_("Declined. They are not told."))
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/block")
def decline_and_block(request_id: str) -> ResponseReturnValue:
    """Decline a request, and have nothing to do with whoever sent it."""
    asker = answering.asker_of(db.session, this_member_id(), request_id)
    blocking.block(db.session, this_member_id(), asker)
    return blocked()


@connect.post("/inbox/<request_id>/put-away")
def put_away(request_id: str) -> ResponseReturnValue:
    """Take the request of somebody who has left out of the inbox."""
    answering.put_away(db.session, this_member_id(), request_id)
    return redirect(url_for("connect.inbox"), 303)


@connect.get("/account/blocked")
def my_blocks() -> ResponseReturnValue:
    """Show whom one blocks."""
    found = blocking.my_blocks(db.session, this_member_id())
    return render_template("connect/blocked.html", blocked=found, form=FlaskForm())


@connect.post("/account/blocked/<public_id>/unblock")
def unblock(public_id: str) -> ResponseReturnValue:
    """Take a block back."""
    blocking.unblock(db.session, this_member_id(), public_id)
    flash(_("You can see each other again, where you let yourselves be seen."))
    return redirect(url_for("connect.my_blocks"), 303)
