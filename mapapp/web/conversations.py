"""Conversations: reading, writing, searching, leaving."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from mapapp.actions import block as blocking
from mapapp.actions import messages
from mapapp.actions.conversations import leave_conversation, sides, unread_conversations
from mapapp.domain.links import addresses_in
from mapapp.domain.messages import HELD, LONGEST
from mapapp.domain.self_harm import is_about_self_harm
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.database import transaction
from mapapp.web.connect import blocked
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.parsing import page_number, typed_text
from mapapp.web.security import site_settings, this_member_id

conversations = Blueprint("conversations", __name__)


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message, and a key of its own, so that sending it twice writes it once."""

    text = TextAreaField(
        lazy_gettext("Your message"), render_kw={"rows": 5, "maxlength": LONGEST, "dir": "auto"}
    )
    key = HiddenField()


@conversations.get("/conversations/<conversation>")
def show(conversation: str) -> ResponseReturnValue:
    """Show a conversation, and note that it was read."""
    return _page(conversation, MessageForm(data={"key": str(uuid.uuid4())}))


def _page(
    conversation: str, form: MessageForm, error: str = "", status: int = 200
) -> ResponseReturnValue:
    reader_id, number = this_member_id(), page_number(request.args)
    found = messages.open_conversation(db.session, reader_id, conversation, number)
    is_news = found.first_unread or found.was_told
    if is_news and number == 1 and request.method == "GET":
        newest = found.words.items[-1].id if found.words.items else 0
        # In a transaction of its own: on SQLite one that has read cannot begin to write.
        with transaction(db.engine) as session:
            messages.mark_read(session, reader_id, conversation, newest)
            # What is on this page is no news in its header; the request sees the state before.
            g.unread = unread_conversations(session, reader_id)
    page = render_template("conversations/show.html", conversation=found, form=form, error=error)
    return page, status


@conversations.post("/conversations/<conversation>")
def write(conversation: str) -> ResponseReturnValue:
    """Send a message; where it speaks of self-harm, whoever wrote it is shown helplines."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(conversation, form, _("The form is too old. Send it again."), 400)
    written = form.text.data or ""
    try:
        state = messages.write(
            db.session,
            site_settings(),
            this_member_id(),
            conversation,
            written,
            form.key.data or "",
        )
    except (BadInputError, NotAllowedError) as error:
        return _page(conversation, form, _(str(error)), status_of(error))
    if state == HELD:
        flash(_("A moderator reads this first, because of some words in it. That can take a day."))
    if is_about_self_harm(written):
        return redirect(url_for("helplines.show", conversation=conversation), 303)
    return redirect(url_for("conversations.show", conversation=conversation, _anchor="end"), 303)


@conversations.post("/conversations/<conversation>/messages/<message>/delete")
def take_back(conversation: str, message: str) -> ResponseReturnValue:
    """Delete a message of one's own, for both."""
    messages.take_back(db.session, this_member_id(), conversation, message)
    flash(_("Deleted, for both of you."))
    return redirect(url_for("conversations.show", conversation=conversation, _anchor="end"), 303)


@conversations.get("/conversations/<conversation>/messages/<message>/links/<int:number>")
def link(conversation: str, message: str, number: int) -> ResponseReturnValue:
    """Warn before leaving for an address that somebody wrote."""
    text = messages.text_of(db.session, this_member_id(), conversation, message)
    found = addresses_in(text)
    if number >= len(found):
        raise NotFoundError(_("There is no such link."))
    return render_template(
        "conversations/link.html", address=found[number], conversation=conversation
    )


@conversations.route("/conversations/<conversation>/leave", methods=["GET", "POST"])
def leave(conversation: str) -> ResponseReturnValue:
    """Ask once, then leave a conversation for good."""
    if request.method == "GET":
        found = messages.open_conversation(db.session, this_member_id(), conversation)
        return render_template("conversations/leave.html", conversation=found, form=FlaskForm())
    leave_conversation(db.session, this_member_id(), conversation)
    flash(_("You have left the conversation, and what you wrote in it is deleted."))
    return redirect(url_for("connect.inbox"), 303)


@conversations.post("/conversations/<conversation>/block")
def block(conversation: str) -> ResponseReturnValue:
    """Leave, and have nothing to do with the other side any more."""
    other_id = sides(db.session, this_member_id(), conversation).other_id
    if other_id is None:
        leave_conversation(db.session, this_member_id(), conversation)
    else:
        blocking.block(db.session, this_member_id(), other_id)
    return blocked()


@conversations.get("/inbox/search")
def search() -> ResponseReturnValue:
    """Search in one's own conversations."""
    query = typed_text(request.args, "q")
    found = messages.search(db.session, this_member_id(), query)
    return render_template("conversations/search.html", query=query, found=found)
