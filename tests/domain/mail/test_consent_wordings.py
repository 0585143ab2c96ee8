"""What members are asked to agree to. A wording that a member agreed to is never altered."""

import re
from hashlib import sha256

import pytest

from mapapp.domain.core.visibilities import COUNTED, MAP, MEMBERS, PUBLIC, VISIBILITIES
from mapapp.domain.mail.consent_wordings import NEEDED, PURPOSES, WITHOUT, words_version
from mapapp.store.mail import Consent
from tests.trust import NEW_WORDS, reword

PINNED = {
    ("count", "2026-11"): "ada766bfabb989789914263a75114f1d22256b302e18f24a3ea6cae35b225238",
    ("count", "2026-12"): "5edee76cb62f9fbb477954fe00a8369213f1f11ce859487d85052a8dd453fc71",
    ("map", "2026-12"): "4471fde921f6ba52b3f4d43f4f03fd70e0c498c2892fa5a9f0928337c3d704bc",
    ("members", "2026-11"): "f9fec50fca41408b3939fa90db368cf1e89939881392e42b7beac1127b481cdf",
    ("public", "2026-11"): "2aa9d5d9f09785ae6c46970e051ea7dac58ede2a9a184c347c966adb3b4a50af",
    ("mail", "2026-11"): "9756b10acbb15940fb03f21574cfb15af72bbc25ab8b236b4d175514f7985374",
    ("adult", "2026-11"): "21133340496b2ed6b23effdbbda406b82b8c3553f21aa0d7b23133f6c4165ae5",
    ("care", "2026-11"): "ce61bcc34deac194ea793bb6739fea48bcf7f148c3020450f3a5fe5663894497",
    ("write", "2026-11"): "9e301344dc79ed3b1ac54618c3718c639d9cefdfa5b83a166eac2579c0a42193",
    ("tried", "2026-11"): "17dcd04432fc782381558a3dec403a813ef7d44362138bfb0128fe72bafd1d8a",
    ("decades", "2026-12"): "3bd9e243683eafef025d6532b450dbf921dce042a0faa79661128b0d0c6f993e",
    ("tried", "2026-12"): "a761feeafde5ce6061f7c86faa6870955fe14de68cd27b63caf52fb87662635e",
}
"""The SHA-256 of every wording ever in force. Add a line for a new one; never change a line."""

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
    assert set(NEEDED[COUNTED]) < set(NEEDED[MAP]) < set(NEEDED[MEMBERS]) < set(NEEDED[PUBLIC])


def test_taking_back_leads_one_step_down_and_never_up() -> None:
    assert WITHOUT == {PUBLIC: MEMBERS, MEMBERS: MAP, MAP: COUNTED}
    for purpose, left in WITHOUT.items():
        assert purpose not in NEEDED[left]
        assert set(NEEDED[left]) < set(NEEDED[purpose])
