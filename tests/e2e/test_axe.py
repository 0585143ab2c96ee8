"""Every page, light and dark, wide and narrow, through axe: nothing to find."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

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
    "/conditions/dystonia/map",
    "/conditions/dystonia/areas/DE",
    "/conditions/dystonia/nearby",
    "/conditions/dystonia/nearby?town=Berlin",
    "/conditions/dystonia/nearby?town=Xqzvwk",
    "/how-we-count",
    "/privacy",
    "/credits",
    "/sign-in",
    "/no-such-page",
    "/conditions?page=none&letter=D",
]
ERRORS = PAGES[-2:]
"""Of these the browser itself complains on its console."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: Callable[..., Any], path: str, scheme: str) -> None:
    page, watch = open_page(width=1280 if scheme == "light" else 360, color_scheme=scheme)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert watch.foreign == []
    assert path in ERRORS or watch.complaints == []


def _width(page: Any) -> tuple[int, int]:
    return page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_over_the_edge(open_page: Callable[..., Any], path: str) -> None:
    """360 px, and 320 px, which is what 400 % zoom leaves of 1280."""
    for width in (360, 320):
        page, _watch = open_page(width=width)
        page.goto(path)
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
