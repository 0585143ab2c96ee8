"""Mail of a development site, queued and sent. On every other site there is no such page."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from mapapp.actions import outbox
from mapapp.actions.mailers import read_kept_mail
from mapapp.store.service import Outbox
from mapapp.web.database import db
from mapapp.web.security import site_settings

dev_mail = Blueprint("dev_mail", __name__)


@dev_mail.get("/dev/mail")
def index() -> ResponseReturnValue:
    """List the mail, newest first."""
    settings = site_settings()
    if not settings.dev:
        abort(404)
    rows = db.session.scalars(select(Outbox).order_by(Outbox.id.desc()))
    queued = [mail for mail in (outbox.opened(settings, row) for row in rows) if mail.to]
    return render_template("dev_mail.html", queued=queued, sent=read_kept_mail(settings))
