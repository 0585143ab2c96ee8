"""Who may open which page: one table, and the guard in front of every request that reads it."""

from dataclasses import dataclass

from flask import Flask, Response, after_this_request, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from mapapp.actions.second_factor import has_second_factor
from mapapp.errors import NotAllowedError
from mapapp.web.database import db
from mapapp.web.proof import is_fresh, is_strong
from mapapp.web.security import is_signed_in, staff_roles, this_member_id


@dataclass(frozen=True)
class Access:
    """What somebody needs who opens a page."""

    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    """Staff roles, of which one is needed, and a second proof: a mailbox alone opens no page of
    staff. Empty: no role is needed."""
    back: str = ""
    """Where members go on who have a second factor and must show it first; '' if they need not."""


EVERYONE = Access()
MEMBER = Access(signed_in=True)
MODERATOR = Access(signed_in=True, roles=frozenset({"moderator", "admin"}))
ADMIN = Access(signed_in=True, roles=frozenset({"admin"}))


def proven(back: str) -> Access:
    """Return the access of members who, if they have a second factor, showed it just now.

    Args:
        back: the endpoint of the page on which they go on after showing it.
    """
    return Access(signed_in=True, back=back)


TABLE: dict[str, Access] = {
    # one's account: what it holds, hiding, pausing, leaving
    "account.data": MEMBER,
    "account.data_file": MEMBER,
    "account.end_pause": MEMBER,
    "account.erase": MEMBER,
    "account.erased": EVERYONE,  # who reads it has no account any more
    "account.hide_now": MEMBER,
    "account.home": MEMBER,
    "account.pause": MEMBER,
    "account.show_again": MEMBER,
    # where one is signed in
    "account_sessions.end_all": MEMBER,
    "account_sessions.end_one": MEMBER,
    "account_sessions.end_others": MEMBER,
    "account_sessions.index": MEMBER,
    # signing in and out
    "accounts.code": EVERYONE,
    "accounts.link": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.sign_out": EVERYONE,
    "accounts.use_link": EVERYONE,
    # looking after the site
    "admin.add_condition": ADMIN,
    "admin.conditions": ADMIN,
    "admin.edit_condition": ADMIN,
    "admin.export_codebook": ADMIN,
    "admin.export_file": ADMIN,
    "admin.export_page": ADMIN,
    "admin.home": ADMIN,
    "admin.make_export": ADMIN,
    "admin.retry_mail": ADMIN,
    # numbers for programs
    "api.area": EVERYONE,
    "api.counts": EVERYONE,
    # an area and its people
    "areas.show": EVERYONE,
    # scripts, styles, icons
    "assets.serve": EVERYONE,
    # people one cares for
    "cared_for.index": MEMBER,
    "cared_for.keep": MEMBER,
    "cared_for.place": MEMBER,
    "cared_for.remove": MEMBER,
    # conditions and searching them
    "conditions.index": EVERYONE,
    "conditions.show": EVERYONE,
    # contact requests and blocks
    "connect.accept": MEMBER,
    "connect.ask": MEMBER,
    "connect.block": MEMBER,
    "connect.decline": MEMBER,
    "connect.decline_and_block": MEMBER,
    "connect.inbox": MEMBER,
    "connect.later": MEMBER,
    "connect.my_blocks": MEMBER,
    "connect.put_away": MEMBER,
    "connect.unblock": MEMBER,
    # what one agreed to
    "consent.agree": MEMBER,
    "consent.agree_all": MEMBER,
    "consent.overview": MEMBER,
    "consent.show": MEMBER,
    "consent.take_back": MEMBER,
    # mail of a development site; elsewhere there is no such page
    "dev_mail.index": EVERYONE,
    # outlines for the map
    "geo.boxes": EVERYONE,
    "geo.countries": EVERYONE,
    "geo.names": EVERYONE,
    "geo.regions": EVERYONE,
    "geo.zones": EVERYONE,
    # for whoever runs the site
    "health.alive": EVERYONE,
    "health.ready": EVERYONE,
    # the map as a picture or a file
    "map_files.everywhere": EVERYONE,
    "map_files.page": EVERYONE,
    "map_files.picture": EVERYONE,
    # the map
    "maps.people": EVERYONE,
    "maps.set_up": EVERYONE,
    "maps.show": EVERYONE,
    # one's places and profile
    "members.change_visibility": MEMBER,
    "members.place": MEMBER,
    "members.places": MEMBER,
    "members.preview": EVERYONE,
    "members.profile": MEMBER,
    "members.remove": MEMBER,
    "members.stop_telling": MEMBER,
    "members.tell_me": MEMBER,
    # who is near
    "nearby.show": EVERYONE,
    # words about the site
    "pages.away": EVERYONE,
    "pages.credits": EVERYONE,
    "pages.home": EVERYONE,
    "pages.how_we_count": EVERYONE,
    "pages.privacy": EVERYONE,
    # signing in by passkey, and one's own
    "passkeys.add": proven("passkeys.index"),
    "passkeys.entry_options": EVERYONE,
    "passkeys.index": MEMBER,
    "passkeys.new_options": proven("passkeys.index"),
    "passkeys.remove": proven("passkeys.index"),
    "passkeys.use_passkey": EVERYONE,
    # the second step
    "second_factor.authenticator": MEMBER,
    "second_factor.remove_authenticator": proven("second_factor.authenticator"),
    "second_factor.second_step": MEMBER,
    "second_factor.set_up": proven("second_factor.authenticator"),
    "second_factor.step_options": MEMBER,
    "second_factor.step_passkey": MEMBER,
    # the yearly question
    "still_right.answer": EVERYONE,  # whoever has the mail has the address
    "still_right.answer_here": MEMBER,
    "still_right.ask": EVERYONE,
    # while one types
    "suggest.conditions": EVERYONE,
    "suggest.towns": EVERYONE,
}
"""Every endpoint. A view alone opens nothing: the site does not start without its line here."""

