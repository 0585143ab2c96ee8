"""The editors' Markdown: sections, citations, and nothing that could run."""

from html.parser import HTMLParser

import pytest

from mapapp.domain.knowledge.editorial_rules import Source, lines_to_sources, sources_to_lines
from mapapp.domain.knowledge.markdown import plain_text, render, sections
from mapapp.domain.knowledge.text_differences import differences
from mapapp.errors import BadInputError
from tests.injections import PAYLOADS

NICE = Source("nice", "A guideline", "NICE", 2021, "https://www.nice.org.uk/guidance/ng206")
NHS = Source("nhs", "A page", "NHS")
ELEMENTS = frozenset(
    [
        "p",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "s",
        "blockquote",
        "a",
        "code",
        "pre",
        "br",
        "hr",
        "sup",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES = {"href", "rel", "aria-label", "id", "class", "start"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what it finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def test_a_text_becomes_sections_with_numbered_sources() -> None:
    body = (
        "Short.[^nhs]\n\n## First part\nLonger.[^nice][^nhs]\n\n## First part\n- one\n- two[^nhs]"
    )
    shown = render(body, (NICE, NHS))
    assert [source.id for source in shown.sources] == ["nhs", "nice"]
    assert shown.contents == (("s-first-part", "First part"), ("s-first-part-2", "First part"))
    read = Reader(shown.html)
    assert read.elements.count("h3") == 2
    assert ("href", "#source-nice") in read.attributes
    assert ("aria-label", "Source 1") in read.attributes
    assert "Longer.[2][1]" in read.words
    assert plain_text(body).startswith("Short.")
    assert [part.cited for part in sections(body)] == [("nhs",), ("nice", "nhs"), ("nhs",)]


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (200, 1), (201, 2), (1000, 5)])
def test_the_time_to_read_is_rounded_up(words: int, minutes: int) -> None:
    assert render("word " * words).minutes == minutes


@pytest.mark.parametrize(
    "way",
    [
        *("{}", "## {}", "- {}", "[{}](https://example.org)", "[here]({})", "[here](<{}>)"),
        *("**{}**", "`{}`", "```\n{}\n```", "> {}", "[^{}]", "| a |\n|---|\n| {} |"),
        '[a](https://x.org "{}")',
    ],
)
def test_nothing_that_is_typed_can_run(way: str) -> None:
    for payload in PAYLOADS:
        read = Reader(render(way.format(payload), (NICE,)).html)
        assert set(read.elements) <= ELEMENTS, payload
        for name, value in read.attributes:
            assert name in ATTRIBUTES, payload
            if name == "href":
                assert value.startswith(("http://", "https://", "#source-")), payload


def test_a_source_that_is_not_there_is_shown_as_typed() -> None:
    assert Reader(render("Said.[^ghost]", (NHS,)).html).words.strip() == "Said.[^ghost]"


def test_sources_are_lines_and_back() -> None:
    both = (NICE, NHS, Source("bars", "A | title | with bars", "Somebody", 1999))
    assert lines_to_sources(sources_to_lines(both)) == both
    assert lines_to_sources("\n\nnhs | A page | NHS\n") == (NHS,)


@pytest.mark.parametrize("line", ["nothing", "one | two", "a | b | c | year | "])
def test_a_line_that_is_no_source_is_named(line: str) -> None:
    with pytest.raises(BadInputError, match="Line 2"):
        lines_to_sources(f"nhs | A page | NHS\n{line}")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a b c", "a x c", [("same", "a "), ("gone", "b"), ("new", "x"), ("same", " c")]),
        ("a", "a", [("same", "a")]),
        ("", "a", [("new", "a")]),
        ("a\n\nb\n", "a\n\nnew\n\nb\n", [("same", "a\n\n"), ("new", "new\n\n"), ("same", "b\n")]),
    ],
)
def test_differences_are_told_by_lines_and_words(before: str, after: str, found: list) -> None:
    assert differences(before, after) == found
    assert "".join(t for kind, t in found if kind != "gone") == after
    assert "".join(t for kind, t in found if kind != "new") == before


def test_a_text_without_shape_is_told_as_replaced() -> None:
    before, after = "a " * 10_000, "b " + "a " * 9_999
    assert differences(before, after) == [("gone", before), ("new", after)]
    rest = "\n\nThe rest."
    found = differences(before + rest, after + rest)
    assert found == [("gone", before), ("new", after), ("same", rest)]
