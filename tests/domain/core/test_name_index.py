"""The index of names: folding, matching, ranking, typing errors and bad input."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapapp.domain.core.folding import LONGEST_FOLDED_QUERY, fold, fold_medical
from mapapp.domain.core.fuzzy import signature_of, signatures, slips_to
from mapapp.domain.core.name_index import Entries, NameIndex, build_index
from mapapp.errors import BadInputError

NAMES = [
    ("Parkinson's disease", 1),
    ("Dystonia", 2),
    ("multiple sclerosis", 3),
    ("München", 4),
    ("東京", 5),
    ("Rio de Janeiro", 6),
    ("cervical dystonia", 7),
    ("Παρίσι", 8),
    ("القاهرة", 9),
    ("दिल्ली", 10),
]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return build_index(NAMES)


def owners(index: NameIndex, query: str) -> list[int]:
    return [match.owner for match in index.search(query)]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("München", "munchen"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("ﬁbro", "fibro"),
        ("Parkinson’s", "parkinsons"),
        ("L'Aquila", "laquila"),
        ("ME/CFS", "me cfs"),
        ("  Covid-19 ", "covid 19"),
        ("İstanbul", "istanbul"),
        ("Ёлкино", "елкино"),
        ("ＴＯＫＹＯ", "tokyo"),
        ("ガザ", "ガザ"),
        ("दिल्ली", "दिल्ली"),
        ("أربيل", "اربيل"),
        ("a\u200bb\u00adc", "abc"),
        ("\x00\x07", ""),
        ("!?-", ""),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("haemophilia", "hemophilia"),
        ("coeliac", "celiac"),
        ("tumour", "tumor"),
        ("oesophagitis", "esophagitis"),
        ("leukæmia", "leukemia"),
    ],
)
def test_british_and_american_spellings_are_alike(british: str, american: str) -> None:
    assert fold_medical(british) == fold_medical(american)


@given(st.text(max_size=60))
@example("ΐ")
@example("\u0345ß\u0130")
@example("AOÆ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_medical(fold_medical(text)) == fold_medical(text)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=30))
def test_a_name_always_finds_its_own_owner(names: list[str]) -> None:
    index = build_index([(name, owner) for owner, name in enumerate(names)])
    for owner, name in enumerate(names):
        if fold(name).encode("utf-8", "ignore"):
            found = index.search(name, limit=len(names))
            assert owner in [match.owner for match in found]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(index_query: str) -> None:
    found = build_index(NAMES).search(index_query, limit=3)
    assert len(found) <= 3
    assert len({match.owner for match in found}) == len(found)


@pytest.mark.parametrize(
    ("query", "owner"),
    [
        ("parkinsons", 1),
        ("PARKINSON", 1),
        ("disease parkinson", 1),
        ("parkinsno dis", 1),
        ("dystona", 2),
        ("multipel sclerosis", 3),
        ("scleross", 3),
        ("munchen", 4),
        ("Mnchen", 4),
        ("東", 5),
        ("janeiro", 6),
        ("rio de janero", 6),
        ("παρισι", 8),
        ("القاهره", 9),
        ("दिल्ली", 10),
    ],
)
def test_what_is_meant_comes_first(index: NameIndex, query: str, owner: int) -> None:
    assert owners(index, query)[0] == owner


def test_exact_comes_before_beginning_and_word(index: NameIndex) -> None:
    assert owners(index, "dystonia") == [2, 7]


def test_heavier_owners_come_first_among_equals() -> None:
    keys = b"york\nyork\nyorktown\n"
    weights = np.array([0.1, 0.9, 3.0], dtype=np.float32)
    numbers = np.arange(3, dtype=np.int32)
    index = NameIndex(Entries(keys, numbers, numbers, weights))
    assert owners(index, "york") == [1, 0, 2]
    assert owners(index, "yor")[0] == 2


def test_each_owner_comes_once() -> None:
    index = build_index([(f"name {number}", number % 3) for number in range(600)])
    assert sorted(match.owner for match in index.search("name", limit=5)) == [0, 1, 2]


def test_the_matched_name_is_told() -> None:
    index = build_index([("Munich", 4), ("München", 4)])
    assert index.search("munchen")[0].label == 1


def test_owners_can_be_left_out(index: NameIndex) -> None:
    allowed = np.ones(11, dtype=np.bool_)
    allowed[2] = False
    assert [match.owner for match in index.search("dystonia", 5, allowed)] == [7]


@pytest.mark.parametrize("query", ["", " ", "\x00", "\ud800", "...", "\u200b", "zzzzzzzzq"])
def test_nothing_is_found_for_nothing(index: NameIndex, query: str) -> None:
    assert index.search(query) == []


@pytest.mark.parametrize(
    "query", ["a" * 10_000, " " * (LONGEST_FOLDED_QUERY + 1), None, 7, b"york"]
)
def test_what_cannot_be_a_name_is_refused(index: NameIndex, query: str) -> None:
    with pytest.raises(BadInputError):
        index.search(query)


@pytest.mark.parametrize("query", ["a " * 150, "é" * 300, "x\n" * 100, "\ud800york", "%_*\\"])
def test_strange_queries_do_no_harm(index: NameIndex, query: str) -> None:
    assert len(index.search(query)) <= 10


def test_an_empty_index_finds_nothing() -> None:
    assert build_index([]).search("york") == []
    assert build_index([("...", 1)]).search("york") == []


def test_no_limit_no_answer(index: NameIndex) -> None:
    assert index.search("dystonia", limit=0) == []


@given(st.text("abcdeé ", min_size=1, max_size=12), st.text("abcdeé ", min_size=1, max_size=12))
def test_signatures_do_not_depend_on_neighbours(first: str, second: str) -> None:
    words = [first.encode(), second.encode()]
    text = np.frombuffer(b"\n".join(words) + b"\n", dtype=np.uint8)
    lengths = np.array([len(word) for word in words], dtype=np.int32)
    starts = np.array([0, lengths[0] + 1], dtype=np.int32)
    assert list(signatures(text, starts, lengths)) == [signature_of(word) for word in words]


def test_swapped_neighbours_are_one_slip() -> None:
    assert list(slips_to("abcd", ["abcd", "abdc", "dcba"], 2)) == [0, 1, 3]
    assert list(slips_to("abcd", [], 2)) == []
