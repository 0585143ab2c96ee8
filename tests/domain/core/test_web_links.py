"""Web addresses in messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.core.web_links import addresses_in, host_of, linked_parts, paragraphs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(https://example.org), HTTP://X.example!", ["https://example.org", "HTTP://X.example"]),
        ("„https://example.org/ü“", ["https://example.org/ü“"]),
        ("<https://a.example><script>", ["https://a.example"]),
        ("javascript:alert(1) data:text/html,x www.example.org mailto:a@b", []),
        ("https:// ", []),
    ],
)
def test_only_web_addresses_are_found(text: str, found: list[str]) -> None:
    assert addresses_in(text) == found


@given(st.text(alphabet="ab https://.\n<>\"'", max_size=200))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in linked_parts(text)) == text
    numbers = [piece.number for piece in linked_parts(text) if piece.number is not None]
    assert numbers == list(range(len(numbers)))


def test_paragraphs_keep_the_numbers_of_links() -> None:
    found = paragraphs("One https://a.example\nsame\n\n\n\nTwo https://b.example")
    assert len(found) == 2
    assert [p.number for paragraph in found for p in paragraph if p.number is not None] == [0, 1]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://bank.example:pw@evil.example:99999/x", "evil.example"),
        ("https://evil.example\\@bank.example/", "evil.example"),
        ("https://раypal.example/", "xn--ypal-43d9g.example"),
        ("https://EXAMPLE.org/a", "example.org"),
        ("https://[::1", ""),
        ("https://a..b/", ""),
        ("https://" + "x" * 70 + ".example", ""),
    ],
)
def test_the_host_is_the_one_that_a_browser_asks(address: str, host: str) -> None:
    assert host_of(address) == host
