"""The guard in front of every request, which reads the table of permissions."""

from urllib.parse import urlencode

from flask import Flask, Response, after_this_request, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from mapapp.actions.core.second_factor import has_second_factor
from mapapp.errors import N_, NotAllowedError
from mapapp.web.core.permissions import EVERYONE, PERMISSIONS, Access
from mapapp.web.core.proof import is_fresh, is_strong
from mapapp.web.core.request_session import SAFE_METHODS, begin_to_write, db, is_writing
from mapapp.web.core.security import (
    hold_account,
    is_suspended,
    local_path,
    owner_id,
    staff_roles,
    this_member_id,
)
from mapapp.web.core.written import keep_for_later, turn_away

STAFF_PAGES = ("admin.show_statistics", "moderation.queue")
"""Where the link for staff in the header leads: to the first that there is and they may open."""


def init_access(app: Flask) -> None:
    """Guard every page of ``app``; called last, when the pages are known.

    What was set up before, such as the check of a form's token, answers before the guard does.

    Raises:
        RuntimeError: when a page has no line in the table, or a line no page.
    """
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    wrong = sorted(pages ^ PERMISSIONS.keys())
    if wrong:
        raise RuntimeError(f"Pages without access, or access without a page: {', '.join(wrong)}")
    app.before_request(_guard)
    app.jinja_env.globals.update(staff_page=staff_page, page_here=page_here)


def staff_page() -> str:
    """Return the endpoint to which the link for staff leads; '' where there is none for them."""
    mine = (
        page
        for page in STAFF_PAGES
        if page in PERMISSIONS and PERMISSIONS[page].roles & staff_roles()
    )
    return next(mine, "")


def lacks_proof() -> bool:
    """Whether the member has a second factor and has not shown it in the last hour or so."""
    return not is_fresh() and has_second_factor(db.session, this_member_id())


def take_turn() -> ResponseReturnValue | None:
    """Wait for the turn of an act that is certain to write; who may act is asked again.

    Nothing that the act decides on may have been read before. The member is locked from here on.

    Returns:
        Where to go instead, for those who may not act any more.
    """
    if db.session.in_transaction() and is_writing():
        return None  # it has been begun again
    begin_to_write()
    hold_account()
    return _guard()


def _guard() -> ResponseReturnValue | None:
    """Return where to go instead, or None for those who may open the page.

    Raises:
        NotAllowedError: for those who never may.
    """
    rule = request.url_rule
    if rule is None or _tells_methods(rule):
        return None  # there is no such page, or no view is called
    # A page without a line (added after the start) is a KeyError: nobody opens it.
    wanted = PERMISSIONS[rule.endpoint]
    # The reader of a page open to everyone is not looked up: that would be a query on each.
    return None if wanted == EVERYONE else _refusal(wanted)


def same_asked(path: str) -> str:
    """Return ``path`` with what the address of this request asks for."""
    asked = urlencode(list(request.args.items(multi=True)))
    return f"{path}?{asked}" if asked else path


def _tells_methods(rule: Rule) -> bool:
    """Whether the request asks for the methods of a page, which Flask itself answers."""
    return request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False)


def _refusal(wanted: Access) -> ResponseReturnValue | None:
    if owner_id() is None:
        turn_away()
        if wanted.visitors and request.method in SAFE_METHODS:
            return redirect(same_asked(url_for(wanted.visitors, **(request.view_args or {}))), 303)
        return redirect(url_for("accounts.sign_in", next=_this_page()), 303)
    after_this_request(_keep_off_the_disk)
    if is_suspended():
        if not wanted.suspended:
            turn_away()
        return None if wanted.suspended else redirect(url_for("rulings.show_rulings"), 303)
    if wanted.roles and not wanted.roles & staff_roles():
        raise NotAllowedError(N_("This page is for the site’s staff."))
    if wanted.roles and not is_strong():
        return _to_second_step(_this_page())
    if wanted.back and lacks_proof():
        return _to_second_step(url_for(wanted.back))
    return None


def _keep_off_the_disk(response: Response) -> Response:
    """Keep the page off the disk, where the next user of the computer could find it."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _to_second_step(next_path: str) -> ResponseReturnValue:
    next_path = keep_for_later() or next_path
    return redirect(url_for("second_factor.second_step", next=next_path), 303)


def page_here() -> str:
    """Return the page to which the link for signing in leads back; '' where there is none."""
    if request.url_rule is None or request.method not in SAFE_METHODS:
        return ""
    if "token" in request.url_rule.arguments:
        return ""  # the token of a mailed link stands in no second address
    found = _asked_page()
    return found if found != "/" and local_path(found) == found else ""


def _this_page() -> str:
    """Return the page to come back to; what was posted is not repeated."""
    return _asked_page() if request.method in SAFE_METHODS else "/"


def _asked_page() -> str:
    return request.full_path if request.query_string else request.path
