"""What folding may make of a text: never much longer, never slow for its length."""

import sys
import unicodedata

import pytest

from mapapp.actions.knowledge.question_search import search_questions
from mapapp.domain.areas.gazetteer import load_towns, search_towns
from mapapp.domain.conditions.catalogue import load_catalogue, search_catalogue
from mapapp.domain.core.folding import (
    LONGEST_FOLDED_QUERY,
    LONGEST_LIGATURE,
    MOST_MARKS,
    MOST_WORDS,
    fold,
    folded_query,
    normal_form,
    query_words,
    without_ligatures,
)
from mapapp.domain.core.word_index import MOST_REPAIRED
from mapapp.errors import BadInputError

PHRASE = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"
COMPANY = "\N{SQUARE CORPORATION}"  # stands for four


def test_no_character_is_folded_into_more_than_a_few() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    changed = (c for c in every if unicodedata.normalize("NFKD", c).casefold() != c)
    assert max(len(fold(c)) for c in changed) == LONGEST_LIGATURE
    assert fold(PHRASE) == ""
    assert fold(f"Ali{PHRASE}said") == "ali said"


def test_signs_for_phrases_are_left_out_and_no_others() -> None:
    for c in map(chr, range(sys.maxunicode + 1)):
        is_long = len(unicodedata.normalize("NFKD", c)) > LONGEST_LIGATURE
        assert without_ligatures(c) == (" " if is_long else c)


@pytest.mark.parametrize("mark", ["\u0301", "\u0327\u0301", "\U00010f46", "\u0301\U00010f46"])
def test_marks_beyond_what_any_language_needs_are_left_out(mark: str) -> None:
    few, many = "a" + mark * (MOST_MARKS // len(mark)), "a" + mark * 500 + "b"
    assert normal_form("NFKD", few) == unicodedata.normalize("NFKD", few)
    assert normal_form("NFKD", many) == unicodedata.normalize("NFKD", few + "b")


def test_a_query_is_too_long_before_or_after_folding() -> None:
    fits = COMPANY * (LONGEST_FOLDED_QUERY // LONGEST_LIGATURE)
    assert len(folded_query(fits)) == LONGEST_FOLDED_QUERY
    for query in (fits + "a", "a" * (LONGEST_FOLDED_QUERY + 1)):
        for search in (folded_query, search_towns, search_catalogue, _questions):
            with pytest.raises(BadInputError, match="too long"):
                search(query)


def _questions(query: str) -> object:
    return search_questions(None, None, query)  # type: ignore[arg-type]


def test_the_words_of_a_query_are_few_and_each_is_there_once() -> None:
    assert query_words("b a b a") == ["b", "a"]
    assert query_words(" ".join(map(str, range(50)))) == [str(n) for n in range(MOST_WORDS)]


def test_of_many_unknown_words_none_is_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    repaired: list[str] = []
    words = load_towns().index._words

    def watched(part: str) -> tuple[object, int]:
        repaired.append(part)
        return words.beginning(b"berlin"), 0

    monkeypatch.setattr(words, "_repaired", watched)
    unknown = [f"qxzw{letter * 3}" for letter in "bcdfghjklm"]
    search_towns(" ".join(unknown))
    assert repaired == []
    search_towns(" ".join(unknown[:MOST_REPAIRED]))
    assert repaired == unknown[:MOST_REPAIRED]


def test_every_name_that_ships_is_found_folded_as_it_was() -> None:
    for index in (load_towns().index, load_catalogue().index):
        for key in (index.key(entry).decode() for entry in range(0, len(index), 97)):
            assert fold(key) == key
