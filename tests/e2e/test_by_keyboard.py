"""Joining, hiding and leaving with nothing but the keyboard on a narrow screen, and what a screen
reader is told on the way.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import link_in_mail, open_link

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
ADDRESS = "only-keys@example.org"
FARTHEST = 80  # presses of Tab; a page with more stops before its button is not usable so


def tab_to(page: Page, name: str, role: str = "") -> None:
    """Press Tab until what has the focus is called ``name``, and see that its focus shows."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const one = document.activeElement;
              const label = one.labels?.[0]?.textContent ?? "";
              const words = (one.getAttribute("aria-label") || label || one.textContent).trim();
              const kind = one.getAttribute("role") || one.type || one.tagName.toLowerCase();
              const style = getComputedStyle(one);
              const ring = style.outlineStyle !== "none" || style.boxShadow !== "none";
              return [words.replace(/\\s+/g, " "), kind, ring];
            }"""
        )
        if name in found[0] and role in found[1]:
            assert found[2], f"the focus on “{name}” cannot be seen"
            return
    raise AssertionError(f"“{name}” cannot be reached by Tab on {page.url}")


def press(page: Page, name: str, role: str = "") -> None:
    """Go to a button or link by Tab, and press it."""
    tab_to(page, name, role)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_joining_hiding_and_leaving_by_keyboard(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740)
    page.goto("/sign-in?next=/conditions/dystonia/place")
    tab_to(page, "Your email address")
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto(link_in_mail(page, ADDRESS))
    press(page, "Sign in", "submit")
    tab_to(page, "Type a town")
    page.keyboard.type("Leeds")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_contain_text("Leeds")
    tab_to(page, "I am 18 or over")
    page.keyboard.press("Space")
    press(page, "Agree and put me on the map")
    expect(page.get_by_text("You are counted here")).to_be_visible()

    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    press(page, "Account")
    press(page, "Hide me everywhere now")
    expect(page.get_by_text("You are hidden everywhere")).to_be_visible()
    press(page, "Undo")
    expect(page.get_by_text("You are shown again")).to_be_visible()
    page.goto("/consent/mail")
    press(page, "I agree")
    press(page, "Withdraw")
    page.goto("/account/erase")
    press(page, "Erase everything now")
    expect(page.get_by_role("heading", name="It is done")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Sign in, or join")).to_be_visible()
    watch.assert_clean()


def spoken(page: Page) -> list[str]:
    """Return what the accessibility tree holds, in order, as ``role "name" [state]``."""
    lines = page.get_by_role("main").aria_snapshot().splitlines()
    return [line.strip().removeprefix("- ").rstrip(":").strip("'") for line in lines]


def assert_told(page: Page, *wanted: str) -> None:
    """Fail unless a screen reader meets ``wanted`` (regular expressions), in this order."""
    told = iter(spoken(page))
    for pattern in wanted:
        assert any(re.match(pattern, line) for line in told), (pattern, spoken(page))


def test_what_a_screen_reader_is_told(open_page: Open) -> None:
    """The accessibility tree of the pages one joins and leaves by: names, roles, states, order."""
    page, _watch = open_page(width=360, height=740)
    page.goto("/sign-in?next=/conditions/dystonia/place%3Farea=9")
    assert_told(
        page,
        'heading "Sign in, or join" \\[level=1\\]',
        'textbox "Your email address"',
        'button "Send me a link"',
    )
    page.get_by_label("Your email address").fill("no address")
    page.get_by_role("button", name="Send me a link").click()
    field = page.get_by_role("textbox", name="Your email address")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Mail cannot be sent to this address"))
    page.get_by_label("Your email address").fill("reads-aloud@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto(link_in_mail(page, "reads-aloud@example.org"))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("group", name="How precisely are you shown?")).to_be_visible()
    assert_told(
        page,
        'heading "Put yourself on the map" \\[level=1\\]',
        'heading "Where are you, roughly\\?" \\[level=2\\]',
        'group "How precisely are you shown\\?"',
        'radio ".+" \\[checked\\]',
        'group "Who sees you\\?"',
        'radio "People on this map: .+" \\[checked\\]',
        'radio "Everyone: .+"',
        'radio "Nobody: .+"',
        'textbox "Pseudonym"',
        'checkbox "Email me',
        'checkbox "I am 18 or over"',
        'button "Agree and put me on the map"',
    )
    page.goto("/account")
    assert_told(
        page,
        'heading "Your account" \\[level=1\\]',
        'heading "Who sees you" \\[level=2\\]',
        'button "Hide me everywhere now"',
        'heading "Signing in" \\[level=2\\]',
        'heading "Your data" \\[level=2\\]',
        'heading "Taking a break, or leaving" \\[level=2\\]',
        'button "Pause my account"',
        'link "Erase my account"',
    )


def test_reading_and_voting_without_scripts_and_by_keyboard(open_page: Open) -> None:
    page, _watch = open_page(width=360, height=740)
    page.goto("/sign-in?next=/conditions/dystonia/questions/treatments/answers")
    tab_to(page, "Your email address")
    page.keyboard.type("votes-by-keys@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    open_link(page, link_in_mail(page, "votes-by-keys@example.org"))
    held = page.context.storage_state()
    plain, _watch = open_page(width=360, java_script_enabled=False, storage_state=held)
    plain.goto("/conditions/dystonia/questions/treatments/answers")
    first = plain.locator("li.post").first
    before = int(first.locator("button[value=yes] .number").inner_text())
    first.locator("button[value=yes]").focus()
    with plain.expect_navigation():
        plain.keyboard.press("Enter")
    pressed = plain.locator("li.post").first.locator("button[aria-pressed=true]")
    assert int(pressed.locator(".number").inner_text()) == before + 1
    page.goto("/conditions/dystonia/questions/treatments/answers")
    tab_to(page, "Not for me", "submit")
