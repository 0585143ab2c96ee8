"""The people of a fuzzed site: each keeps a session, and signs in again when it is lost."""

import random
from collections import defaultdict
from typing import TypeVar
from urllib.parse import urlsplit

from compare_browser import Answer, Browser, NotThereError
from compare_pages import Form
from compare_site import command
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

_Kept = TypeVar("_Kept", str, Form)
MOST_OF_A_KIND = 12
"""Links and forms of one route that a person remembers."""
LIVE = "/account"
"""A page that only members can read."""


class Person:
    """One who uses the site: a browser, and the links and forms seen so far.

    Args:
        app: the site, as a WSGI application.
        name: of the person; their address is made of it.
        role: "visitor", "member" or a role of staff.
        number: gives the person a network of their own.
    """

    def __init__(self, app: object, name: str, role: str, number: int) -> None:
        self.name, self.role = name, role
        self.links: dict[str, list[str]] = defaultdict(list)
        self.forms: dict[str, list[Form]] = defaultdict(list)
        self.renewals = 0
        self.token = ""
        self._app, self._number = app, number
        self.browser = self._new_browser()

    @property
    def is_member(self) -> bool:
        """Whether the person signs in."""
        return self.role != "visitor"

    def is_lost(self) -> bool:
        """Whether the person's session has ended."""
        return self.is_member and self.browser.get(LIVE).status != 200

    def renew(self) -> None:
        """Come back: a visitor with a new browser, a member by a new link.

        Raises:
            NotThereError: if the site does not let the person in.
        """
        self.renewals += 1
        if not self.is_member:
            self.browser = self._new_browser()
            return
        try:
            self.browser.sign_in(self._address)
        except NotThereError:
            # Suspended or limited: another person comes in their place.
            self.name = f"{self.name.partition('-')[0]}-{self.renewals}"
            self.browser = self._new_browser()
            self.browser.sign_in(self._address)
        if self.role == "member":
            return
        command("admin", self._address, "--role", self.role)
        if self.is_lost():  # a new role may end the session
            self.browser.sign_in(self._address)
        self.prove()

    def prove(self) -> None:
        """Give the second proof that staff need, with a new app if the old one was removed."""
        if self.role not in {"visitor", "member"}:
            try:
                self.browser.prove()
            except NotThereError:
                self.browser.forget_app()
                self.browser.prove()

    def remember(self, answer: Answer, routes: Map, chance: random.Random) -> None:
        """Keep the links and forms of a page, a few of each route."""
        if answer.page is None or answer.path.startswith("/dev/"):
            return
        for link in answer.page.links:
            _keep(self.links[kind_of(routes, link, "GET")], link, chance)
        for form in answer.page.forms:
            self.token = form.filled().get("csrf_token", [self.token])[0]
            kind = kind_of(routes, form.action, form.method)
            _keep(self.forms[f"{form.method} {kind}"], form, chance)

    @property
    def _address(self) -> str:
        return f"{self.name}@example.org"

    def _new_browser(self) -> Browser:
        third = self.renewals // 250 % 250
        network = f"10.{self._number}.{third}.{1 + self.renewals % 250}"
        return Browser(self._app, network)


def _keep(kept: list[_Kept], new: _Kept, chance: random.Random) -> None:
    if new in kept:
        return
    if len(kept) < MOST_OF_A_KIND:
        kept.append(new)
    else:
        kept[chance.randrange(MOST_OF_A_KIND)] = new


def kind_of(routes: Map, link: str, method: str) -> str:
    """Return the rule of the route that ``link`` leads to, or "" if none does."""
    try:
        rule, _arguments = routes.bind("localhost").match(
            urlsplit(link).path, method, return_rule=True
        )
    except HTTPException:
        return ""
    return str(rule.rule)
