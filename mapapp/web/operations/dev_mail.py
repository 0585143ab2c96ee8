"""Mail of a development site, queued and sent. On every other site there is no such page."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.mail.mailers import read_kept_mail
from mapapp.actions.mail.outbox import queued_mail
from mapapp.web.core.security import site_settings, this_context

dev_mail = Blueprint("dev_mail", __name__)


@dev_mail.get("/dev/mail")
def list_mail() -> ResponseReturnValue:
    """List the mail, newest first."""
    settings = site_settings()
    if not settings.dev:
        abort(404)
    queued = [mail for mail in queued_mail(this_context()) if mail.to]
    return render_template("operations/dev_mail.html", queued=queued, sent=read_kept_mail(settings))
