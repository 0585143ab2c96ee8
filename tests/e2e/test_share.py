"""Showing a map to others in a real browser: copying, the frame in another site, and paper."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from mapapp.maps.palette import LIGHT
from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SHARE = "/conditions/dystonia/share"
FRAME = "/embed/conditions/dystonia"
SIZES = ((320, 200), (320, 320), (480, 360), (900, 200), (900, 600))
NOT_PRINTED = "header.site-header, footer.site-footer, form, button, input, .button, .leave, nav"
MOST_SHEETS = 4
"""Of a map with a hundred countries, and of a condition with questions and stories."""


@pytest.fixture
def other_site(live: Live) -> Iterator[Callable[[str], str]]:
    """Another site: give it the body of its page, and it says where that is."""
    bodies: list[str] = []

    class _Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Other</title>{bodies[-1]}".encode())

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def _show(body: str) -> str:
        bodies.append(body)
        return f"http://localhost:{server.server_port}/"

    yield _show
    server.shutdown()
    thread.join()
    server.server_close()


def test_link_and_code_are_copied(open_page: Open, live: Live) -> None:
    page, watch = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(SHARE)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_have_count(1)
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"{live.url}/conditions/dystonia/map"
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_have_count(2)
    assert f'src="{live.url}{FRAME}"' in page.evaluate("() => navigator.clipboard.readText()")
    watch.assert_clean()


def test_the_page_is_whole_without_scripts(open_page: Open) -> None:
    page, watch = open_page(width=360, java_script_enabled=False)
    page.goto("/conditions/dystonia/map")
    page.get_by_role("link", name="Share this map").click()
    expect(page.get_by_label("The address of the map")).to_be_editable(editable=False)
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    for name in ("Download the picture", "Open the poster", "See what it shows"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    watch.assert_clean()


def test_another_site_frames_the_code_it_was_given(
    open_page: Open, other_site: Callable[[str], str], live: Live
) -> None:
    page, _watch = open_page()
    page.goto("/conditions/dystonia/map")
    people = page.locator(".people-number").inner_text()  # others may have joined meanwhile
    page.goto(SHARE)
    code = page.get_by_label("Code for a page of HTML").input_value()
    page.goto(other_site(code))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Dystonia")).to_be_visible()
    expect(frame.get_by_text(people)).to_be_visible()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Open the full map").click()
    opened.value.wait_for_url(f"{live.url}/conditions/dystonia/map")
    assert page.context.cookies() == []


def test_another_site_cannot_frame_any_other_page(
    open_page: Open, other_site: Callable[[str], str], live: Live
) -> None:
    page, _watch = open_page()
    for path in ("/", "/conditions/dystonia/map", "/embed/conditions/no-such"):
        page.goto(other_site(f'<iframe src="{live.url}{path}"></iframe>'))
        page.wait_for_load_state("networkidle")
        inside = page.frames[1]
        assert inside.url.startswith("chrome-error:"), path


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_needs_no_scrolling(open_page: Open, size: tuple[int, int]) -> None:
    page, watch = open_page(*size)
    page.goto(FRAME)
    over = page.evaluate(
        "() => [document.documentElement.scrollWidth - innerWidth,"
        " document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(over) <= 0
    way = page.get_by_role("link", name="Open the full map").bounding_box()
    assert way["height"] >= 44
    assert way["y"] + way["height"] <= size[1]
    drawn = page.get_by_role("img").bounding_box()
    assert min(drawn["width"], drawn["height"]) >= 60
    watch.assert_clean()


@pytest.mark.parametrize("path", ["/conditions/dystonia/map", "/conditions/dystonia"])
@pytest.mark.parametrize("scripts", [True, False])
def test_map_and_list_are_printed_and_nothing_to_press(
    open_page: Open, path: str, scripts: bool
) -> None:
    page, watch = open_page(java_script_enabled=scripts, color_scheme="dark")
    page.goto(path)
    page.emulate_media(media="print")
    expect(page.locator(".map-world, .teaser img")).to_be_visible()
    expect(page.locator("table.data tbody tr").last).to_be_visible()
    pressed = page.locator(NOT_PRINTED).all()
    assert len(pressed) > 3
    assert [one.inner_html()[:80] for one in pressed if one.is_visible()] == []
    assert page.get_by_role("link", name="Share this map").count() == 0
    sheets = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    assert 1 <= sheets <= MOST_SHEETS
    if scripts:
        shade = page.locator(".map-world .shape, .teaser").first.evaluate(
            "(one) => getComputedStyle(one).getPropertyValue('--shade-6')"
        )
        assert shade == LIGHT[6]  # that of light pages: paper is white
    watch.assert_clean()
