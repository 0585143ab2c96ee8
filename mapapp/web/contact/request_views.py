"""Ask a member for contact, answer requests, and block."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.contact import block_member, conversation_list, request_inbox
from mapapp.actions.contact.person_page import PersonPage, find_person, map_of
from mapapp.actions.contact.request_send import may_offer_mail, send_request
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members.visibility_change import is_paused
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import ALL_GREETINGS, GREETINGS_TO_SEVERAL, REASONS
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.errors import BadInputError, LimitError, NotAllowedError
from mapapp.web.contact.request_form import RequestForm
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.safety.names_shown import may_name, pause_of

connect = Blueprint("connect", __name__)


@connect.route("/members/<public_id>/connect", methods=["GET", "POST"])
def ask_for_contact(public_id: str) -> ResponseReturnValue:
    """Show who it is, and send a request."""
    slug = _which_map(public_id)
    person = _whom(public_id, slug)
    read_profile(person)
    may_offer = may_offer_mail(db.session, this_member_id())
    form = RequestForm(person.wishes.offered, offer_mail=may_offer)
    paused = is_paused(db.session, this_member_id())
    page = partial(
        render_template,
        "contact/request_ask.html",
        whom=person,
        form=form,
        paused=paused,
    )
    if not form.validate_on_submit():
        return page(), 400 if form.errors else 200
    chosen = (form.reason.data, form.greeting.data)
    try:
        send_request(this_context(), public_id, slug, *chosen)
        if form.agreed_to(MAIL):
            consent_receipts.agree(db.session, this_member_id(), MAIL)
    except (BadInputError, LimitError, NotAllowedError) as error:
        return page(error=translated(error)), status_of(error)
    flash(
        _(
            "You have asked. If they accept, you will see it here. You also get an email, if you "
            "agreed to emails."
        ),
        "warm",
    )
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/members/<public_id>/block")
def block(public_id: str) -> ResponseReturnValue:
    """Block a member seen on a map."""
    person = _whom(public_id, _which_map(public_id))
    may_name([public_id])  # never refused, but their name will be in the list of blocks
    block_member.block(db.session, this_member_id(), person.member_id, person.condition_id)
    return blocked()


def _whom(public_id: str, slug: str) -> PersonPage:
    return find_person(db.session, load_areas(), this_member_id(), public_id, slug)


def _which_map(public_id: str) -> str:
    """Return the map on which to show the person; a public id belongs to one alone."""
    return request.args.get("condition") or map_of(db.session, this_member_id(), public_id)


def blocked() -> ResponseReturnValue:
    """Answer after a block."""
    flash(
        _(
            "Blocked on this map. While they are signed in, they no longer see you here. They are "
            "not told."
        )
    )
    return redirect(url_for("connect.inbox"), 303)


@connect.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show conversations, and the requests received and sent."""
    return render_template(
        "contact/inbox.html",
        conversations=conversation_list.my_conversations(db.session, this_member_id()),
        inbox=request_inbox.inbox(db.session, load_areas(), this_member_id()),
        reasons=REASONS,
        greetings=ALL_GREETINGS,
        to_several=GREETINGS_TO_SEVERAL,
        form=FlaskForm(),
    )


@connect.post("/inbox/<request_id>/accept")
def accept(request_id: str) -> ResponseReturnValue:
    """Accept a request, and go to the conversation that begins."""
    conversation = request_inbox.accept(this_context(), request_id)
    flash(_("Accepted. You can now write to each other."), "warm")
    return redirect(url_for("conversations.show_conversation", conversation=conversation), 303)


@connect.post("/inbox/<request_id>/later")
def later(request_id: str) -> ResponseReturnValue:
    """Keep a request for later."""
    request_inbox.put_off(db.session, this_member_id(), request_id)
    flash(_("Kept for later. They are not told."))
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/decline")
def decline(request_id: str) -> ResponseReturnValue:
    """Decline a request, silently."""
    request_inbox.decline(db.session, this_member_id(), request_id)
    flash(_("Declined. They are not told."))
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/withdraw")
def withdraw(request_id: str) -> ResponseReturnValue:
    """Take back a request that the member sent."""
    request_inbox.withdraw(db.session, this_member_id(), request_id)
    flash(_("Withdrawn. It is in nobody’s inbox any more."))
    return redirect(url_for("connect.inbox"), 303)


@connect.post("/inbox/<request_id>/block")
def decline_and_block(request_id: str) -> ResponseReturnValue:
    """Decline a request, and block its sender."""
    asker_id, condition_id = request_inbox.asker_of(db.session, this_member_id(), request_id)
    block_member.block(db.session, this_member_id(), asker_id, condition_id)
    return blocked()


@connect.post("/inbox/<request_id>/put-away")
def put_away(request_id: str) -> ResponseReturnValue:
    """Take the request of a member who has left out of the inbox."""
    request_inbox.put_away(db.session, this_member_id(), request_id)
    return redirect(url_for("connect.inbox"), 303)


@connect.get("/account/blocked")
def my_blocks() -> ResponseReturnValue:
    """Show the people the member blocks."""
    found = block_member.my_blocks(db.session, this_member_id())
    return render_template("contact/blocked.html", blocked=found, form=FlaskForm())


@connect.post("/account/blocked/<public_id>/unblock")
def unblock(public_id: str) -> ResponseReturnValue:
    """Take a block back."""
    block_member.unblock(db.session, this_member_id(), public_id)
    flash(_("You can see each other again on this map, where you let yourselves be seen."))
    return redirect(url_for("connect.my_blocks"), 303)


def read_profile(person: PersonPage) -> None:
    """Note that a member's own page is read, unless the reader already knows them.

    Raises:
        LimitError: when they may not be shown any more today.
    """
    if person.is_me or person.conversation or person.asked or person.asks_me:
        return
    readable = may_name([person.listing.public_id])
    if readable.over:
        raise pause_of(readable)
