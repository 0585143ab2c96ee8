"""Files of the editors' answers: read, checked and written back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mapapp.domain.knowledge.editorial_check import checked_editorial
from mapapp.domain.knowledge.editorial_file import (
    content_paths,
    parse_content,
    read_content,
    write_content,
)
from mapapp.domain.knowledge.editorial_rules import EditorialText, Source
from mapapp.domain.knowledge.question_set import CONTENT, load_set
from mapapp.errors import BadInputError

TODAY = date(2026, 11, 25)
BODY = "A short answer.[^nhs]\n\n## More\n" + "It is so, and it stays so. " * 10 + "[^nhs]"
GOOD = EditorialText(
    "editor", BODY, (Source("nhs", "A page", "NHS", 2020, "https://www.nhs.uk/a"),)
).tidied()


def _change(**values: object) -> EditorialText:
    return replace(GOOD, **values)


def test_a_good_one_is_good() -> None:
    assert checked_editorial(GOOD, TODAY) == GOOD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_change(author_role="quack"), "who wrote"),
        (_change(body="Short.[^nhs]"), "200 to 20,000"),
        (_change(body=BODY + "\n\n## Bare\nNothing."), "“Bare” names no source"),
        (_change(body=BODY + "[^who]"), "who"),
        (_change(sources=(*GOOD.sources, Source("idle", "T", "P"))), "not cited"),
        (_change(sources=(*GOOD.sources, GOOD.sources[0])), "Two sources"),
        (_change(sources=(Source("nhs", "", "NHS"),)), "title"),
        (_change(sources=(Source("nhs", "T", ""),)), "publisher"),
        (_change(sources=(Source("nhs", "T", "P", 2099),)), "year"),
        (_change(sources=(Source("nhs", "T", "P", 0, "javascript:alert(1)"),)), "https://"),
        (_change(sources=(Source("nhs", "T", "P", 0, 'https://a.org/"onx="'),)), "https://"),
        (_change(body="# Title\n\n" + BODY), "##"),
        (_change(body=BODY + "\n\n<b>bold</b>"), "HTML"),
        (_change(body=BODY + "\n\n![a](https://a.org/b.png)"), "Pictures"),
        (_change(reviewed=TODAY), "who reviewed"),
        (_change(reviewer="Dr A", reviewed=date(2027, 1, 1)), "future"),
    ],
)
def test_what_is_not_complete_is_refused_in_words(text: EditorialText, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        checked_editorial(text, TODAY)


def test_writing_and_reading_is_the_same() -> None:
    full = _change(
        title="Is it so?", reviewer="Dr “A”", reviewed=TODAY, review_due=date(2027, 11, 25)
    )
    for text in (GOOD, full):
        assert parse_content(write_content(text), "x.md") == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "start the file"),
        ("+++\nauthor_role = 'editor'\n", "start the file"),
        ("+++\nauthor_role = \n+++\nx", "is not TOML"),
        ("+++\n+++\nx", "author_role is missing"),
        ("+++\nauthor_role = 'editor'\ncolour = 'red'\n+++\nx", "colour"),
        ("+++\nauthor_role = 'editor'\nreviewed = '2026'\n+++\nx", "reviewed must be a date"),
        ("+++\nauthor_role = 'editor'\n[[sources]]\nid = 'a'\n+++\nx", "no title"),
        (
            "+++\nauthor_role = 'editor'\n[[sources]]\nid = 'a'\ntitle = 't'\npublisher = 'p'\n"
            "year = '2020'\n+++\nx",
            "year of a source",
        ),
    ],
)
def test_a_file_in_another_form_is_named(text: str, words: str) -> None:
    with pytest.raises(BadInputError, match="x.md: .*" + words):
        parse_content(text, "x.md")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_file_is_read_as_an_editor_saves_it(tmp_path: Path, encoding: str) -> None:
    words = write_content(_change(body=BODY + " Ménière’s."))
    path = tmp_path / "dystonia" / "diet.md"
    path.parent.mkdir()
    path.write_bytes(words.replace("\n", "\r\n").encode(encoding))
    assert write_content(read_content(path, TODAY).text) == words


def test_another_encoding_is_refused_by_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dystonia" / "diet.md"
    path.parent.mkdir()
    path.write_bytes(write_content(_change(body=BODY + " Ménière’s.")).encode("cp1252"))
    with pytest.raises(BadInputError, match=r"diet\.md: save the file as UTF-8"):
        read_content(path, TODAY)


def test_its_name_is_the_question(tmp_path: Path) -> None:
    for name, title, words in (
        ("no-such.md", "", "there is no standard question"),
        ("treatments.md", "What else?", "Leave out the title"),
        ("Bad Name.md", "", "name the file"),
    ):
        path = tmp_path / "dystonia" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(write_content(_change(title=title)), encoding="utf-8")
        with pytest.raises(BadInputError, match=words):
            read_content(path, TODAY)


@pytest.mark.parametrize("path", content_paths(CONTENT), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_what_ships_is_complete(path: Path) -> None:
    found = read_content(path, TODAY)
    assert found.key in load_set()
    assert found.text.reviewer == ""  # nobody is invented
    assert "http" not in found.text.body
    assert write_content(found.text) == path.read_text(encoding="utf-8")  # letter by letter


def test_the_first_conditions_are_there() -> None:
    per_condition: dict[str, int] = {}
    for path in content_paths(CONTENT):
        per_condition[path.parent.name] = per_condition.get(path.parent.name, 0) + 1
    assert per_condition.pop("dystonia") == 12
    assert set(per_condition.values()) == {5}


def test_a_fault_is_found_in_the_line_of_the_file() -> None:
    with pytest.raises(BadInputError, match="at line 3,"):
        parse_content('+++\ntitle = "x"\nauthor_role = staff\n+++\n', "dystonia/diet.md")
