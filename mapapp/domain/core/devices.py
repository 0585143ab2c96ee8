"""The name of a browser, with just enough detail to tell one's own devices apart.

Only names from these tables are returned: never a version, never a rare, identifying word.
"""

from functools import lru_cache

from ua_parser import BestAvailableResolver, Domain, Resolver, load_lazy_builtins

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
    found = _resolver()(user_agent[:LONGEST_AGENT], Domain.USER_AGENT | Domain.OS)
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
def _resolver() -> Resolver:
    # The library's own parser keeps the last 2,000 strings in memory; this one keeps none.
    return BestAvailableResolver(load_lazy_builtins())
