"""The codes that conditions have elsewhere, and finding conditions by them."""

import gzip
import json
from pathlib import Path

import pytest

from mapapp.domain.conditions import codes
from mapapp.domain.conditions.catalogue import load_catalogue, search_catalogue
from mapapp.domain.conditions.codes import CODE_SYSTEMS, CODES, code_in, codes_of, conditions_with
from mapapp.errors import DataError

DYSTONIA, EARLY, ALEXANDER = "MONDO:0003441", "MONDO:0007492", "MONDO:0008752"


def found(typed: str, limit: int = 10) -> list[str]:
    return [hit.condition.code for hit in search_catalogue(typed, limit)]


def test_a_condition_has_codes_and_pages_about_them() -> None:
    assert [(code.system.name, code.text) for code in codes_of(DYSTONIA)] == [
        ("Mondo", DYSTONIA),
        ("Disease Ontology", "DOID:543"),
        ("MeSH", "D020821"),
        ("ICD-10-CM", "G24"),
    ]
    assert [code.url for code in codes_of(EARLY)[:3]] == [
        f"https://monarchinitiative.org/{EARLY}",
        "https://www.orpha.net/en/disease/detail/256",
        "https://omim.org/entry/128100",
    ]
    assert {code.edition for code in codes_of(EARLY)} == {"2024-07"}


def test_codes_are_a_condition_s_own() -> None:
    owners: dict[tuple[str, str], str] = {}
    for condition in load_catalogue().by_code:
        own = codes_of(condition)
        assert len({code.system.key for code in own}) == len(own)
        for code in own:
            assert owners.setdefault((code.system.key, code.text), condition) == condition
    assert {system for system, _ in owners} == {system.key for system in CODE_SYSTEMS}


def test_what_staff_added_and_what_mondo_lacks_has_no_codes() -> None:
    assert codes_of("LOCAL:0001") == codes_of("STAFF:0001") == codes_of("") == ()
    assert code_in("ORPHA", codes_of(DYSTONIA)) == ""
    assert code_in("ORPHA", codes_of(ALEXANDER)) == "ORPHA:58"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("MONDO:0003441", DYSTONIA),
        ("mondo 3441", DYSTONIA),
        ("mondo_0003441", DYSTONIA),
        ("local:0001", "LOCAL:0001"),
        ("ORPHA:58", ALEXANDER),
        (" Orphanet: 58 ", ALEXANDER),
        ("ORPHA 58", ALEXANDER),
        ("orphacode58", ALEXANDER),
        ("OMIM 128100", EARLY),
        ("mim128100", EARLY),
        ("128100", EARLY),
        ("DOID:543", DYSTONIA),
        ("D004421", DYSTONIA),  # not Mondo's, but the Disease Ontology's
        ("mesh:D004421", DYSTONIA),
        ("icd10 G249", DYSTONIA),  # Mondo has nothing so fine: the category that it is in
        ("ICD-10-CM: G24.9", DYSTONIA),
        ("G24.9", DYSTONIA),
    ],
)
def test_a_code_finds_its_condition(typed: str, code: str) -> None:
    assert found(typed) == [code]


def test_a_code_that_many_share_lists_them() -> None:
    eyes = found("H35.5", 200)
    assert len(eyes) > 100
    assert found("G24")[0] == DYSTONIA
    assert {hit.by_code for hit in search_catalogue("H35.5")} == {"ICD-10-CM H35.5"}
    under = {hit.by_code for hit in search_catalogue("g24", 50) if hit.by_code}
    assert {"ICD-10-CM G24", "ICD-10-CM G24.5"} <= under
    assert "ICD-10-CM G25" not in under


def test_what_may_be_a_code_or_a_name_finds_both() -> None:
    hits = search_catalogue("58")
    assert hits[0].by_code == "Orphanet 58"
    assert any(not hit.by_code for hit in hits)


@pytest.mark.parametrize("typed", ["MONDO:999999999", "orpha 99999999", "Z99.99", "D999999"])
def test_an_unknown_code_finds_nothing_by_code(typed: str) -> None:
    assert not [hit for hit in search_catalogue(typed) if hit.by_code]


def test_ordinary_words_never_meet_the_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_conditions_of", None)  # calling it would fail
    for words in ("dystonia", "me/cfs", "type 1 diabetes", "b 12", "long covid", "ms", "病気", ""):
        assert conditions_with(words) == codes.FoundByCode()


def test_hidden_conditions_are_not_found_by_code() -> None:
    assert search_catalogue("DOID:543", hidden={DYSTONIA}) == []


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes._codes.cache_clear()
    (tmp_path / "codes").write_bytes(CODES.read_bytes()[:100])
    monkeypatch.setattr(codes, "CODES", tmp_path / "codes")
    with pytest.raises(DataError):
        codes_of(DYSTONIA)
    codes._codes.cache_clear()


def test_the_file_is_small_and_has_no_licensed_codes() -> None:
    assert CODES.stat().st_size < 300_000
    stored = json.loads(gzip.decompress(CODES.read_bytes()))
    systems = {
        code.lstrip("~").partition(":")[0] for line in stored.values() for code in line.split()
    }
    assert systems == {"ORPHA", "OMIM", "DOID", "MESH", "ICD10CM", "GARD"}
