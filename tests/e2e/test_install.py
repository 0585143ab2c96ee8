"""Whether a browser would offer to install the site, and as what."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.acts import sign_in

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SIZE_OF = """async (url) => {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return `${picture.naturalWidth}x${picture.naturalHeight}`;
}"""


def _manifest(page: Page) -> dict[str, Any]:
    """Return the manifest as the browser understood it, with nothing to complain about."""
    tools = page.context.new_cdp_session(page)
    read = tools.send("Page.getAppManifest")
    assert read["errors"] == []
    # Chromium for people knows; the headless shell finds no fault even without a manifest.
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    return dict(read["manifest"])


def _check(page: Page, name: str, which: str) -> None:
    found = _manifest(page)
    home = page.evaluate("location.origin") + "/"
    assert (found["name"], found["display"]) == (name, "kStandalone")
    assert found["startUrl"] == found["scope"] == home
    # Two identities of one site, which a phone may hold beside each other.
    assert found["id"] == f"{home}app/{which}"
    pictures = [icon for icon in found["icons"] if icon["type"] == "image/png"]
    assert {"192x192", "512x512"} == {icon["sizes"] for icon in pictures}
    for icon in pictures:
        assert page.evaluate(SIZE_OF, icon["url"]) == icon["sizes"], icon


def test_the_site_can_be_installed(open_page: Open) -> None:
    page, watch = open_page(service_workers="allow")
    page.goto("/conditions/dystonia/map")
    _check(page, "Condition Map", "site")
    touch = page.locator('link[rel="apple-touch-icon"]').get_attribute("href")
    assert page.evaluate(SIZE_OF, touch) == "180x180"
    watch.assert_clean()


def test_in_discreet_mode_it_is_installed_as_notes(open_page: Open) -> None:
    page, watch = open_page()
    sign_in(page, "installs-notes@example.org", "/account")
    page.get_by_role("button", name="Turn discreet mode on").click()
    page.get_by_text("Discreet mode is on.").wait_for()
    _check(page, "Notes", "notes")
    watch.assert_clean()
