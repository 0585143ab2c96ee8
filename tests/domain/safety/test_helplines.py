"""Every helpline is well formed; a wrong number would harm."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale

from mapapp.domain.core.languages import language_codes
from mapapp.domain.safety.helplines import (
    HELPLINES_FILE,
    Helpline,
    emergency_number,
    everywhere,
    helplines_for,
    load_book,
)
from mapapp.errors import DataError

BOOK = load_book()
LINES = [(code, line) for code, lines in BOOK.helplines.items() for line in lines]
NAMES = [f"{code} {line.number}" for code, line in LINES]


def test_there_are_enough() -> None:
    assert sum(bool(lines) for lines in BOOK.helplines.values()) >= 45


def test_it_says_when_it_was_checked() -> None:
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", BOOK.checked)


@pytest.mark.parametrize(("code", "line"), LINES, ids=NAMES)
def test_every_entry_is_whole(code: str, line: Helpline) -> None:
    assert line.name.strip() == line.name != ""
    assert re.fullmatch(r"[+*]?\d[\d ]*\d", line.number)
    assert 3 <= len(re.sub(r"\D", "", line.dialled)) <= 15
    assert re.fullmatch(r"(24/7|\d\d:\d\d–\d\d:\d\d|)", line.hours)
    assert line.note.startswith("For ")
    assert line.languages
    assert set(line.languages) <= language_codes()
    assert line.source
    assert re.fullmatch(r"(https?://[^\s]+|)", line.url)


def test_every_country_is_one_of_cldr() -> None:
    territories = Locale("en").territories
    for code in BOOK.helplines:
        assert re.fullmatch(r"[A-Z]{2}", code)
        assert code in territories
        assert helplines_for(code) or emergency_number(code)


def test_numbers_for_emergencies_are_short() -> None:
    for code, number in BOOK.emergency.items():
        assert re.fullmatch(r"\d{2,5}", number), code


def test_no_number_stands_twice_in_a_country() -> None:
    counted = Counter((code, line.dialled) for code, line in LINES)
    assert max(counted.values()) == 1
    written = re.findall(
        r"^\[country\.(\w+)\]$", HELPLINES_FILE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(written) == len(set(written)) == len(BOOK.helplines)


def test_some_that_everybody_knows() -> None:
    assert helplines_for("US")[0].number == "988"
    assert helplines_for("gb")[0].dialled == "116123"
    assert "143" in {line.number for line in helplines_for("CH")}
    assert emergency_number("DE") == "112"
    assert emergency_number("au") == "000"


@pytest.mark.parametrize("code", ["XX", "", "world", "12"])
def test_an_unknown_country_has_none(code: str) -> None:
    assert helplines_for(code) == ()
    assert emergency_number(code) == ""


def test_everywhere_gives_words_and_no_number() -> None:
    assert everywhere()
    assert everywhere()[0].name == "Your local emergency number"
    assert not any(line.number for line in everywhere())


def test_the_lists_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        BOOK.helplines["XX"] = ()  # type: ignore[index]


WHOLE = 'checked = "2026-11"\n[[everywhere]]\nname = "a"\nnumber = ""\nnote = "b"\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "= =",
        WHOLE,
        WHOLE + "country = 5\n",
        WHOLE + '[country.DE]\nemergency = "112"\n[[country.DE.helpline]]\nname = "a"\n',
        WHOLE + '[country.DE]\nemergency = "112"\nhelpline = 5\n',
        WHOLE.replace("note", "nota") + '[country.DE]\nemergency = "112"\n',
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "helplines.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=r"helplines\.toml"):
        load_book(file)
