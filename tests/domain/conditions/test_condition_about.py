"""The short descriptions: one for each condition of the demo, plain, without advice or figures."""

import re
from pathlib import Path

import pytest

from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.conditions.condition_about import ABOUT_FILE, load_about
from mapapp.errors import DataError

LONGEST_SENTENCE = 32  # words
BANNED = r"\b(cured?|curable|heals?|should|must|doctors?|percent|suffer\w*|victims?)\b|%"


def test_every_condition_of_the_demo_is_described_and_no_unknown_one() -> None:
    starters = {starter.condition.code for starter in load_catalogue().starters}
    assert starters <= set(load_about()) <= set(load_catalogue().by_code)


def test_names_beside_the_codes_are_those_of_the_catalogue() -> None:
    written = re.findall(r'code = "(.+)"\nname = "(.+)"', ABOUT_FILE.read_text(encoding="utf-8"))
    assert len(written) == len(load_about())
    for code, name in written:
        assert load_catalogue().by_code[code].name == name


@pytest.mark.parametrize("about", load_about().values(), ids=load_about().keys())
def test_they_are_short_and_plain(about: str) -> None:
    sentences = re.findall(r"[^.]+\.", about)
    assert 2 <= len(sentences) <= 3
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE
    assert not re.search(BANNED, about, re.IGNORECASE)
    assert not re.search(r"\d", re.sub(r"[Tt]ype 1|chromosome 21", "", about))


@pytest.mark.parametrize("text", ["[[condition]]\ncode = 'x'\n", "condition = 5", "= =", ""])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "about.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"about\.toml"):
        load_about(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"about\.toml"):
        load_about(tmp_path / "about.toml")
