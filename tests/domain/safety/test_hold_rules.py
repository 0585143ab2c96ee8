"""Which first messages wait: examples in every language, and what people write harmlessly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.safety.hold_rules import (
    ASKED_WITHIN,
    HOLD_REASONS,
    HOLDS_FILE,
    load_words,
    reasons_to_hold,
)
from mapapp.errors import DataError
from tests.holdable import CONTACT, CRYPTO, CURE, HARMLESS, MONEY, TRICKS


@pytest.mark.parametrize("text", MONEY)
def test_money(text: str) -> None:
    assert "money" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CRYPTO)
def test_crypto(text: str) -> None:
    assert "crypto" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CURE)
def test_cure(text: str) -> None:
    assert "cure" in reasons_to_hold(text)


@pytest.mark.parametrize("text", CONTACT)
def test_contact(text: str) -> None:
    assert "contact" in reasons_to_hold(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    assert reasons_to_hold(text) == ()


@pytest.mark.parametrize(("text", "reason"), TRICKS)
def test_tricks_are_seen_through(text: str, reason: str) -> None:
    assert reason in reasons_to_hold(text)


def test_several_reasons_come_in_their_order() -> None:
    text = "Cures MS! Pay in bitcoin, send me money, anna@example.org"
    assert reasons_to_hold(text) == HOLD_REASONS


@pytest.mark.parametrize("number", ["DE89 3704 0044 0532 0130 01", "GB82 WEST 1234 5698 7654 33"])
def test_wrong_check_digits_are_no_bank_account(number: str) -> None:
    assert "money" not in reasons_to_hold(number)


def test_a_sum_needs_a_wish_nearby() -> None:
    far = " and then we talked about it for a long while in the kitchen "
    assert reasons_to_hold(f"It cost 300 euros{far}and I send greetings") == ()
    assert reasons_to_hold("please send 300 euros") == ("money",)


@pytest.mark.parametrize("text", ["send %s euros 300", "300 euros %s send"])
def test_how_near_a_wish_is_to_a_sum(text: str) -> None:
    assert reasons_to_hold(text % " ".join(["word"] * (ASKED_WITHIN - 1))) == ("money",)
    assert reasons_to_hold(text % " ".join(["word"] * ASKED_WITHIN)) == ()


@pytest.mark.parametrize(("number", "is_long"), [("555 1734", False), ("5551 7342", True)])
def test_a_telephone_number_has_eight_digits(number: str, is_long: bool) -> None:
    assert ("contact" in reasons_to_hold(f"It says {number} here.")) == is_long


@given(st.text(max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    reasons = reasons_to_hold(text)
    assert set(reasons) <= set(HOLD_REASONS)
    assert reasons_to_hold(text) == reasons


@given(
    st.sampled_from([*MONEY, *CRYPTO, *CURE, *CONTACT]), st.text(" \t\n\u00a0\u3000", min_size=1)
)
def test_white_space_and_case_do_not_help(text: str, space: str) -> None:
    held = set(reasons_to_hold(text))
    assert held <= set(reasons_to_hold(space + text.replace(" ", space) + space))


@given(st.sampled_from([*MONEY, *CRYPTO, *CURE, *CONTACT]), st.sampled_from(HARMLESS))
def test_harmless_words_around_do_not_help(text: str, harmless: str) -> None:
    held = set(reasons_to_hold(text))
    assert held <= set(reasons_to_hold(f"{harmless}\n{text}\n{harmless}"))


@pytest.mark.parametrize("text", ["", "= =", "money = 5\ncrypto = 1\ncure = 1\ncontact = 1"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "holds.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"holds\.toml"):
        load_words(file)


def test_a_list_that_is_no_list_is_damage(tmp_path: Path) -> None:
    file = tmp_path / "holds.toml"
    words = HOLDS_FILE.read_text(encoding="utf-8")
    file.write_text(words.replace("[crypto.phrases]", '[crypto.phrases]\nxx = "bitcoin"', 1))
    with pytest.raises(DataError):
        load_words(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds\.toml"):
        load_words(tmp_path / "holds.toml")
