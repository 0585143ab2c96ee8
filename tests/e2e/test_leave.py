"""The way out of a page that names a condition: always in reach, and nobody is led back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import click_through
from tests.e2e.settling import settle

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
CONDITION = "/conditions/dystonia"
MAP = f"{CONDITION}/map"


@pytest.fixture
def way(open_page: Open) -> Callable[..., Page]:
    """Factory of a page from which the neutral site can be reached: no test leaves this machine."""

    def _open(**options: Any) -> Page:
        page, _watch = open_page(**options)
        page.route("**/away", lambda route: route.fulfill(body="neutral"))
        return page

    return _open


def _leave(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("**/away")


def test_the_button_takes_the_page_out_of_the_history(way: Callable[..., Page]) -> None:
    page = way()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("referer", "")))
    page.goto("/how-we-count")
    page.goto(CONDITION)
    before = page.evaluate("history.length")
    _leave(page)
    assert set(asked) == {""}
    assert page.evaluate("history.length") == before


def test_whoever_goes_back_is_led_away_from_each_page_read_before(
    way: Callable[..., Page],
) -> None:
    page = way()
    page.goto("about:blank")
    for path in (CONDITION, f"{CONDITION}/questions", f"{CONDITION}/treatments"):
        page.goto(path)
    _leave(page)
    shown: list[str] = []
    page.on("framenavigated", lambda frame: shown.append(frame.url))
    for _step in range(2):
        page.go_back(wait_until="commit")
        page.wait_for_url("**/away")
        assert page.locator("body").inner_text() == "neutral"
    page.go_back()
    assert page.url == "about:blank"
    page.goto(CONDITION)  # somebody comes anew, and going back is as it always was
    page.goto(f"{CONDITION}/questions")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Dystonia")).to_be_visible()


def test_escape_three_times(way: Callable[..., Page]) -> None:
    page = way()
    page.goto(CONDITION)
    status = page.locator("[data-leave-status]")
    page.keyboard.press("Escape")
    assert status.inner_text() == ""
    page.keyboard.press("Escape")
    assert status.inner_text() == "Press Escape once more to leave this page."
    assert page.url.endswith(CONDITION)
    page.keyboard.press("Escape")
    page.wait_for_url("**/away")


@pytest.mark.parametrize("between", ["Tab", "a"])
def test_another_key_between_begins_anew(way: Callable[..., Page], between: str) -> None:
    page = way()
    page.goto(CONDITION)
    for key in ("Escape", "Escape", between, "Escape", "Escape"):
        page.keyboard.press(key)
    settle(page)
    assert page.url.endswith(CONDITION)


def test_slow_presses_do_not_leave(way: Callable[..., Page]) -> None:
    page = way()
    page.goto(CONDITION)
    page.evaluate("""() => {
      const at = [1000, 2400, 4000, 5400];
      const press = (time) => {
        const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
        Object.defineProperty(event, "timeStamp", { value: time });
        document.body.dispatchEvent(event);
      };
      at.forEach(press);
    }""")
    settle(page)
    assert page.url.endswith(CONDITION)


def test_escape_still_closes_what_is_open_and_leaves_all_the_same(
    way: Callable[..., Page],
) -> None:
    page = way()
    page.goto(CONDITION)
    field = page.get_by_role("combobox", name="Search for a condition")
    field.press_sequentially("dysto")
    page.get_by_role("option").first.wait_for()
    field.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert field.input_value() == "dysto"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/away")


def test_it_is_told_with_the_button_that_escape_works(way: Callable[..., Page]) -> None:
    page = way()
    page.goto(CONDITION)
    button = page.get_by_role("link", name="Leave this page")
    expect(button).to_have_accessible_description("or Escape three times")
    assert page.get_by_text("or Escape three times").is_visible()


def test_without_scripts_it_is_a_link_and_promises_no_key(way: Callable[..., Page]) -> None:
    page = way(java_script_enabled=False)
    page.goto(CONDITION)
    assert page.get_by_text("or Escape three times").is_hidden()
    click_through(page.get_by_role("link", name="Leave this page"))
    assert page.url.endswith("/away")


SIZES = [(360, 740), (768, 1024), (1280, 900)]
IN_REACH = """() => {
  const box = document.querySelector("[data-leave]").getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.height >= 44 && Boolean(at?.closest("[data-leave]"));
}"""


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("path", [CONDITION, MAP, f"{CONDITION}/nearby"])
def test_it_stays_in_reach_while_one_scrolls(
    way: Callable[..., Page], path: str, width: int, height: int
) -> None:
    page = way(width=width, height=height)
    page.goto(path)
    settle(page)
    for share in (0, 0.5, 1):
        page.evaluate("share => scrollTo(0, document.body.scrollHeight * share)", share)
        assert page.evaluate(IN_REACH), (path, share)


def test_above_the_open_map_of_a_phone(way: Callable[..., Page]) -> None:
    page = way(width=360, height=740)
    page.goto(f"{MAP}#map-stage")
    page.locator(".map-stage.is-open").wait_for()
    settle(page)
    assert page.evaluate(IN_REACH)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024)])
def test_the_last_line_of_a_page_ends_above_it(
    way: Callable[..., Page], width: int, height: int
) -> None:
    page = way(width=width, height=height)
    for path in (CONDITION, MAP):
        page.goto(path)
        settle(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        footer = page.locator(".site-footer").bounding_box()
        bar = page.locator(".leave").bounding_box()
        assert footer["y"] + footer["height"] <= bar["y"] + 1, path


@pytest.mark.parametrize("path", [CONDITION, MAP, f"{CONDITION}/nearby"])
def test_at_four_times_the_size_it_covers_nothing(way: Callable[..., Page], path: str) -> None:
    """A window of 1280 px at 400 % leaves 320 px by 256 px."""
    page = way(width=320, height=256)
    page.goto(path)
    settle(page)
    assert page.locator(".leave").evaluate("it => getComputedStyle(it).position") == "static"
    covered = page.evaluate("""() => {
      const way = document.querySelector(".leave").getBoundingClientRect();
      const others = [...document.querySelectorAll("h1, h2, p, a, button, input, .map-stage")];
      return others
        .filter((it) => !it.closest(".leave") && it.checkVisibility())
        .filter((it) => {
          const box = it.getBoundingClientRect();
          const isBeside = box.right <= way.left || box.left >= way.right;
          return box.width && !isBeside && box.bottom > way.top && box.top < way.bottom;
        })
        .map((it) => it.textContent.trim());
    }""")
    assert covered == []
