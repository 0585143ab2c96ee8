"""A member who may not write to others for now reads it before they write."""

from datetime import date

from flask import Flask

from mapapp.actions.safety.restrictions import silenced_until
from mapapp.domain.core.dates import this_day
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id


def init_silence(app: Flask) -> None:
    """Give templates with a form that reaches others what they ask first."""
    app.jinja_env.globals["silenced_until"] = silenced_here


def silenced_here() -> date | None:
    """Return the first day on which the reader may write again; None where they may now."""
    member_id = current_member_id()
    return None if member_id is None else silenced_until(db.session, member_id, this_day())
