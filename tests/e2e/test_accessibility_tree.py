"""What a screen reader is told of a map and its list: roles, names, numbers, and their order."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.settling import settle
from tests.e2e.test_map_page import MAP, open_map

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
BEGINNING = """
- link "Skip to the map":
  - /url: "#map-stage"
- link "Skip to the list of countries":
  - /url: "#countries"
- link "Skip to main content":
  - /url: "#main"
- banner
- main:
  - heading "Dystonia around the world" [level=1]
  - paragraph: /6\\d\\d people in 10\\d countries/
  - region "Map":
"""
CONTROLS = """
    - button "Zoom in"
    - button "Zoom out"
    - button "Show the whole world"
    - button "Full screen"
    - button "Near me"
"""
LEGEND = """
    - group:
      - list:
        - listitem: Nobody yet
        - listitem: 1 to 4
        - listitem: 5 to 19
        - listitem: 20 to 99
        - listitem: 100 people or more
"""
LIST = """
  - paragraph:
    - link "Put yourself on the map"
  - table "People on this map by country":
    - rowgroup:
      - row "Country People Per million":
        - columnheader "Country"
        - columnheader "People"
        - columnheader "Per million"
    - rowgroup:
      - row /^China 133 /:
        - rowheader "China":
          - link "China"
        - cell "133"
        - cell
      - row /^India 58 /
- contentinfo
"""
LIVE = r"""
    - application "World map of Dystonia":
      - button /^\d+ countries \(China, .*…\). 1\d\d people$/
      - 'button "Brazil: 40 people"': "40"
      - 'button "Australia: 6 people"': "6"
"""
SHADES = """
    - group:
      - group "What the shades show":
        - link "People"
        - link "Per million"
"""
DRAWN = r"""
    - group "World map; the list says the same in words":
      - link /^\d+ countries. \d+ people$/
"""


def _tree(page: Page, *parts: str) -> None:
    """Hold the page against a tree: all of it is there, in this order, with more between."""
    wanted = "".join(part.strip("\n") + "\n" for part in parts)
    expect(page.locator("body")).to_match_aria_snapshot(wanted)


def _names_say_numbers(frame: Locator, role: Any) -> None:
    """Each badge is named by what it counts and its number; together they are everybody."""
    badges = frame.get_by_role(role).all()
    total = 0
    for badge in badges:
        number = (badge.text_content() or "").strip()
        name = rf"(?:\w.*: )?{number} (?:people|person)"
        expect(badge).to_have_accessible_name(re.compile(f"^{name}$"))
        total += int(number)
    assert f"{total} people" == frame.page.locator(".people-number").inner_text()
    assert len(badges) >= 4


def test_on_a_desk_a_map_its_badges_its_legend_and_the_list(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page)
    settle(page)
    _tree(page, BEGINNING, LIVE, CONTROLS, SHADES, LIST)
    _tree(page, BEGINNING, CONTROLS, LEGEND, LIST)
    _names_say_numbers(page.get_by_role("application"), "button")


def test_on_a_phone_the_drawn_map_and_the_same_list(open_page: Open) -> None:
    page, _watch = open_page(width=360, height=740)
    page.goto(MAP)
    page.locator(".map-stage.is-live").wait_for()
    settle(page)
    _tree(page, BEGINNING, '    - link "Open the map"', DRAWN, LEGEND, LIST)
    _names_say_numbers(page.get_by_role("group", name="World map"), "link")


def test_without_scripts_the_drawn_map_and_the_same_list(open_page: Open) -> None:
    page, _watch = open_page(java_script_enabled=False)
    page.goto(MAP)
    _tree(page, BEGINNING, DRAWN, LEGEND, LIST)


def test_what_a_badge_opens_is_a_named_dialog_with_the_number(open_page: Open) -> None:
    page, _watch = open_page()
    open_map(page, "#CN")
    expect(page.get_by_role("dialog", name="China")).to_match_aria_snapshot("""
- dialog "China":
  - heading "China" [level=2]
  - button "Close"
  - list:
    - listitem: /1\\d\\d people/
  - paragraph:
    - link "Who is near?"
  - heading "People who let others see them" [level=3]
  - list
""")
