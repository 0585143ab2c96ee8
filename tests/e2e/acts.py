"""What people do on the site, through nothing but its own pages."""

import json
import re
import time
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pyotp
from playwright.sync_api import CDPSession, Locator, Page, expect


def sign_in(page: Page, address: str, then: str = "/places") -> None:
    """Ask for a link at the page ``then`` needs, and open it from the mail."""
    page.goto(f"/sign-in?next={then}")
    ask_for_link(page, address)
    open_link(page, link_in_mail(page, address))


def open_link(page: Page, link: str) -> None:
    """Open the link of a mail for signing in, and press its button."""
    page.goto(here(page, link))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in/link/" not in url)


def here(page: Page, link: str) -> str:
    """Return a link of a mail under the name by which ``page`` knows the site."""
    at, link_at = urlsplit(page.url), urlsplit(link)
    return link_at._replace(scheme=at.scheme, netloc=at.netloc).geturl()


def add_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give the browser of ``page`` a device that makes passkeys and knows its owner's fingerprint.

    Returns a session with which to change the device, and the device's name in it.
    """
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def app_code(page: Page, later: int = 0) -> str:
    """Return the code that an app with the page's key shows, now or ``later`` codes on."""
    address = page.get_by_role("link", name="Open the app").get_attribute("href")
    assert address
    app = pyotp.parse_uri(address)
    assert isinstance(app, pyotp.TOTP)
    return app.at(int(time.time()), counter_offset=later)


def set_up_app(page: Page, then: str = "/account/authenticator") -> str:
    """Set up an authenticator app as a second step; return the code it shows next."""
    page.goto(f"/account/authenticator?next={then}")
    code, following = app_code(page), app_code(page, 1)
    page.get_by_label("The code in your app").fill(code)
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("the codes from your app are your second step")).to_be_visible()
    return following


def ask_for_link(page: Page, address: str) -> None:
    """Type an address into the sign-in page that is open."""
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


def link_in_mail(page: Page, address: str) -> str:
    """Read the newest mail to ``address`` in a second tab, and return the link in it."""
    mails = page.context.new_page()
    mails.goto("/dev/mail")
    mail = mails.get_by_role("article").filter(has_text=address).first
    link = mail.get_by_role("link").first.get_attribute("href")
    mails.close()
    assert link
    return link


def click_through(link: Locator) -> None:
    """Click what leads to another page, and wait for that page.

    A click returns when the browser begins to leave. What is done next would be done on the page
    that is about to go, wherever both pages have what it asks for, and a ``goto`` would stop the
    form on its way.
    """
    with link.page.expect_navigation():
        link.click()


def choose_town(page: Page, slug: str, town: str) -> None:
    """Find a town on the page for placing oneself, and take its area."""
    page.goto(f"/conditions/{slug}/place")
    page.get_by_label("Type a town").fill(town)
    click_through(page.get_by_role("button", name="Find"))
    if page.locator("#taken").count() == 0:  # more than one town could be meant
        click_through(page.get_by_role("button", name="Use this town"))


def place_in_town(page: Page, slug: str, town: str, visible: str = "Members") -> None:
    """Put oneself on a map around a town."""
    choose_town(page, slug, town)
    page.get_by_role("group", name="Who sees you?").get_by_label(visible).check()
    put_on_map(page)


def put_on_map(page: Page) -> None:
    """Say what has to be said once, and send the page for placing oneself."""
    adult = page.get_by_label("I am 18 or over")
    if adult.count():
        adult.check()
    click_through(page.get_by_role("button", name="Agree and put me on the map"))


def picked_area(page: Page) -> int:
    """Return the area the page for placing oneself is about to send."""
    return int(page.locator("input[name=area_id]").input_value())


class _Token(HTMLParser):
    """The CSRF token of the first form of a page that has one."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("name") == "csrf_token" and not self.found:
            self.found = given.get("value") or ""


class Answer:
    """What the site answered."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status
        self.headers = response.headers
        self.body: bytes = response.read()
        self.url: str = response.url

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """The text of a page without its tags, on one line."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.text).split())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """A person without a browser, who keeps cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def ask(
        self,
        path: str,
        data: dict[str, Any] | bytes | None = None,
        method: str = "",
        **headers: str,
    ) -> Answer:
        """Send one request, follow where it leads, and return the answer, error or not."""
        body = urlencode(data, doseq=True).encode() if isinstance(data, dict) else data
        method = method or ("GET" if body is None else "POST")
        url = path if path.startswith("http") else self.base + path
        request = Request(url, body, headers, method=method)  # noqa: S310 - the live site
        try:
            with self._opener.open(request, timeout=60) as response:
                return Answer(response)
        except HTTPError as error:
            with error:
                return Answer(error)

    def submit(self, page: str, data: dict[str, Any], to: str = "") -> Answer:
        """Fill in a form of ``page``."""
        token = _Token()
        token.feed(self.ask(page).text)
        return self.ask(to or page, {"csrf_token": token.found, **data})

    def sign_in(self, address: str) -> "Visitor":
        """Sign in by mail."""
        self.submit("/sign-in", {"email": address})
        mail = next(
            part for part in self.ask("/dev/mail").text.split("<article")[1:] if address in part
        )
        link = re.search(r'href="([^"]+/sign-in/link/[^"]+)"', mail)
        assert link
        self.submit(link[1], {})
        return self

    def counts(self, slug: str, level: str = "country", **asked: Any) -> dict[int, int]:
        """Return the numbers of a condition by area, from the public interface."""
        query = urlencode({"level": level, **asked})
        got = self.ask(f"/api/v1/conditions/{slug}/counts?{query}").json
        return dict(zip(got["ids"], got["counts"], strict=True))

    def total(self, slug: str) -> int:
        """Return how many people are on a condition's map."""
        return int(self.ask(f"/api/v1/conditions/{slug}/counts?level=country").json["total"])

    def area(self, area_id: int) -> dict[str, Any]:
        """Return what the public interface tells of an area."""
        got = self.ask(f"/api/v1/areas/{area_id}")
        assert got.status == 200
        return dict(got.json)
