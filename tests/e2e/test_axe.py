"""axe finds nothing on any page, light or dark, wide or narrow."""

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_member
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from tests import factories
from tests.e2e.acts import place_in_town, set_up_app, sign_in
from tests.e2e.conftest import Live
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

PAGES = [
    "/",
    "/conditions",
    "/conditions?q=dystonai",
    "/conditions?q=zzzzqqqq",
    "/conditions?letter=D",
    "/conditions/dystonia",
    "/conditions/cervical-dystonia",
    "/conditions/dystonia/map",
    "/conditions/dystonia/map?by=rate",
    "/conditions/dystonia/share",
    "/conditions/dystonia/statistics?by=rate",
    "/conditions/dystonia/statistics/DE",
    "/conditions/dystonia/ogc?f=html",
    "/conditions/dystonia/ogc/api?f=html",
    "/conditions/dystonia/ogc/conformance?f=html",
    "/conditions/dystonia/ogc/collections?f=html",
    "/conditions/dystonia/ogc/collections/countries?f=html",
    "/conditions/dystonia/ogc/collections/countries/schema?f=html",
    "/conditions/dystonia/ogc/collections/countries/items?f=html&limit=20",
    "/conditions/dystonia/ogc/collections/countries/items/1?f=html",
    "/conditions/gout/statistics",
    "/conditions/dystonia/compare?q=go",
    "/conditions/dystonia/compare/gout",
    "/embed/conditions/dystonia",
    "/conditions/dystonia/areas/DE",
    "/conditions/dystonia/join",
    "/conditions/gout/join?area=9",
    "/conditions/dystonia/nearby",
    "/conditions/dystonia/nearby?town=Berlin",
    "/conditions/dystonia/nearby?town=Xqzvwk",
    "/conditions/dystonia/questions",
    "/conditions/dystonia/questions/treatments",
    "/conditions/dystonia/questions/treatments/answers?order=newest",
    "/conditions/dystonia/stories",
    "/conditions/dystonia/treatments",
    "/conditions/gout/questions",
    "/conditions/gout/treatments",
    "/questions?q=swimming",
    "/questions?q=xqzvwk",
    "/helplines",
    "/how-we-count",
    "/api",
    "/privacy",
    "/credits",
    "/sign-in",
    "/no-such-page",
    "/conditions?page=none&letter=D",
]
STAFF_PAGES = [
    "/conditions/dystonia/place",
    "/conditions/dystonia/place/done",
    "/places",
    "/news",
    "/conditions/cervical-dystonia/tell-me",
    "/conditions/dystonia/adviser",
    "/profile",
    "/inbox",
    "/account",
    "/account/data",
    "/account/erase",
    "/erased",
    "/consent",
    "/consent/public",
    "/cared-for",
    "/conditions/dystonia/place/cared-for?area=9",
    "/conditions/dystonia/areas/DE",
    "/conditions/dystonia/nearby",
    "/conditions/dystonia/nearby?role=self&language=en&language=fr",
    "/conditions/dystonia/nearby/ask",
    "/conditions/dystonia/questions",
    "/conditions/dystonia/questions/treatments",
    "/conditions/dystonia/questions/treatments/answers",
    "/conditions/dystonia/questions/diet/write",
    "/conditions/dystonia/stories/write",
    "/conditions/dystonia/treatments",
    "/account/posts",
    "/account/passkeys",
    "/account/authenticator",
    "/account/sessions",
    "/moderation",
    "/moderation/advisers",
    "/moderation/advisers?state=confirmed",
    "/moderation/content?q=dystonia",
    "/moderation/content/dystonia",
    "/moderation/content/dystonia/treatments",
    "/moderation/content/dystonia/treatments/versions",
    "/admin",
    "/admin/statistics",
    "/admin/export",
    "/admin/exports",
    "/admin/conditions",
    "/admin/staff",
    "/admin/webhooks",
    "/admin/webhooks/new",
    "/dev/mail",
]
LOOKS = list(product(("light", "dark"), (360, 768, 1280)))
"""Colour schemes, each on a phone, on a tablet and on a desk."""

ERRORS = PAGES[-2:]
"""Pages for which the browser itself reports an error on its console."""


@pytest.mark.matrix(path=PAGES, look=LOOKS)
def test_axe_finds_nothing(open_page: Callable[..., Any], path: str, look: tuple[str, int]) -> None:
    scheme, width = look
    page, watch = open_page(width=width, color_scheme=scheme)
    page.goto(path)
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert watch.foreign == []
    assert path in ERRORS or watch.complaints == []


@pytest.fixture(scope="package")
def staff(browser: Browser, live: Live) -> Any:
    """What a browser holds after a member of staff signed in with it."""
    context = browser.new_context(base_url=live.url, service_workers="block")
    page = context.new_page()
    sign_in(page, "staff@example.org")
    place_in_town(page, "dystonia", "Leeds", "Nobody")
    make_admin(live)
    set_up_app(page)
    held = context.storage_state()
    context.close()
    return held


def make_admin(live: Live) -> None:
    engine = make_engine(live.settings.sqlalchemy_url)
    with transaction(engine) as session:
        member_id = find_member(Context(session, live.settings), "staff@example.org")
        factories.make_admin(session, session.get_one(Member, member_id))
    engine.dispose()


@pytest.mark.matrix(path=STAFF_PAGES, look=LOOKS)
def test_axe_finds_nothing_for_members(
    open_page: Callable[..., Any], staff: Any, path: str, look: tuple[str, int]
) -> None:
    scheme, width = look
    page, watch = open_page(width=width, color_scheme=scheme, storage_state=staff)
    assert page.goto(path).status == 200
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    content, window = _width(page)
    assert content <= window
    watch.assert_clean()


def _width(page: Any) -> tuple[int, int]:
    return page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_over_the_edge(open_page: Callable[..., Any], path: str) -> None:
    """360 px, and 320 px, which is what 400 % zoom leaves of 1280."""
    page, _watch = open_page(width=360)
    page.goto(path)
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        content, window = _width(page)
        assert content <= window, f"{path} is {content} px wide at {width}"


@pytest.mark.parametrize("path", PAGES)
def test_page_has_language_title_and_headings_in_order(
    open_page: Callable[..., Any], path: str
) -> None:
    page, _watch = open_page(java_script_enabled=False)
    page.goto(path)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert " – " in page.title()
    assert page.locator("h1").count() == 1
    levels = [
        int(name[1])
        for name in page.locator("h1, h2, h3, h4").evaluate_all(
            "all => all.map(heading => heading.tagName)"
        )
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
