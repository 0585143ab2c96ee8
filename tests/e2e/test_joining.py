"""From a condition's page onto its map, as somebody new does it on a phone, tap by tap."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import Visitor, click_through, here, link_in_mail, picked_area, sign_in
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
MOST_TAPS = 8
CONDITION = "/conditions/dystonia"


class Phone:
    """Somebody on a phone whose taps are counted; typing into a field counts as one."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        """Tap something on the page."""
        self.taps += 1
        what.click()

    def go(self, what: Locator) -> None:
        """Tap something that leads to another page."""
        self.taps += 1
        click_through(what)

    def type(self, field: Locator, text: str) -> None:
        """Type into a field."""
        self.taps += 1
        field.press_sequentially(text)

    def button(self, name: str) -> Locator:
        """Return a button of the page."""
        return self.page.get_by_role("button", name=name)


def choose_and_ask(phone: Phone, address: str, scripts: bool) -> None:
    """Go from the condition's page to “Check your email”."""
    page = phone.page
    page.goto(CONDITION)
    phone.go(page.get_by_role("main").get_by_role("link", name="Put yourself on the map").first)
    phone.type(page.get_by_label("Type a town"), "Leeds")
    if scripts:
        phone.tap(page.get_by_role("option").filter(has_text="Leeds").first)
    else:
        phone.go(phone.button("Find"))
    expect(page.get_by_text("Others see you somewhere around Leeds").first).to_be_visible()
    assert page.get_by_label("Your email address").is_visible()
    phone.type(page.get_by_label("Your email address"), address)
    phone.go(phone.button("Send me the link"))
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_placed_after_eight_taps(open_page: Open, visitor: Visitor, scripts: bool) -> None:
    before = visitor.total("dystonia")
    address = f"joins-{scripts}@example.org".lower()
    page, watch = open_page(width=360, height=740, java_script_enabled=scripts)
    phone = Phone(page)
    choose_and_ask(phone, address, scripts)
    link = link_in_mail(page, address)
    phone.taps += 1  # the link, in the mail
    page.goto(here(page, link))
    expect(page.get_by_role("heading", name="Did you choose this?")).to_be_visible()
    expect(page.get_by_text("Others see you somewhere around Leeds")).to_be_visible()
    assert visitor.total("dystonia") == before
    phone.tap(page.get_by_label("I am 18 or over"))
    phone.go(phone.button("Agree and put me on the map"))
    expect(page.get_by_text("You are counted here: Leeds")).to_be_visible()
    expect(page.get_by_role("heading", name="You are on the map")).to_be_visible()
    assert phone.taps <= MOST_TAPS
    assert visitor.total("dystonia") == before + 1
    expect(page.get_by_text(re.compile(r"\d+ people (within|in)"))).to_be_visible()
    phone.go(page.get_by_role("link", name="Say what you would like to be asked about"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("asked about")
    watch.assert_clean()


def test_with_the_code_as_well(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740)
    phone = Phone(page)
    choose_and_ask(phone, "joins-by-code@example.org", scripts=True)
    mails = page.context.new_page()
    mails.goto("/dev/mail")
    mail = mails.get_by_role("article").filter(has_text="joins-by-code@example.org").first
    code = re.search(r"^\s*(\d{6})\s*$", mail.inner_text(), re.MULTILINE)
    mails.close()
    assert code
    phone.type(page.get_by_label("The code in the email"), code[1])
    phone.tap(page.get_by_label("I am 18 or over"))
    phone.go(phone.button("Agree and put me on the map"))
    expect(page.get_by_role("heading", name="You are on the map")).to_be_visible()
    assert phone.taps <= MOST_TAPS
    watch.assert_clean()


def test_in_another_browser_on_the_same_phone(open_page: Open) -> None:
    """The app that shows mails opens links in a browser of its own."""
    address = "joins-elsewhere@example.org"
    page, watch = open_page(width=360, height=740)
    choose_and_ask(Phone(page), address, scripts=True)
    link = link_in_mail(page, address)
    assert "dystonia" not in link
    other, other_watch = open_page(width=360, height=740)
    other.goto(link)
    expect(other.get_by_text("Others see you somewhere around Leeds")).to_be_visible()
    other.get_by_label("I am 18 or over").check()
    click_through(other.get_by_role("button", name="Agree and put me on the map"))
    expect(other.get_by_role("heading", name="You are on the map")).to_be_visible()
    # The first browser is not signed in by it, and does not tell that the link was used.
    before = page.get_by_role("main").inner_text()
    page.reload()
    assert page.get_by_role("main").inner_text() == before
    watch.assert_clean()
    other_watch.assert_clean()


def test_a_stranger_s_choice_is_refused_by_closing_the_page(
    open_page: Open, visitor: Visitor
) -> None:
    before = visitor.total("dystonia")
    address = "joins-not-me@example.org"
    page, _watch = open_page(width=360, height=740)
    choose_and_ask(Phone(page), address, scripts=True)
    link = link_in_mail(page, address)
    mine, watch = open_page(width=360, height=740)
    mine.goto(link)
    click_through(mine.get_by_role("button", name="Sign in without it"))
    expect(mine.get_by_role("heading", level=1, name="My places")).to_be_visible()
    assert visitor.total("dystonia") == before
    watch.assert_clean()


def test_the_few_are_offered_a_region(open_page: Open, visitor: Visitor) -> None:
    """A condition with fewer than fifty people; the map's script keeps to it as well."""
    slug = next(
        one
        for one in re.findall(
            r'href="/conditions/([\w-]+)"', visitor.ask("/conditions?letter=A").text
        )
        if visitor.total(one) < 50
    )
    page, watch = open_page(width=360, height=740)
    page.goto(f"/conditions/{slug}/join")
    page.get_by_label("Type a town").press_sequentially("Leeds")
    page.get_by_role("option").filter(has_text="Leeds").first.click()
    expect(page.locator("#preview")).to_contain_text("Others see only your region, England")
    expect(page.get_by_text("Fewer than 50 people are on this map")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name=re.compile("^Around Leeds")).check()
    expect(page.locator("#preview")).to_contain_text("somewhere around Leeds")
    watch.assert_clean()


def test_signed_in_one_joins_on_the_page_of_members(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740)
    sign_in(page, "joins-later@example.org", CONDITION)
    page.goto(f"{CONDITION}/join?area=9")
    assert page.url.endswith(f"{CONDITION}/place?area=9")
    assert picked_area(page) == 9
    assert page.get_by_label("Your email address").count() == 0
    watch.assert_clean()
