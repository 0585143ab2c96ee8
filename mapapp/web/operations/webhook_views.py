"""Pages on which admins look after webhooks."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.core import audit
from mapapp.actions.core.audit import By
from mapapp.actions.operations import webhook_acts
from mapapp.actions.operations.webhook_http import FAILURE_WORDS
from mapapp.actions.operations.webhook_send import NO_KEY, WORKER_STOPPED
from mapapp.domain.operations.webhook_rules import (
    EVENT_WORDS,
    GIVEN_UP,
    HOOK_FAILED,
    HOOK_ON,
    HOOK_PAUSED,
    LONGEST_NAME,
    LONGEST_URL,
    QUEUED,
    SENT,
    TEST,
)
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, end_act
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.operations.staff_forms import reason_field

webhooks = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")

STATE_LABELS = {
    HOOK_ON: lazy_gettext("On"),
    HOOK_PAUSED: lazy_gettext("Paused"),
    HOOK_FAILED: lazy_gettext("Paused, because it failed"),
}
MESSAGE_LABELS = {
    QUEUED: lazy_gettext("waits"),
    SENT: lazy_gettext("taken"),
    GIVEN_UP: lazy_gettext("given up"),
}


class WebhookForm(FlaskForm):  # type: ignore[misc]
    """A webhook to add."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("What the staff calls it."),
        validators=[InputRequired(lazy_gettext("Give it a name.")), Length(2, LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    url = StringField(
        lazy_gettext("Address"),
        description=lazy_gettext("It begins with https:// and is on the public internet."),
        validators=[InputRequired(lazy_gettext("Give its address.")), Length(max=LONGEST_URL)],
        render_kw={
            "maxlength": LONGEST_URL,
            "autocomplete": "off",
            "inputmode": "url",
            "spellcheck": "false",
            "dir": "ltr",
        },
    )
    events = SelectMultipleField(
        lazy_gettext("Tell it when"),
        validators=[InputRequired(lazy_gettext("Choose at least one event."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = reason_field()

    def __init__(self) -> None:
        super().__init__()
        self.events.choices = [(key, translated(words)) for key, words in EVENT_WORDS.items()]


@webhooks.get("")
def list_webhooks() -> ResponseReturnValue:
    """All webhooks, and the way to add one."""
    found = webhook_acts.list_webhooks(db.session)
    return render_template("operations/webhook_list.html", hooks=found, states=STATE_LABELS)


@webhooks.route("/new", methods=["GET", "POST"])
def add_webhook() -> ResponseReturnValue:
    """Add one. The answer shows its secret, once."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _new_page(form)
    wanted = webhook_acts.Wanted(form.name.data, form.url.data, tuple(form.events.data))
    try:
        added, secret = webhook_acts.add_webhook(this_context(), _by(form.reason.data), wanted)
    except BadInputError as error:
        form.url.errors = [translated(error)]
        return _new_page(form)
    end_act()
    return render_template("operations/webhook_added.html", hook=added, secret=secret)


def _new_page(form: WebhookForm) -> ResponseReturnValue:
    page = render_template("operations/webhook_new.html", form=form)
    return page, 400 if form.errors else 200


@webhooks.get("/<public_id>")
def show_webhook(public_id: str) -> ResponseReturnValue:
    """One webhook, its last messages, and what can be done with it."""
    return render_template(
        "operations/webhook.html",
        hook=webhook_acts.webhook(db.session, public_id),
        messages=webhook_acts.last_messages(db.session, public_id),
        plain_form=FlaskForm(),
        states=STATE_LABELS,
        message_states=MESSAGE_LABELS,
        event_words=event_words,
        outcome_words=outcome_words,
    )


def event_words(event: str) -> str:
    """Return what a message is about."""
    return str(_("A test")) if event == TEST else translated(EVENT_WORDS[event])


def outcome_words(outcome: str) -> str:
    """Return what came of an attempt."""
    if outcome.isdigit():
        return str(_("answer %(status)s", status=outcome))
    if outcome == NO_KEY:
        return str(_("its secret was encrypted with a key that is no longer set"))
    if outcome == WORKER_STOPPED:
        return str(_("the worker stopped each time"))
    return translated(FAILURE_WORDS[outcome]) if outcome in FAILURE_WORDS else ""


@webhooks.post("/<public_id>/test")
def send_test(public_id: str) -> ResponseReturnValue:
    """Queue a test."""
    webhook_acts.send_test(this_context(), _by(), public_id)
    flash(_("A test is on its way. Open this page again in a moment to see what came of it."))
    return _back_to(public_id)


@webhooks.post("/<public_id>/pause")
def pause(public_id: str) -> ResponseReturnValue:
    """Send nothing until it is switched on again."""
    webhook_acts.switch(db.session, _by(), public_id, on=False)
    flash(_("The webhook is paused."))
    return _back_to(public_id)


@webhooks.post("/<public_id>/resume")
def resume(public_id: str) -> ResponseReturnValue:
    """Switch it on again."""
    webhook_acts.switch(db.session, _by(), public_id, on=True)
    flash(_("The webhook is on."))
    return _back_to(public_id)


@webhooks.post("/<public_id>/delete")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete it with its messages."""
    webhook_acts.delete_webhook(db.session, _by(), public_id)
    flash(_("The webhook is deleted."))
    return redirect(url_for("webhooks.list_webhooks"), 303)


def _back_to(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("webhooks.show_webhook", public_id=public_id), 303)


def _by(reason: str = "") -> By:
    return By(audit.actor(db.session, this_member_id()), reason)
