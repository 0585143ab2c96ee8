"""Suggestions, and the main way through the pages, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.acts import click_through, sign_in
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_suggested_condition_by_keyboard(open_page: Open) -> None:
    page, watch = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="Which condition?")
    field.press_sequentially("dysto")
    page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant")
    field.press("Escape")
    assert page.get_by_role("option").count() == 0
    field.press_sequentially("n")
    page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/conditions/dystonia")
    watch.assert_clean()


def test_a_late_answer_does_not_take_the_choice_away(open_page: Open) -> None:
    page, watch = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="Which condition?")
    field.press_sequentially("dysto")
    page.get_by_role("option").first.wait_for()
    late: list[Any] = []
    page.route("**/api/v1/conditions?q=dyston&limit=8", lambda route: late.append(route))
    with page.expect_request("**/api/v1/conditions?q=dyston&limit=8"):
        field.press("n")
    field.press("ArrowDown")
    chosen = page.locator('[role="option"][aria-selected="true"]')
    text = chosen.inner_text()
    with page.expect_response("**/api/v1/conditions?q=dyston&limit=8"):
        late[0].continue_()
    settle(page)  # the answer may do harm until then
    assert chosen.inner_text() == text
    field.press("Enter")
    page.wait_for_url("**/conditions/*")
    watch.assert_clean()


def test_suggested_town_leads_to_people_nearby(open_page: Open) -> None:
    page, watch = open_page(width=360, height=740)
    page.goto("/conditions/dystonia")
    field = page.get_by_role("combobox", name="Town or city")
    field.press_sequentially("Berli")
    page.get_by_role("option").first.click()
    assert field.input_value() == "Berlin, Berlin, Germany"
    page.get_by_role("button", name="See who is near").click()
    page.get_by_role("heading", level=1, name="Berlin, Germany").wait_for()
    assert page.get_by_text("Did you mean another place?").count() == 0
    watch.assert_clean()


def test_everything_works_without_scripts(open_page: Open) -> None:
    page, watch = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Which condition?").fill("dystonai")
    click_through(page.locator("main").get_by_role("button", name="Search"))
    click_through(page.locator("main").get_by_role("link", name="Dystonia").first)
    page.get_by_label("Town or city").fill("Leeds")
    click_through(page.get_by_role("button", name="See who is near"))
    click_through(page.get_by_role("link", name="About this area"))
    click_through(page.get_by_role("link", name="United Kingdom", exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == "United Kingdom"
    watch.assert_clean()


QUESTION = "/conditions/dystonia/questions/treatments"


def test_what_search_engines_read_breaks_no_rule_of_the_page(open_page: Open) -> None:
    """The policy forbids inline scripts; a data block is not a script, and does not run."""
    page, watch = open_page()
    for path, kind in (("/conditions/dystonia", "MedicalCondition"), (QUESTION, "BreadcrumbList")):
        page.goto(path)
        blocks = page.locator('script[type="application/ld+json"]')
        (found,) = blocks.evaluate_all("found => found.map(one => JSON.parse(one.textContent))")
        assert kind in [node["@type"] for node in found["@graph"]]
    watch.assert_clean()


def test_a_question_prints_without_what_one_would_press(open_page: Open) -> None:
    page, watch = open_page()
    page.goto(QUESTION)
    gone = page.locator("header.site-header, footer, .breadcrumbs, .button, .further, .leave, form")
    assert sum(one.is_visible() for one in gone.all()) > 3
    page.emulate_media(media="print")
    assert sum(one.is_visible() for one in gone.all()) == 0
    assert page.get_by_role("heading", level=1).is_visible()
    watch.assert_clean()


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_the_header_is_one_row_and_the_banner_one_line(
    open_page: Open, width: int
) -> None:
    page, watch = open_page(width=width, height=740)
    sign_in(page, f"looks-at-{width}@example.org")
    for path in ("/account", "/conditions/dystonia/map"):
        page.goto(path)
        assert page.locator(".site-header").bounding_box()["height"] <= 57
        assert page.locator(".demo-banner").bounding_box()["height"] <= 40
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".site-menu > summary").click()
    click_through(page.get_by_role("link", name="My places"))
    assert page.get_by_role("heading", level=1, name="My places").is_visible()
    page.locator(".site-menu > summary").click()
    click_through(page.get_by_role("button", name="Sign out"))
    page.goto("/how-we-count")
    page.get_by_role("link", name="Search for a condition").click()
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.wait_for()
    watch.assert_clean()


def test_where_there_is_room_the_menu_is_a_row(open_page: Open) -> None:
    page, watch = open_page()
    sign_in(page, "looks-at-a-row@example.org")
    page.goto("/account")
    assert page.locator(".site-menu > summary").is_hidden()
    told = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    named = [
        one["name"]["value"]
        for one in told
        if not one["ignored"] and one["role"]["value"] in {"link", "button"} and "name" in one
    ]
    assert {"My places", "Inbox", "Account", "Sign out"} <= set(named)
    watch.assert_clean()
