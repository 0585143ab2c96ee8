"""Attacks by whoever sees what a member's browser sends and keeps: requests, Referer, positions."""

import logging
import random
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeVar
from unittest.mock import patch

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from mapapp.store.members import Member
from mapapp.web.core.headers import EVERY_ANSWER
from tests.attacks.duel import Attack, Outcome
from tests.attacks.many_maps import ManyMaps
from tests.attacks.on_traces import files_of
from tests.attacks.target import SOME_NETWORK, OverHttp, Target
from tests.databases import stored
from tests.e2e.acts import put_on_map
from tests.e2e.conftest import ARGUMENTS, PROGRAMS
from tests.e2e.settling import settle, watch_requests

T = TypeVar("T")
SEED = 11
LINK = re.compile(r'href="(/[^"#]*)"')
KEEPS = """navigator.geolocation.getCurrentPosition = (found, failed, options) => {
  const ask = Geolocation.prototype.getCurrentPosition;
  ask.call(navigator.geolocation, (at) => {
    localStorage.setItem("at", `${at.coords.latitude},${at.coords.longitude}`);
    found(at);
  }, failed, options);
};"""
"""What a page would do that keeps positions."""
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
_planted: list[str] = []


@dataclass
class Line:
    """Somebody who reads all that a browser sends."""

    home: str
    sent: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Begin to read."""
        watch_requests(context)
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        headers = request.headers
        self.sent.append(f"{request.url} {headers} {request.post_data_buffer!r}")
        if request.url.startswith("http") and not request.url.startswith(self.home):
            self.foreign.append(request.url)
        if headers.get("referer"):
            self.named.append(request.url)


def requests_to_others(target: Target, trials: int) -> Outcome:
    """Attack 11: open so many pages in turn; what goes elsewhere, or says from where?"""
    slug, (cookie,) = _members(target, 1)

    def _crawl(browser: Browser, home: str) -> int:
        page, line = _opened(browser, home, cookie, {})
        page.goto(f"/conditions/{slug}")
        waiting, seen, wrong = [f"/conditions/{slug}/map", "/places"], {""}, 0
        for _ in range(trials):
            path = next(one for one in waiting if one not in seen)
            seen.add(path)
            before = len(line.foreign) + len(line.named)
            with page.expect_navigation():
                page.evaluate("path => { location.href = path }", path)
            settle(page)
            told = page.evaluate("document.referrer")
            wrong += bool(told) or len(line.foreign) + len(line.named) > before
            waiting += [one for one in LINK.findall(page.content()) if _is_page(one)]
        return wrong

    return Outcome(trials, _in_a_browser(target, _crawl), guessing=0)


def _is_page(path: str) -> bool:
    return not re.search(r"\.\w+$|/static/|file|away|sign-out|feed", path)


def where_they_are(target: Target, trials: int) -> Outcome:
    """Attack 12: let the device say where it is; does any digit go anywhere?"""
    chance = random.Random(SEED)
    slug, cookies = _members(target, trials)
    at = [(chance.uniform(51.0, 53.5), chance.uniform(-2.5, -1.0)) for _ in range(trials)]

    def _place(browser: Browser, home: str) -> list[str]:
        told = []
        for cookie, (lat, lng) in zip(cookies, at, strict=True):
            there = {"geolocation": {"latitude": lat, "longitude": lng}}
            page, line = _opened(browser, home, cookie, {**there, "permissions": ["geolocation"]})
            page.goto(f"/conditions/{slug}/place")
            page.get_by_role("button", name="Use my location").click()
            expect(page.get_by_text("Others see you somewhere").first).to_be_visible()
            put_on_map(page)
            page.goto(f"/conditions/{slug}/map")
            settle(page)
            told.append(" ".join([*line.sent, page.url, page.evaluate(KEPT)]))
            page.context.close()
        return told

    told = _in_a_browser(target, _place)
    held = b"".join([stored(target.engine), *files_of(target).values()])
    right = sum(
        any(one in said for one in _digits(place, 4))
        or any(one.encode() in held for one in _digits(place, 5))  # fewer are there by chance
        for place, said in zip(at, told, strict=True)
    )
    return Outcome(trials, right, guessing=0)


def _digits(place: tuple[float, float], decimals: int) -> set[str]:
    """Return each number with so many decimals, cut and rounded."""
    cut = {f"{abs(one):.9f}"[: decimals - 9] for one in place}
    return cut | {f"{abs(one):.{decimals}f}" for one in place}


def _members(target: Target, n: int) -> tuple[str, list[str]]:
    """Return the short name of a map, and the cookies of members who can join it."""
    maps = ManyMaps(target.session, random.Random(SEED))
    maps.add(1)
    maps.publish()
    members = [Member(active=True) for _ in range(n)]
    target.session.add_all(members)
    target.session.commit()
    cookies = [target.visitor(SOME_NETWORK, one).cookies["session"] for one in members]
    return maps.conditions[0].slug, cookies


def _opened(
    browser: Browser, home: str, cookie: str, options: dict[str, object]
) -> tuple[Page, Line]:
    context = browser.new_context(base_url=home, service_workers="block", **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": cookie, "url": home}])
    for script in _planted:
        context.add_init_script(script)
    line = Line(home)
    line.watch(context)
    return context.new_page(), line


def _in_a_browser(target: Target, work: Callable[[Browser, str], T]) -> T:
    """Let a browser do something; in a thread, because Playwright keeps an event loop running."""
    with _home(target) as home, ThreadPoolExecutor(1) as thread:
        return thread.submit(_with_chromium, home, work).result()


def _with_chromium(home: str, work: Callable[[Browser, str], T]) -> T:
    program = next(found for name in PROGRAMS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            return work(browser, home)
        finally:
            browser.close()


@contextmanager
def _home(target: Target) -> Iterator[str]:
    """Yield the address of the site, which is served now if it was not."""
    visitor = target.visitor(SOME_NETWORK, None)
    if isinstance(visitor, OverHttp):
        yield f"http://{visitor.host}:{visitor.port}"
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, visitor.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _says_from_where() -> Iterator[None]:
    with patch.dict(EVERY_ANSWER, {"Referrer-Policy": "unsafe-url"}):
        yield


@contextmanager
def _keeps_positions() -> Iterator[None]:
    _planted.append(KEEPS)
    try:
        yield
    finally:
        _planted.clear()


ATTACKS = (
    Attack(
        "11", "requests to others, and Referer", requests_to_others, _says_from_where, 6, 200, True
    ),
    Attack("12", "the exact position of a device", where_they_are, _keeps_positions, 1, 30, True),
)
