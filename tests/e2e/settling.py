"""Waiting until nothing moves on a page any more, instead of a fixed time."""

import time
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Error, Page, Request

LONGEST = 30  # seconds
LOOK_AGAIN = 20  # milliseconds; meanwhile the browser tells what it was given

MOVING = """() => document.getAnimations().filter((one) => one.playState === 'running'
  && Number.isFinite(one.effect?.getComputedTiming().endTime)).length"""
"""Counts what fades and moves and comes to an end; this works where scripts are off, too."""

_under_way: WeakKeyDictionary[BrowserContext, set[Request]] = WeakKeyDictionary()


def watch_requests(context: BrowserContext) -> None:
    """Start to count the pending requests of the pages of ``context``."""
    asked: set[Request] = set()
    _under_way[context] = asked
    context.on("request", lambda request: asked.add(request))
    context.on("requestfinished", lambda request: asked.discard(request))
    context.on("requestfailed", lambda request: asked.discard(request))


def settle(page: Page, calm: float = 0.1) -> None:
    """Wait until ``page`` has received all responses and all its animations have ended.

    Args:
        page: what is open.
        calm: for so many seconds; a map redraws itself a moment after its frame changed.
    """
    page.wait_for_load_state("load")
    begun = restless = time.monotonic()
    while True:
        if _moves(page) or _under_way[page.context]:
            restless = time.monotonic()
        elif time.monotonic() - restless >= calm:
            return
        assert restless - begun < LONGEST, f"{page.url} does not come to rest"
        page.wait_for_timeout(LOOK_AGAIN)


def _moves(page: Page) -> bool:
    try:
        return bool(page.evaluate(MOVING))
    except Error as error:
        # A page that gives way to another one while it is asked is not at rest.
        if "Execution context was destroyed" in error.message:
            return True
        raise
