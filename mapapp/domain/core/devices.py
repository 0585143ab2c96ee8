"""The name of a browser, with just enough detail to tell one's own devices apart.

Only names from these tables are returned: never a version, never a rare, identifying word.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    import ua_parser
else:
    ua_parser = OnFirstUse("ua_parser")  # only signing in asks for a device's name

LONGEST_AGENT = 400  # characters; the rest is the same for everyone, or made to waste our time

BROWSERS = {
    "Chrome": "Chrome",
    "Chromium": "Chromium",
    "DuckDuckGo": "DuckDuckGo",
    "Edge": "Edge",
    "Firefox": "Firefox",
    "HeadlessChrome": "Chrome",
    "Opera": "Opera",
    "Safari": "Safari",
    "Samsung Internet": "Samsung Internet",
    "Vivaldi": "Vivaldi",
    "Yandex Browser": "Yandex Browser",
}
SYSTEMS = {
    "Android": "Android",
    "Chrome OS": "ChromeOS",
    "Debian": "Linux",
    "Fedora": "Linux",
    "Linux": "Linux",
    "Mac OS X": "macOS",
    "Ubuntu": "Linux",
    "Windows": "Windows",
    "iOS": "iOS",
}
BROWSER_KINDS = (" Mobile WebView", " Mobile iOS", " Mobile", " iOS", " UI/WKWebView")
BETWEEN = " on "


def device_of(user_agent: str) -> str:
    """Return ``Firefox on Android`` for a browser that says so, '' for one we do not know."""
    found = _resolver()(
        user_agent[:LONGEST_AGENT], ua_parser.Domain.USER_AGENT | ua_parser.Domain.OS
    )
    browser = _plain(found.user_agent.family if found.user_agent else "")
    system = SYSTEMS.get(found.os.family if found.os else "")
    return f"{browser}{BETWEEN}{system}" if browser and system else ""


def browser_and_system(device: str) -> tuple[str, str]:
    """Return the two parts of what ``device_of`` gave; '' and '' for an unknown device."""
    browser, _on, system = device.partition(BETWEEN)
    return browser, system


def _plain(family: str) -> str | None:
    name = family.removeprefix("Mobile ")
    for kind in BROWSER_KINDS:
        name = name.removesuffix(kind)
    return BROWSERS.get(name)


@lru_cache
def _resolver() -> "ua_parser.Resolver":
    # The library's own parser keeps the last 2,000 strings in memory; this one keeps none.
    return ua_parser.BestAvailableResolver(ua_parser.load_lazy_builtins())
