"""What members are asked to agree to. A wording that somebody agreed to is never altered."""

import re
from hashlib import sha256

import pytest

from mapapp.domain.consents import NEEDED, PURPOSES, WITHOUT, words_version
from mapapp.domain.permissions import COUNTED, MEMBERS, PUBLIC, VISIBILITIES
from mapapp.store.trust import Consent
from tests.trust import NEW_WORDS, reword

PINNED = {
    ("count", "2026-11"): "545c7c52d45358ca554fe502c350733f3e49c52b6dba6eb8aa842756edc3c02e",
    ("members", "2026-11"): "8be980324a62536e26f1841e07a353006687c6eaf8abf1da58d6c15990a6e119",
    ("public", "2026-11"): "666121fd14ab11844437fbb24fb04b7537dfce8af6efcd9c0bf6f38be6ff73a5",
    ("mail", "2026-11"): "8f52454099ccb1efe319c53a0689f139a2dd5e41041e286cb13e9869f9a13e85",
    ("adult", "2026-11"): "2de55aa5afaf6dc67023fdde7b1b21404d2ca1a9256d58746f9c22df7a85d0ca",
    ("care", "2026-11"): "5b92bc50a52187fdc5ea246804dd4dd65eba8f9fe4b9ac68fdaf6b577ef8ad1e",
    ("write", "2026-11"): "b8ef5fb9c2359496bc936d0a57f25e4987115acf314d473545bee586c79f674d",
    ("tried", "2026-11"): "85b8d0725951c0f4e9ceb2c13a6c57de1aa030655a5143b125773dc34948dfc3",
}
"""The SHA-256 of all words that were ever in force. Add a line for new words; never change one."""

LONGEST_TEXT, LONGEST_SENTENCE = 60, 32  # words


def test_no_words_were_altered_and_none_are_forgotten() -> None:
    there = {
        (key, wording.version): sha256(wording.words.encode()).hexdigest()
        for key, purpose in PURPOSES.items()
        for wording in purpose.wordings
    }
    assert there == PINNED


def test_each_change_has_a_later_month_that_fits_its_column() -> None:
    for key, purpose in PURPOSES.items():
        versions = [wording.version for wording in purpose.wordings]
        assert versions == sorted(set(versions)), key
        assert all(re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", version) for version in versions), key
        assert len(key) <= Consent.__table__.c.purpose.type.length


def test_the_newest_words_are_in_force_and_older_ones_can_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = PURPOSES["mail"].now
    reword(monkeypatch, "mail")
    assert PURPOSES["mail"].now.words == NEW_WORDS
    assert PURPOSES["mail"].at(before.version) == before.words
    assert PURPOSES["mail"].at("1999-01") == ""


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_an_open_form_notices_a_change_of_any_words(
    monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    before = words_version()
    reword(monkeypatch, purpose)
    assert words_version() != before


def test_every_purpose_of_the_issue_is_there_by_itself() -> None:
    assert {"count", "members", "public", "mail", "adult"} <= set(PURPOSES)
    assert all(PURPOSES[purpose].of_a_map for purpose in NEEDED[PUBLIC])
    assert not PURPOSES["mail"].of_a_map
    assert not PURPOSES["adult"].of_a_map
    texts = [purpose.now.words for purpose in PURPOSES.values()]
    assert len(set(texts)) == len(texts)


def test_the_words_are_short_and_plain() -> None:
    for key, purpose in PURPOSES.items():
        words = purpose.now.words
        assert len(words.split()) <= LONGEST_TEXT, key
        assert max(len(s.split()) for s in re.split(r"[.;:]\s", words)) <= LONGEST_SENTENCE, key
        assert not re.search(r"GDPR|pursuant|hereby|processing|controller|legitimate", words), key


def test_each_visibility_rests_on_all_that_the_narrower_one_rests_on() -> None:
    assert set(NEEDED) == set(VISIBILITIES)
    assert set(NEEDED[COUNTED]) < set(NEEDED[MEMBERS]) < set(NEEDED[PUBLIC])


def test_taking_back_leads_one_step_down_and_never_up() -> None:
    assert set(WITHOUT) == {PUBLIC, MEMBERS}
    for purpose, left in WITHOUT.items():
        assert purpose not in NEEDED[left]
        assert set(NEEDED[left]) < set(NEEDED[purpose])
