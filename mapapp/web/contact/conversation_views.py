"""Conversations: reading, writing, searching, leaving."""

import uuid
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import HiddenField, TextAreaField

from mapapp.actions.contact import block_member, message_search, message_send
from mapapp.actions.contact.conversation_list import leave_conversation, sides
from mapapp.actions.core.paging import Spot
from mapapp.actions.core.waiting import Waiting
from mapapp.domain.core.free_text import HELD, LONGEST_TEXT
from mapapp.domain.core.web_links import addresses_in, host_of
from mapapp.domain.safety.self_harm import is_about_self_harm
from mapapp.errors import N_, BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.database import in_transaction
from mapapp.web.contact.request_views import blocked
from mapapp.web.core.failures import status_of
from mapapp.web.core.layout import count_waiting
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db, is_looked_at
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.members.asked_place import asked_for, is_outdated, veiled
from mapapp.web.members.helpline_views import lead_to_helplines

conversations = Blueprint("conversations", __name__)


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message with an idempotency key: sent twice, it is written once."""

    text = TextAreaField(
        lazy_gettext("Your message"),
        render_kw={"rows": 5, "maxlength": LONGEST_TEXT, "dir": "auto"},
    )
    key = HiddenField()


@conversations.get("/conversations/<conversation>")
def show_conversation(conversation: str) -> ResponseReturnValue:
    """Show a conversation, and note that it was read."""
    return _page(conversation, MessageForm(data={"key": str(uuid.uuid4())}))


def _spot(conversation: str) -> Spot | None:
    """Return where the page begins: at a message that a search found, or where a list goes on."""
    message = request.args.get("message", "")
    if not message:
        return asked_spot()
    return message_send.spot_of(db.session, this_member_id(), conversation, message)


def _page(
    conversation: str, form: MessageForm, error: str = "", status: int = 200
) -> ResponseReturnValue:
    reader_id = this_member_id()
    found = message_send.open_conversation(db.session, reader_id, conversation, _spot(conversation))
    is_news = found.first_unread or found.was_told or found.is_answer
    if is_news and found.words.is_first and is_looked_at():
        newest = found.words.items[-1].id if found.words.items else 0
        # In a transaction of its own: on SQLite one that has read cannot begin to write.
        # What is on this page is no news in its header; the request sees the state before.
        g.waiting = in_transaction(db.engine, partial(_mark_read, reader_id, conversation, newest))
    page = render_template("contact/conversation.html", conversation=found, form=form, error=error)
    return page, status


def _mark_read(reader_id: int, conversation: str, newest: int, session: Session) -> Waiting:
    """Note what is read; return what still waits."""
    message_send.mark_read(session, reader_id, conversation, newest)
    return count_waiting(session)


@conversations.post("/conversations/<conversation>")
def write_message(conversation: str) -> ResponseReturnValue:
    """Send a message; where it mentions self-harm, its writer is shown helplines."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(conversation, form, _("The form is too old. Send it again."), 400)
    written = form.text.data or ""
    try:
        state = message_send.send_message(
            this_context(), conversation, written, form.key.data or ""
        )
    except (BadInputError, LimitError, NotAllowedError) as error:
        form.key.data = str(uuid.uuid4())  # of a form that wrote nothing, and can be sent again
        return _page(conversation, form, translated(error), status_of(error))
    if state == HELD:
        flash(
            _(
                "A moderator reads this first. The site holds messages that mention money, cures "
                "or contact elsewhere, or that go to many people, because fraud often begins like "
                "that. If yours is harmless, it is delivered. That can take a day."
            )
        )
    if is_about_self_harm(written):
        return lead_to_helplines(conversation)
    return redirect(
        url_for("conversations.show_conversation", conversation=conversation, _anchor="end"), 303
    )


@conversations.post("/conversations/<conversation>/messages/<message>/delete")
def take_message_back(conversation: str, message: str) -> ResponseReturnValue:
    """Delete a message of the member's own, for both sides."""
    message_send.take_back(db.session, this_member_id(), conversation, message)
    flash(_("Deleted, for both of you."))
    return redirect(
        url_for("conversations.show_conversation", conversation=conversation, _anchor="end"), 303
    )


@conversations.get("/conversations/<conversation>/messages/<message>/links/<int:number>")
def warn_of_link(conversation: str, message: str, number: int) -> ResponseReturnValue:
    """Warn before leaving for an address in a message."""
    text = message_send.text_of(db.session, this_member_id(), conversation, message)
    found = addresses_in(text)
    if number >= len(found):
        raise NotFoundError(N_("There is no such link."))
    address = found[number]
    return render_template(
        "contact/link_warning.html",
        address=address,
        host=host_of(address),
        conversation=conversation,
    )


@conversations.route("/conversations/<conversation>/leave", methods=["GET", "POST"])
def leave(conversation: str) -> ResponseReturnValue:
    """Ask once, then leave a conversation for good."""
    if request.method != "POST":
        found = message_send.open_conversation(db.session, this_member_id(), conversation)
        return render_template(
            "contact/conversation_leave.html", conversation=found, form=FlaskForm()
        )
    leave_conversation(db.session, this_member_id(), conversation)
    flash(_("You have left the conversation, and what you wrote in it is deleted."))
    return redirect(url_for("connect.inbox"), 303)


@conversations.post("/conversations/<conversation>/block")
def block(conversation: str) -> ResponseReturnValue:
    """Leave, and block the other side."""
    both = sides(db.session, this_member_id(), conversation)
    if both.other_id is None:
        leave_conversation(db.session, this_member_id(), conversation)
    else:
        block_member.block(db.session, this_member_id(), both.other_id, both.condition_id)
    return blocked()


@conversations.get("/inbox/search")
def search_messages() -> ResponseReturnValue:
    """Search the member's own conversations."""
    query = asked_for().get("q", "") or typed_text(request.args, "q")
    before = request.args.get("before", "")
    search = message_search.search_messages(db.session, this_member_id(), query, before)
    return render_template(
        "contact/message_search.html",
        query=query,
        search=search,
        asked=veiled(q=query),
        is_outdated=is_outdated(),
    )


@conversations.post("/inbox/search")
def look_for_words() -> ResponseReturnValue:
    """Lead to the address that has what was typed veiled; nothing is stored."""
    query = typed_text(request.form, "q")
    at = veiled(q=query) if query else None
    return redirect(url_for("conversations.search_messages", at=at), 303)
