"""Passkeys with a virtual device, and an authenticator app, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mapapp.actions.account.staff_roles import make_staff
from mapapp.actions.core.context import Context
from mapapp.store.database import make_engine, transaction
from tests.e2e.acts import add_authenticator, click_through, set_up_app, sign_in
from tests.e2e.conftest import Live
from tests.e2e.settling import settle
from tests.e2e.test_axe import RULES

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def _make_staff(live: Live, address: str) -> None:
    engine = make_engine(live.settings.sqlalchemy_url)
    with transaction(engine) as session:
        make_staff(Context(session, live.settings), address, "admin")
    engine.dispose()


def _sign_out(page: Page) -> None:
    menu = page.locator(".site-menu > summary")
    if menu.is_visible():  # on a phone
        menu.click()
    click_through(page.locator(".site-menu button", has_text="Sign out"))
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def _assert_well_made(page: Page) -> None:
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        content = page.evaluate("document.documentElement.scrollWidth")
        assert content <= width, f"{page.url} is {content} px wide at {width}"


def test_make_a_passkey_sign_out_and_sign_in_with_it(open_page: Open) -> None:
    page, watch = open_page(named=True)
    add_authenticator(page)
    sign_in(page, "passkey@example.org")
    page.goto("/account/passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Added. From now on")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Chrome on Linux")).to_be_visible()
    _assert_well_made(page)
    _sign_out(page)
    page.goto("/sign-in?next=/profile")
    page.get_by_role("button", name="Use a passkey").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    page.goto("/account/passkeys")
    page.get_by_role("button", name="Remove Chrome on Linux").click()
    expect(page.get_by_text("You have none yet")).to_be_visible()
    _sign_out(page)
    watch.assert_clean()
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey was not accepted")).to_be_visible()
    _assert_well_made(page)


def test_staff_are_led_to_make_a_passkey_and_reach_their_pages(open_page: Open, live: Live) -> None:
    _make_staff(live, "boss@example.org")
    page, watch = open_page(named=True)
    add_authenticator(page)
    sign_in(page, "boss@example.org")
    page.goto("/admin")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    _assert_well_made(page)
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Staff", exact=True)).to_be_visible()
    _sign_out(page)
    # By mail alone they are not let in; the passkey is the second step.
    sign_in(page, "boss@example.org")
    page.goto("/admin/conditions")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    _assert_well_made(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{live.named}/admin/conditions")
    _sign_out(page)
    page.goto("/sign-in?next=/admin")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Staff", exact=True)).to_be_visible()
    watch.assert_clean()


def test_staff_reach_their_pages_by_an_app_without_scripts(open_page: Open, live: Live) -> None:
    _make_staff(live, "boss-by-app@example.org")
    page, watch = open_page(java_script_enabled=False)
    sign_in(page, "boss-by-app@example.org")
    page.goto("/admin")
    page.get_by_role("link", name="Set up an app").click()
    following = set_up_app(page, "/admin")
    expect(page.get_by_role("heading", name="Staff", exact=True)).to_be_visible()
    other, _watch = open_page(java_script_enabled=False)
    sign_in(other, "boss-by-app@example.org")
    other.goto("/admin")
    field = other.get_by_label("The code in your app")
    field.fill("000000")
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("This code is wrong")).to_be_visible()
    field.fill(following)
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_role("heading", name="Staff", exact=True)).to_be_visible()
    watch.assert_clean()


def test_the_page_says_when_the_device_does_not_make_a_passkey(open_page: Open) -> None:
    page, _watch = open_page(named=True)
    device, name = add_authenticator(page)
    sign_in(page, "one-device@example.org")
    page.goto("/account/passkeys")
    button = page.get_by_role("button", name="Add a passkey")
    button.click()
    expect(page.get_by_text("Added. From now on")).to_be_visible()
    button.click()
    expect(page.get_by_text("This device already has one of your passkeys")).to_be_visible()
    device.send("WebAuthn.clearCredentials", {"authenticatorId": name})
    device.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    button.click()  # the device does not know the person's finger
    expect(page.get_by_text("Stopped. Nothing was changed")).to_be_visible()


@pytest.mark.parametrize("lack", ["name", "passkeys", "scripts"])
def test_the_button_is_there_only_where_it_can_work(open_page: Open, lack: str) -> None:
    page, watch = open_page(named=lack != "name", java_script_enabled=lack != "scripts")
    if lack == "passkeys":
        page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/sign-in")
    settle(page)
    expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    hint = page.get_by_text("only under this site’s own name")
    expect(hint).to_be_visible() if lack == "name" else expect(hint).to_be_hidden()
    watch.assert_clean()


def test_sessions_are_ended_from_another_browser(open_page: Open) -> None:
    phone, _watch = open_page(
        user_agent="Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
    )
    laptop, watch = open_page()
    for page in (phone, laptop):
        sign_in(page, "two-browsers@example.org", "/account/sessions")
    row = laptop.get_by_role("listitem").filter(has_text="Firefox on Android")
    row.get_by_role("button", name="Sign out there").click()
    expect(laptop.get_by_text("Signed out there.")).to_be_visible()
    expect(row).to_be_hidden()
    phone.goto("/places")
    expect(phone.get_by_role("heading", name="Sign in, or join")).to_be_visible()
    _assert_well_made(laptop)
    watch.assert_clean()
