"""Whoever presses a button twice is answered as at first, though nothing is left to do.

What was done is noted in the transaction of the act, for ten minutes, under a keyed hash of the
form with its token, which one browser alone has. So the answer to the same form tells nothing that
this browser does not know, also where its session has ended with the act.
"""

from flask import Flask, Response, make_response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from mapapp.actions.core import quotas
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.web.core.request_session import forget_work, is_writing
from mapapp.web.core.security import owner_id, this_context
from mapapp.web.core.session_store import TOKEN
from mapapp.web.core.written import has_text

OVER = frozenset({400, 403, 404, 409, 410})
"""Statuses that an act has when it was done before."""
SIGNING_OUT = frozenset({"accounts.sign_out", "account_sessions.end_all"})
INBOX, PLACES, THEIR_LIST = "connect.inbox", "places.list_places", "cared_for.list_cared_for"
AFTER = {
    "account.erase": "account.erased",
    "alerts.stop_telling": "alerts.show_news",
    "account_address.confirm": "account_address.show_address",
    "account_address.undo": "account_address.undone",
    "account_sessions.end_all": "pages.show_home",
    "account_sessions.end_one": "account_sessions.list_sessions",
    "accounts.sign_out": "pages.show_home",
    "cared_for.keep": THEIR_LIST,
    "cared_for.remove_cared_for": THEIR_LIST,
    "connect.accept": INBOX,
    "connect.ask_for_contact": INBOX,
    "connect.block": INBOX,
    "connect.decline": INBOX,
    "connect.decline_and_block": INBOX,
    "connect.later": INBOX,
    "connect.put_away": INBOX,
    "connect.unblock": "connect.my_blocks",
    "connect.withdraw": INBOX,
    "conversations.block": INBOX,
    "conversations.leave": INBOX,
    "conversations.take_message_back": "conversations.show_conversation",
    "moderation.close": "moderation.queue",
    "moderation.decide": "moderation.queue",
    "moderation.give_back": "moderation.queue",
    "moderation.take_case": "moderation.case",
    "passkeys.remove_passkey": "passkeys.list_passkeys",
    "places.remove_place": PLACES,
    "posts.delete": "posts.mine",
    "several.ask_people": INBOX,
    "treatments.remove_use": "treatments.show_treatments",
    "webhooks.delete": "webhooks.list_webhooks",
}
"""Acts that can be done once, and the page that follows each."""


def init_repeats(app: Flask) -> None:
    """Answer repeats in ``app``; called last, so that its note is in the act's transaction."""

    @app.after_request
    def _repeat(response: Response) -> Response:
        if request.method != "POST" or request.endpoint not in AFTER:
            return response
        if response.status_code == 303 and is_writing():
            mark = _mark()
            if mark:
                quotas.open_window(this_context(), quotas.DONE, mark)
        elif response.status_code in OVER:
            forget_work()
            if _was_done(request.endpoint):
                return make_response(redirect(_page_after(app, request.endpoint), 303))
        return response


def _was_done(endpoint: str) -> bool:
    mark = _mark()
    if mark and endpoint in SIGNING_OUT and owner_id() is None and not has_text():
        return True  # a page of another tab, whose session has ended
    return bool(mark) and quotas.is_open(this_context(), quotas.DONE, mark)


def _mark() -> str:
    """Return what names this form of this browser, '' for one without a token."""
    try:
        sent = sorted(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return ""
    return plain_hash(repr((request.full_path, sent))) if request.form.get(TOKEN) else ""


def _page_after(app: Flask, endpoint: str) -> str:
    page, given = AFTER[endpoint], request.view_args or {}
    (rule, *_others) = app.url_map.iter_rules(page)
    return url_for(page, **{name: given[name] for name in rule.arguments & given.keys()})
