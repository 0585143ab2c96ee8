"""Two sites that differ in nothing but their words, and browsers of the people there."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Browser, Page

from mapapp.store.database import make_engine, transaction
from tests.e2e.conftest import Live, apart, fresh_settings, served
from tests.e2e.planted import Planted, more_on_a_page, plant
from tests.e2e.settling import settle
from tests.e2e.watching import Watch
from tests.injections import CANARY, harmless
from tests.signed_in import sign_in

TRAP = "window.ran = () => { console.error('an injected text ran'); return 1; };"
SKELETON = """(root) => {
  const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT;
  const walker = (root.ownerDocument ?? root).createTreeWalker(root, shown);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    found.push(node.nodeType === 8 ? '#comment'
      : node.namespaceURI.at(-1) + node.localName + ' ' + node.getAttributeNames().sort());
  }
  return found;
}"""
WORDS = """(root) => [root.textContent,
  ...[...root.querySelectorAll('input, textarea')].map((field) => field.value),
  ...[...root.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label')),
].join(' ')"""
ADDRESSES = """(root) => [...root.querySelectorAll('[href], [src], [action], [formaction]')]
  .flatMap((one) => ['href', 'src', 'action', 'formaction'].map((name) => one.getAttribute(name)))
  .filter(Boolean).map((address) => new URL(address, 'https://home.example').protocol)"""
IN_A_FRAME = f"""(html) => {{
  const frame = document.createElement('iframe');
  document.body.replaceChildren(frame);
  frame.contentWindow.ran = window.ran;
  frame.contentDocument.open();
  frame.contentWindow.ran = window.ran;
  frame.contentDocument.write(html);
  frame.contentDocument.close();
  const root = frame.contentDocument.documentElement;
  return [({SKELETON})(root), ({WORDS})(root), ({ADDRESSES})(root)];
}}"""
"""Reads a page where no policy would keep anything from running."""

CARELESS = """async (texts) => {
  const ran = texts.map(() => false);
  const wrap = ['', '<p title="'];
  texts.forEach((text, number) => wrap.forEach((before) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentDocument.open();
    frame.contentWindow.ran = frame.contentWindow.alert = () => { ran[number] = true; };
    frame.contentDocument.write(before + text);
    frame.contentDocument.close();
  }));
  await new Promise((done) => setTimeout(done, 1500));
  return ran;
}"""
"""Shows each text as it is, as an element and as a value; returns which of them ran."""


def plain(text: str) -> str:
    """Return a text without its spaces, which pages and files keep in their own way."""
    return "".join(text.split())


@dataclass
class Read:
    """What a browser makes of a page."""

    skeleton: list[str]
    words: str
    schemes: set[str]


@dataclass
class World:
    """A site, and browsers of the people there."""

    live: Live
    planted: Planted
    cookies: dict[str, str]
    browser: Browser
    stack: ExitStack
    pages: dict[str, tuple[Page, Watch]]

    def page(self, who: str) -> tuple[Page, Watch]:
        """Return the browser of a member, or of a visitor."""
        if who not in self.pages:
            context = self.browser.new_context(base_url=self.live.url, service_workers="block")
            self.stack.callback(context.close)
            context.add_init_script(TRAP)
            if who in self.cookies:
                cookie = {"name": "session", "value": self.cookies[who], "url": self.live.url}
                context.add_cookies([cookie])  # type: ignore[list-item]
            watch = Watch(urlsplit(self.live.url).netloc)
            watch.attach(context)
            page = context.new_page()
            page.on("dialog", lambda box: (watch.complaints.append(box.message), box.dismiss()))
            self.pages[who] = page, watch
        return self.pages[who]

    def open(self, who: str, path: str) -> Page:
        """Open a page, which must be one, and run nothing."""
        page, watch = self.page(who)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{who} {path}: {answer.status}"
        if path.endswith("/place"):  # it builds a map, which takes a moment
            settle(page)
        assert_quiet(watch, f"{who} {path}")
        assert page.locator("main").count() == 1, path
        assert page.locator("header.site-header, footer.site-footer").count() == 2, path
        return page

    def ask(self, who: str, path: str, form: dict[str, Any] | None = None) -> APIResponse:
        """Send a request with a person's cookie; with a form, its token, too."""
        ways = self.page(who)[0].context.request
        if form is None:
            return ways.get(path, max_redirects=0)
        token = ways.get("/account/erase").text().partition('name="csrf_token"')[2]
        value = token.partition('value="')[2].partition('"')[0]
        assert value
        body = urlencode({"csrf_token": value, **form}, doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return ways.post(path, data=body, headers=headers, max_redirects=0)

    def read(self, html: str) -> Read:
        """Let the browser read a page where nothing would be kept from running."""
        page, watch = self.page("reader")
        if page.url != "about:blank":
            page.goto("about:blank")
        found = Read(*page.evaluate(IN_A_FRAME, html))
        ran = [one for one in watch.complaints if "injected" in one]
        assert ran == [], html
        found.schemes = set(found.schemes)
        return found


def read(page: Page) -> Read:
    """Return what the browser made of the page that is open."""
    root = page.locator("html")
    return Read(root.evaluate(SKELETON), root.evaluate(WORDS), set(root.evaluate(ADDRESSES)))


def assert_quiet(watch: Watch, where: str) -> None:
    """Fail if anything ran, was refused by the policy, or was asked for by a text, since last."""
    asked = [one for one in watch.requests if urlsplit(one.split()[1]).path == CANARY]
    found = [*watch.complaints, *watch.foreign, *asked]
    for told in (watch.complaints, watch.foreign, watch.requests):
        told.clear()  # so that the next page is not blamed for this one
    assert found == [], where


@contextmanager
def twins(databases: Any, folder: Path, browser: Browser) -> Iterator[tuple[World, World]]:
    """Serve the site with the payloads and its harmless twin."""
    with ExitStack() as stack:
        more_on_a_page(stack.enter_context(pytest.MonkeyPatch.context()))
        made = []
        for name, say in (("payloads", str), ("twin", harmless)):
            settings = fresh_settings(databases, folder / name)
            engine = make_engine(settings.sqlalchemy_url)
            with transaction(engine) as session:
                planted = plant(session, settings, say)
            engine.dispose()
            live, app = stack.enter_context(served(settings))
            cookies = _signed_in(app, planted)
            made.append(World(live, planted, cookies, browser, stack, {}))
        yield made[0], made[1]


def _signed_in(app: Flask, planted: Planted) -> dict[str, str]:
    """Sign everyone in, with a second proof; return their cookies."""
    return apart(lambda: {who: _cookie(app, *planted.members[who]) for who in planted.members})


def _cookie(app: Flask, member_id: int, handle: str) -> str:
    client = app.test_client()
    sign_in(client, member_id, handle)
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value
