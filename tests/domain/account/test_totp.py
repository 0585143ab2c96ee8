"""Keys of authenticator apps, and the codes that are accepted."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
import time_machine

from mapapp.domain.account.totp import app_address, counter_of, in_groups, new_key, open_key
from mapapp.errors import BadInputError
from tests.apps import wrong

SECRET = "a secret for tests, and for tests alone"
RFC_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 2000000000: "279037"}
"""The last six of the eight digits in RFC 6238's table."""

NOW = 58793881
"""A half minute."""
KEY = "57OXX3Y5YPMHX365PNHWSLMFCABIBMDW"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW * 30 + 7, tick=False) as stopped:
        yield stopped


def _shown(key: str, counter: int = NOW) -> str:
    return pyotp.HOTP(key).at(counter)


def test_a_right_code_is_taken_once() -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed))
    assert counter_of(SECRET, sealed, code, 0) == NOW
    assert counter_of(SECRET, sealed, code, NOW - 1) == NOW
    assert counter_of(SECRET, sealed, code, NOW) is None
    assert counter_of(SECRET, sealed, wrong(code), 0) is None


def test_under_another_secret_no_code_is_right() -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed))
    assert counter_of("another secret, as long as they are", sealed, code, 0) is None


def test_a_new_key_is_random_sealed_and_as_long_as_the_hash() -> None:
    sealed = {new_key(SECRET) for _ in range(20)}
    keys = {open_key(SECRET, one) for one in sealed}
    assert len(keys) == 20
    assert {len(key) for key in keys} == {32}
    assert not [key for key in keys if any(key in one for one in sealed)]
    with pytest.raises(BadInputError):
        open_key("another secret, as long as they are", sealed.pop())


@pytest.mark.parametrize("moment", RFC_CODES)
def test_codes_are_those_of_the_standard(
    moment: int, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapapp.domain.account.totp.open_key", lambda _secret, sealed: sealed)
    clock.move_to(moment)
    assert counter_of(SECRET, RFC_KEY, RFC_CODES[moment], 0) == moment // 30


@pytest.mark.parametrize("steps", range(-3, 4))
def test_a_clock_may_be_half_a_minute_wrong(steps: int) -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed), NOW + steps)
    assert counter_of(SECRET, sealed, code, 0) == (NOW + steps if abs(steps) <= 1 else None)


@pytest.mark.parametrize("last", [NOW - 1, NOW, NOW + 1, NOW + 9])
def test_no_code_up_to_the_last_one_is_taken_again(last: int) -> None:
    sealed = new_key(SECRET)
    key = open_key(SECRET, sealed)
    taken = [counter_of(SECRET, sealed, _shown(key, NOW + step), last) for step in (-1, 0, 1)]
    assert taken == [n if n > last else None for n in (NOW - 1, NOW, NOW + 1)]


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1}\n", "{0}\u00a0{1}"])
def test_gaps_in_a_code_do_not_matter(typed: str) -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed))
    assert counter_of(SECRET, sealed, typed.format(code[:3], code[3:]), 0) == NOW


@pytest.mark.parametrize("zero", ["０", "٠", "०", "𝟎"])
def test_digits_of_other_scripts_are_no_code(zero: str) -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed))
    assert counter_of(SECRET, sealed, "".join(chr(ord(zero) + int(n)) for n in code), 0) is None


@pytest.mark.parametrize("code", ["", " ", "22466", "2246650", "0224665", "+224665", "a", "\ud800"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert counter_of(SECRET, new_key(SECRET), code, 0) is None


def test_an_altered_key_is_good_for_nothing() -> None:
    sealed = new_key(SECRET)
    code = _shown(open_key(SECRET, sealed))
    assert counter_of(SECRET, sealed[:-3] + "A==", code, 0) is None


def test_the_address_is_written_as_apps_read_it() -> None:
    address = app_address("Condition Map", "Robin Ö & + : ~ 'x'", KEY)
    assert address == (
        "otpauth://totp/Condition%20Map:Robin%20%C3%96%20%26%20%2B%20%20%20~%20%27x%27"
        "?secret=57OXX3Y5YPMHX365PNHWSLMFCABIBMDW&issuer=Condition%20Map"
    )


@pytest.mark.parametrize("site", ["Condition Map", "A/B: c@d", "Karte & Ümläute?#%"])
@pytest.mark.parametrize("name", ["", "Ann/Bob", "a:b", "漢🙂", "?secret=X&issuer=Y"])
def test_apps_read_the_names_and_the_key_back(site: str, name: str) -> None:
    address = urlsplit(app_address(site, name, KEY))
    site = site.replace(":", " ")
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path.count("/") == 1
    assert unquote(address.path) == f"/{site}:{name.replace(':', ' ') or site}"
    assert parse_qs(address.query) == {"secret": [KEY], "issuer": [site]}
    assert pyotp.parse_uri(address.geturl()).secret == KEY


def test_a_key_is_typed_in_groups_of_four() -> None:
    assert in_groups(KEY) == "57OX-X3Y5-YPMH-X365-PNHW-SLMF-CABI-BMDW"