STAFF_PAGES = ("admin.home", "moderation.queue")
"""Where the link for staff in the header leads: to the first that there is and they may open."""


def init_access(app: Flask) -> None:
    """Guard every page of ``app``; called last, when the pages are known.

    What was set up before, such as the check of a form's token, answers before the guard does.

    Raises:
        RuntimeError: when a page has no line in the table, or a line no page.
    """
    pages = {rule.endpoint for rule in app.url_map.iter_rules()}
    wrong = sorted(pages ^ TABLE.keys())
    if wrong:
        raise RuntimeError(f"Pages without access, or access without a page: {', '.join(wrong)}")
    app.before_request(_guard)
    app.jinja_env.globals["staff_page"] = staff_page


def staff_page() -> str:
    """Return the endpoint to which the link for staff leads; '' where there is none for them."""
    mine = (page for page in STAFF_PAGES if page in TABLE and TABLE[page].roles & staff_roles())
    return next(mine, "")


def lacks_proof() -> bool:
    """Whether the member has a second factor and has not shown it in the last hour or so."""
    return not is_fresh() and has_second_factor(db.session, this_member_id())


def _guard() -> ResponseReturnValue | None:
    """Return where to go instead, or None for those who may open the page.

    Raises:
        NotAllowedError: for those who never may.
    """
    rule = request.url_rule
    if rule is None or _tells_methods(rule):
        return None  # there is no such page, or no view is called
    # A page without a line (added after the start) is a KeyError: nobody opens it.
    wanted = TABLE[rule.endpoint]
    # Whoever reads a page open to everyone is not looked up: that would be a query on each.
    return None if wanted == EVERYONE else _refusal(wanted)


def _tells_methods(rule: Rule) -> bool:
    """Whether the request asks for the methods of a page, which Flask itself answers."""
    return request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False)


def _refusal(wanted: Access) -> ResponseReturnValue | None:
    if not is_signed_in():
        return redirect(url_for("accounts.sign_in", next=_this_page()), 303)
    after_this_request(_keep_off_the_disk)
    if wanted.roles and not wanted.roles & staff_roles():
        raise NotAllowedError("This page is for the site's staff.")
    if wanted.roles and not is_strong():
        return _to_second_step(_this_page())
    if wanted.back and lacks_proof():
        return _to_second_step(url_for(wanted.back))
    return None


def _keep_off_the_disk(response: Response) -> Response:
    """Whoever uses the computer next must not find the page on its disk."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _to_second_step(next_path: str) -> ResponseReturnValue:
    return redirect(url_for("second_factor.second_step", next=next_path), 303)


def _this_page() -> str:
    """Return the page to come back to; what was posted is not repeated."""
    if request.method != "GET":
        return "/"
    return request.full_path if request.query_string else request.path
