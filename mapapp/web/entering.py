"""Where somebody goes who has just signed in."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions import consents
from mapapp.web.database import db
from mapapp.web.security import is_suspended, local_path, sign_in_browser


def enter(member_id: int, next_path: str, *, strong: bool = False) -> ResponseReturnValue:
    """Sign this browser in and lead on; first to the words that changed since the last time.

    Raises:
        NotAllowedError: when the account is closed.
    """
    sign_in_browser(member_id, strong=strong)
    if is_suspended():
        return redirect(url_for("rulings.show"), 303)
    if consents.to_ask(db.session, member_id):
        return redirect(url_for("consent.overview"), 303)
    return redirect(local_path(next_path), 303)
