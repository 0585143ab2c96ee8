"""Two people meet, talk, fall out; a moderator decides, and the decision is appealed. In browsers.

Only what their pages offer is used. The second person has no scripts, on a narrow screen.
"""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mapapp.actions.account.staff_roles import make_staff
from mapapp.actions.core.context import Context
from mapapp.store.database import make_engine, transaction
from tests.e2e.acts import choose_town, click_through, put_on_map, set_up_app, sign_in
from tests.e2e.conftest import Live
from tests.e2e.settling import settle
from tests.e2e.test_axe import RULES
from tests.e2e.watching import Watch

pytestmark = pytest.mark.browser

SLUG = "ehlers-danlos-syndrome-periodontitis-type"
Open = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def meet(open_page: Open, live: Live) -> Iterator[dict[str, Page]]:
    """Wren and Robin on one map, and two moderators with a second step; none complained about.

    An appeal is for another moderator than the one who decided, wherever there is another.
    """
    wren, watch_wren = open_page()
    robin, watch_robin = open_page(width=360, java_script_enabled=False)
    boss, watch_boss = open_page()
    other, watch_other = open_page()
    for page, name in ((wren, "Wren"), (robin, "Robin")):
        sign_in(page, f"{name.lower()}-meets@example.org")
        choose_town(page, SLUG, "Leeds")
        page.get_by_role("textbox", name="Pseudonym").fill(f"{name} Who Meets")
        page.get_by_role("group", name="Who sees you?").get_by_label("Members").check()
        put_on_map(page)
    engine = make_engine(live.settings.sqlalchemy_url)
    with transaction(engine) as session:
        for name in ("moderator", "other"):
            make_staff(Context(session, live.settings), f"{name}-meets@example.org", "moderator")
    engine.dispose()
    for page, name in ((boss, "moderator"), (other, "other")):
        sign_in(page, f"{name}-meets@example.org")
        set_up_app(page, "/moderation")
    yield {"wren": wren, "robin": robin, "boss": boss, "other": other}
    for watch in (watch_wren, watch_robin, watch_boss, watch_other):
        assert watch.foreign == []
    assert watch_wren.complaints == watch_boss.complaints == watch_other.complaints == []


def _well_made(page: Page) -> None:
    settle(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def _fits(page: Page) -> None:
    """Nothing sticks out at 360 px; measured where no script of the page runs, by the browser."""
    width = page.viewport_size["width"] if page.viewport_size else 360
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= width
    header = page.locator("header.site-header").bounding_box()
    assert header is not None
    assert header["width"] <= width


def _knock(robin: Page) -> None:
    robin.goto(f"/conditions/{SLUG}/areas/GB")
    person = robin.get_by_role("listitem").filter(has_text="Wren Who Meets")
    person.get_by_role("link", name="Connect").click()
    expect(robin.get_by_text("What they will read about you")).to_be_visible()
    _fits(robin)
    assert robin.locator("textarea, input[type=text]").count() == 0  # no free word
    robin.get_by_label("I was diagnosed recently").check()
    robin.get_by_label("There is no hurry").check()
    robin.get_by_role("button", name="Ask", exact=True).click()
    expect(robin.get_by_text("No answer yet")).to_be_visible()


def _accept(wren: Page) -> None:
    wren.goto("/inbox")
    knock = wren.get_by_role("listitem").filter(has_text="Robin Who Meets")
    expect(knock.get_by_text("I was diagnosed recently")).to_be_visible()
    expect(knock.get_by_text("here for less than a year")).to_be_visible()
    _well_made(wren)
    knock.get_by_role("button", name="Accept").click()
    expect(wren.get_by_text("You have both said yes")).to_be_visible()


def _say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message-mine").last).to_contain_text(text)


def test_from_the_first_knock_to_the_appeal(meet: dict[str, Page]) -> None:
    wren, robin, boss, other = (meet[who] for who in ("wren", "robin", "boss", "other"))
    _knock(robin)
    _accept(wren)
    _say(wren, "Hello Robin, how are you?")
    _well_made(wren)
    robin.goto("/inbox")
    expect(robin.get_by_role("main").get_by_text("1 new")).to_be_visible()
    _fits(robin)
    robin.get_by_role("link", name="Wren Who Meets").click()
    expect(robin.get_by_text("Hello Robin, how are you?")).to_be_visible()
    _say(robin, "You are a fool and I shall find you.")
    _fits(robin)

    wren.reload()
    rude = wren.locator(".message").filter(has_text="You are a fool")
    rude.get_by_role("link", name="Report").click()
    _well_made(wren)
    wren.get_by_role("button", name="Harasses or threatens").click()
    expect(wren.get_by_text("Your report is with the moderators")).to_be_visible()
    _well_made(wren)
    wren.get_by_role("button", name="Block this person").click()
    expect(wren.get_by_text("they no longer see you")).to_be_visible()

    robin.reload()
    expect(
        robin.get_by_role("heading", name="This person has left this conversation")
    ).to_be_visible()
    expect(robin.get_by_text("Hello Robin, how are you?")).to_have_count(0)
    for page, gone in ((robin, "Wren Who Meets"), (wren, "Robin Who Meets")):
        page.goto(f"/conditions/{SLUG}/areas/GB")
        expect(page.get_by_text(gone)).to_have_count(0)

    boss.goto("/moderation")
    _well_made(boss)
    boss.get_by_role("link", name="Harasses or threatens").click()
    expect(boss.get_by_text("You are a fool")).to_have_count(0)
    boss.get_by_role("button", name="Take it and read it").click()
    expect(boss.get_by_text("You are a fool and I shall find you.")).to_be_visible()
    _well_made(boss)
    boss.get_by_label("Silence for a time").check()
    boss.locator("select[name=days]").select_option("7")
    boss.locator("textarea[name=reason]").fill("Threats have no place here. Please be kind.")
    click_through(boss.get_by_role("button", name="Decide"))

    robin.goto("/account")
    expect(robin.get_by_text("moderator").first).to_be_visible()
    robin.goto("/account/rulings")
    expect(robin.get_by_text("Threats have no place here")).to_be_visible()
    _fits(robin)
    robin.get_by_text("I do not agree").click()
    robin.locator("textarea[name=words]").fill("It was a joke between friends, and I am sorry.")
    robin.get_by_role("button", name="Appeal").click()
    expect(robin.get_by_text("A moderator will look at it again")).to_be_visible()

    other.goto("/moderation?state=appealed")
    other.get_by_role("link", name="Harasses or threatens").click()
    expect(other.get_by_text("It was a joke between friends")).to_be_visible()
    _well_made(other)
    other.locator("input[name=outcome][value=lifted]").check()
    other.locator("textarea[name=reason]").fill("Lifted, because you are sorry. Not again, please.")
    click_through(other.get_by_role("button", name="Decide on the appeal"))
    robin.goto("/account/rulings")
    expect(robin.get_by_text("Lifted, because you are sorry")).to_be_visible()
