"""What a browser keeps of the site for the next visit, and what it shows without a connection."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.acts import place_in_town, sign_in
from tests.e2e.settling import settle
from tests.e2e.test_axe import RULES

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
CONDITION = "/conditions/dystonia"
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request, { ignoreVary: true });
      kept.push([request.url, answer.headers.get("Content-Type"), await answer.text()]);
    }
  }
  return kept;
}"""
ELSEWHERE = """async () => [
  localStorage.length,
  sessionStorage.length,
  (await indexedDB.databases()).length,
]"""


def _with_worker(open_page: Open, **options: Any) -> tuple[Page, Any]:
    """Return a page of a browser that has the worker, after a first visit."""
    page, watch = open_page(service_workers="allow", **options)
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page, watch


def _shows_the_offline_page(page: Page) -> None:
    expect(page.get_by_role("heading", level=1, name="You are not connected")).to_be_visible()
    assert page.title() == "No connection"


def test_the_second_visit_without_a_connection_says_so(open_page: Open) -> None:
    page, _watch = _with_worker(open_page)
    page.context.set_offline(True)
    page.goto(CONDITION)
    _shows_the_offline_page(page)
    colour = page.locator(".button-primary").evaluate("it => getComputedStyle(it).backgroundColor")
    assert colour == "rgb(11, 93, 99)"  # its styles are there
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1, name="Dystonia")).to_be_visible()


def test_the_second_visit_has_its_files_at_once(open_page: Open) -> None:
    page, watch = _with_worker(open_page)
    page.goto(f"{CONDITION}/map")
    settle(page)
    fetched: list[str] = []
    page.on("response", lambda it: None if it.from_service_worker else fetched.append(it.url))
    page.goto(f"{CONDITION}/map")
    page.locator(".folium-map.is-drawn").wait_for()
    settle(page)
    paths = [urlsplit(url).path for url in fetched]
    assert [path for path in paths if path.startswith(("/assets/", "/map/"))] == []
    assert not [path for path in paths if path.endswith(("countries.json", "names/0.json"))]
    watch.assert_clean()


def test_nothing_is_kept_of_a_members_journey(open_page: Open) -> None:
    page, watch = _with_worker(open_page)
    sign_in(page, "keeps-nothing@example.org")
    place_in_town(page, "dystonia", "Leeds")
    for path in (
        *("/places", "/account", "/account/data", "/inbox", "/profile", "/consent"),
        *(f"{CONDITION}{end}" for end in ("", "/map", "/nearby?place=mine", "/questions")),
        f"{CONDITION}/areas/GB",
        f"{CONDITION}/map#8/53.8/-1.5",
    ):
        page.goto(path)
        settle(page)
    kept = page.evaluate(KEPT)
    pages = [urlsplit(url).path for url, kind, _text in kept if "html" in kind]
    assert pages == ["/offline"]
    given = json.loads(page.request.get("/service-worker.js").text().split("\n")[0][13:-1])
    allowed = {*given["first"], *given["later"], given["offline"]}
    home = "/".join(page.url.split("/")[:3])
    assert {url.removeprefix(home) for url, _kind, _text in kept} == allowed
    for _url, _kind, text in kept:
        assert "keeps-nothing" not in text
        assert "csrf_token" not in text
    assert page.evaluate(ELSEWHERE) == [0, 0, 0]
    watch.assert_clean()


def test_signing_out_leaves_nothing_that_tells_of_it(open_page: Open) -> None:
    visitor, _watch = _with_worker(open_page)
    visitor.goto(f"{CONDITION}/map")
    settle(visitor)
    visitor.goto(f"{CONDITION}/map")
    settle(visitor)
    member, _watch = _with_worker(open_page)
    sign_in(member, "signs-out@example.org")
    for path in ("/account/passkeys", "/inbox", f"{CONDITION}/map", f"{CONDITION}/map"):
        member.goto(path)
        settle(member)
    member.goto("/account")
    member.locator("main").get_by_role("button", name="Sign out").click()
    member.wait_for_url(lambda url: not url.endswith("/account"))
    settle(member)
    names = [sorted(url for url, *_rest in page.evaluate(KEPT)) for page in (visitor, member)]
    assert names[0] == names[1]


def test_the_way_out_never_leads_to_a_page_of_the_site(open_page: Open) -> None:
    page, _watch = _with_worker(open_page)
    page.goto(CONDITION)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("link", name="Leave this page").click()
    assert "You are not connected" not in page.content()


def test_a_new_worker_removes_what_an_earlier_one_kept(open_page: Open) -> None:
    page, _watch = _with_worker(open_page)
    page.evaluate("caches.open('frame-of-before').then((it) => it.put('/x', new Response('x')))")
    page.evaluate("""async () => {
      await (await navigator.serviceWorker.ready).unregister();
    }""")
    page.goto("/how-we-count")
    page.evaluate("""async () => {
      while ((await caches.keys()).includes("frame-of-before")) {
        await new Promise((done) => setTimeout(done, 50));
      }
    }""")
    assert len(page.evaluate("caches.keys()")) == 1


def test_whoever_saves_data_gets_no_worker(open_page: Open) -> None:
    page, _watch = open_page(service_workers="allow")
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    page.goto("/")
    settle(page)
    found = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
    assert found == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_without_a_connection(open_page: Open, scheme: str) -> None:
    page, watch = open_page(width=320, color_scheme=scheme)
    page.goto("/offline")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    watch.assert_clean()
