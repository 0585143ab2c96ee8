"""Film the way from the home page to a first request on a phone: scripts/journeys.

Somebody newly diagnosed, on the demo, at 360 x 740 pixels. A tap is a tap; typing into a field
counts as one, and so does the link in the mail.
"""

import base64
import os
import re
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench_compare import TOP
from first_view import PROGRAMS, SIZE, serve_demo
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FOLDER = TOP / "docs" / "journeys"
ADDRESS = "newly-diagnosed@example.org"
LARGEST = 60_000  # bytes of a picture
CALM = 700  # milliseconds until what moves has come to rest
HEAD = """# From the first visit to the first request

Somebody newly diagnosed, on a phone of 360 × 740 pixels, on the demo. `scripts/journeys` films it
and writes this page. A tap is a tap; typing into a field counts as one, and so does opening the
link in the mail.

| after | what is seen | |
|---|---|---|"""
MARKS = """Taps from the condition's page on. Whoever does not open the map before needs one less
for the second and the third."""


class Film:
    """A phone in somebody's hand, whose taps are counted, and the pictures taken of it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0
        self.rows: list[str] = []
        self.marks: list[str] = []
        self.begun = 0

    def tap(self, what: Locator) -> None:
        """Tap something."""
        self.taps += 1
        what.click()

    def type(self, field: Locator, text: str) -> None:
        """Type into a field."""
        self.taps += 1
        field.press_sequentially(text)

    def show(self, words: str, at: Locator | None = None) -> None:
        """Take a picture of what the screen shows, scrolled to ``at``."""
        self.page.wait_for_load_state("networkidle")
        if at is not None:
            at.evaluate("(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
        self.page.wait_for_timeout(CALM)
        name = f"{len(self.rows) + 1:02}.webp"
        picture = _picture(self.page)
        if len(picture) > LARGEST:
            raise SystemExit(f"{name} has {len(picture)} bytes.")
        (FOLDER / name).write_bytes(picture)
        taps = f"{self.taps} tap{'s' if self.taps != 1 else ''}"
        self.rows.append(f'| {taps} | {words} | <img src="{name}" width="180" alt="{words}"> |')

    def reached(self, what: str) -> None:
        """Note after how many taps from the condition's page something was reached."""
        self.marks.append(f"- {what}: {self.taps - self.begun}")

    def button(self, name: str) -> Locator:
        """Return a button of the page."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """Return the first link of the page with a name."""
        return self.page.get_by_role("main").get_by_role("link", name=name).first


def main() -> None:
    """Take the pictures, and write the page around them."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("Chromium is missing (apt-get install chromium-headless-shell).")
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with ExitStack() as stack, sync_playwright() as play:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mapapp-film-")))
        site = serve_demo(stack, folder / "site", TOP, MAPAPP_DEV="true")  # mails: /dev/mail
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        film = _journey(browser, site)
        browser.close()
    page = [HEAD, *film.rows, "", MARKS, "", *film.marks]
    (FOLDER / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")
    print(*film.marks, sep="\n")


def _journey(browser: Browser, site: str) -> Film:
    context = browser.new_context(
        base_url=site, viewport=SIZE, device_scale_factor=1.5, has_touch=True, locale="en-GB"
    )
    page = context.new_page()
    page.goto("/")
    film = Film(page)
    film.show("The home page asks for the condition.")
    _find(film)
    _place(film)
    _ask(film)
    return film


def _find(film: Film) -> None:
    page = film.page
    film.type(page.get_by_role("combobox").first, "dystonia")
    film.show("The search knows it by all its names.")
    film.tap(page.get_by_role("option").first)
    film.show("The condition, in a few words, and its numbers.")
    film.begun = film.taps
    film.tap(film.link("See the map"))
    page.wait_for_url("**/map*")
    film.reached("the map of the condition")
    film.show("Its map, with how many are where.")


def _place(film: Film) -> None:
    page = film.page
    film.tap(film.link("Put yourself on the map"))
    page.get_by_label("Type a town").wait_for()
    film.show("Where? A town is typed, or the map is tapped.")
    film.type(page.get_by_label("Type a town"), "Leeds")
    film.tap(page.get_by_role("option").filter(has_text="Leeds").first)
    film.show("What others will see, before anything is sent.", page.get_by_text(SEEN).first)
    email = page.get_by_label("Your email address")
    film.type(email, ADDRESS)
    film.show("Who sees it; and last, the address.", email)
    film.tap(film.button("Send me the link"))
    page.get_by_role("heading", name="Check your email").wait_for()
    film.taps += 1  # the link in the mail
    page.goto(_link_in_mail(page))
    film.show("The link shows once more what was chosen.")
    film.tap(page.get_by_label("I am 18 or over"))
    film.tap(film.button("Agree and put me on the map"))
    page.get_by_role("heading", name="You are on the map").wait_for()
    film.reached("one's own place on it")
    film.show("Placed: how many are near, and one thing to do next.")


SEEN = "Others see you somewhere around Leeds"


def _ask(film: Film) -> None:
    page = film.page
    film.tap(film.link("See who is near"))
    page.wait_for_url("**/nearby*")
    film.show("Who is near: numbers first.")
    film.tap(film.link("Ask them"))
    page.get_by_role("heading", name="Ask several people").wait_for()
    film.show("One request to several people, each of whom decides alone.")
    film.tap(
        page.get_by_role("group", name="Why would you like to talk?").get_by_role("radio").first
    )
    film.show("Why, in ready-made words.", page.get_by_text("Why would you like to talk?"))
    film.tap(film.button("Ask them"))
    page.wait_for_url("**/inbox")
    film.reached("a request that is sent")
    film.show("Sent.")


def _link_in_mail(page: Page) -> str:
    mails = page.context.new_page()
    mails.goto("/dev/mail")
    mail = mails.get_by_role("article").filter(has_text=ADDRESS).first
    link = mail.get_by_role("link").first.get_attribute("href") or ""
    mails.close()
    return re.sub(r"^https?://[^/]+", "", link)


def _picture(page: Page) -> bytes:
    """Return what the screen shows as WebP, which Playwright itself does not make."""
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": 60})
    session.detach()
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
