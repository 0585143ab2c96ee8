"""The Nu HTML checker finds no error on any page, whoever looks."""

from collections.abc import Iterator
from pathlib import Path

from tests.judges.html_checker import errors_of, need_checker
from tests.languages.walking import Walker
from tests.sampling import Sampling


def test_the_html_checker_finds_no_error(
    walkers: list[Walker], sampling: Sampling, tmp_path: Path
) -> None:
    need_checker()
    pages = {name: page for walker in walkers for name, page in _of(walker, sampling.full)}
    assert len(pages) > 200
    assert errors_of(pages, tmp_path) == []


def _of(walker: Walker, whole: bool) -> Iterator[tuple[str, str]]:
    """Yield the pages that somebody saw; of each kind the first one, unless the whole is asked."""
    known = set()
    for path, page in walker.pages.items():
        kind = (path.startswith("POST"), walker.endpoint(path.removeprefix("POST ")))
        if whole or kind not in known:
            known.add(kind)
            yield f"{walker.name} {path}", page


FAULTS = {
    "<table><tr><td role=cell>1</td></tr></table>": "“role” attribute must not be used on a “td”",
    "<p>Fewer than <8 people</p>": "Bad character “8” after “<”",
    "<p id=a></p><p id=a></p>": "Duplicate ID",
}
AROUND = "<!doctype html><html lang=en><head><title>x</title></head><body>{}</body></html>"


def test_the_html_checker_finds_errors(tmp_path: Path) -> None:
    need_checker()
    found = errors_of({page: AROUND.format(page) for page in FAULTS}, tmp_path)
    assert len(found) == len(FAULTS)
    for page, words in FAULTS.items():
        assert any(words in fault and f" {page}: …" in fault for fault in found)
