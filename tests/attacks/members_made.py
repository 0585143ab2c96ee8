"""Members as anybody can become one: by the pages for signing in and for placing oneself."""

import re

from mapapp.actions.mail.mailers import read_kept_mail
from tests.attacks.target import Target, Visitor
from tests.forms import place_form
from tests.mail import waiting_mail

SEE_OTHER = 303
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LINK = re.compile(r"/sign-in/link/[\w-]+")


class OverLimitError(Exception):
    """The network has made too many accounts, or asked for too many links."""


def joined(target: Target, slug: str, network: str, address: str, pseudonym: str) -> Visitor:
    """Make an account from a network, put it on a map for everybody to see, and return it.

    Raises:
        OverLimitError: where the network may make no more.
    """
    browser = target.visitor(network, None)
    send(browser, "/sign-in", {"email": address})
    link = _mailed(target, address)
    if link is None or send(browser, link, {}) != SEE_OTHER:
        raise OverLimitError
    form = place_form(pseudonym=pseudonym, visibility="public", adult="y")
    if send(browser, f"/conditions/{slug}/place", form) != SEE_OTHER:
        raise RuntimeError("A new member could not join.")
    return browser


def send(browser: Visitor, page: str, form: dict[str, object], to: str = "") -> int:
    """Send a form of a page, and return the status of the answer."""
    return browser.post(to or page, {"csrf_token": token_of(browser, page), **form}).status


def token_of(browser: Visitor, page: str) -> str:
    """Return the token of the forms of a page, '' where it has none."""
    found = TOKEN.search(browser.get(page).text)
    return found[1] if found else ""


def _mailed(target: Target, address: str) -> str | None:
    """Return the link in a mail of the attacker's, whether the site has sent it by now or not."""
    target.session.rollback()
    waiting = waiting_mail(target.session, target.settings)
    target.session.rollback()
    bodies = [mail.body for mail in waiting if mail.to == address]
    bodies += [one["body"] for one in read_kept_mail(target.settings) if one["to"] == address]
    found = LINK.search("".join(bodies))
    return found[0] if found else None
