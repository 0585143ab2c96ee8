import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.core.devices import BROWSERS, SYSTEMS, browser_and_system, device_of

KIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {KIT}"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {KIT}"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT}"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
            "Firefox on Android",
        ),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox on Linux"),
        (f"{WINDOWS} Chrome/128.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0", "Edge on Windows"),
        (f"{ANDROID} Chrome/128.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iOS"),
        (f"{IPHONE} FxiOS/130.0 Mobile/15E148 Safari/605.1.15", "Firefox on iOS"),
        (f"{IPHONE} CriOS/128.0.0 Mobile/15E148 Safari/604.1", "Chrome on iOS"),
        (f"{IPHONE} Mobile/15E148", "Safari on iOS"),
    ],
)
def test_common_browsers_have_their_plain_names(agent: str, device: str) -> None:
    assert device_of(agent) == device
    assert " on ".join(browser_and_system(device)) == device


@pytest.mark.parametrize("agent", ["", "curl/8.0", "Somebody's own browser 1.0", "x" * 100_000])
def test_everything_else_is_unknown(agent: str) -> None:
    assert device_of(agent) == ""
    assert browser_and_system("") == ("", "")


@given(st.text() | st.from_regex(re.compile(r"Mozilla/5\.0 \(\w+; \w+\) \w+/\d+ \w+/\d+")))
def test_only_names_that_many_share_come_out(agent: str) -> None:
    browser, system = browser_and_system(device_of(agent))
    assert browser in {"", *BROWSERS.values()}
    assert system in {"", *SYSTEMS.values()}
