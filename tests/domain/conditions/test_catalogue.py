"""The catalogue of conditions: what people call them, codes, ranking, and a site's own changes."""

import dataclasses
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.conditions import catalogue
from mapapp.domain.conditions.catalogue import (
    ALIASES,
    CATALOGUE,
    NAMES_FILE,
    CatalogueEntry,
    build_overlay,
    load_catalogue,
    search_catalogue,
)
from mapapp.domain.core.folding import LONGEST_FOLDED_QUERY, fold_medical
from mapapp.errors import BadInputError, DataError
from mapapp.paths import DATA

WORDS = [
    ("dystonia", "dystonia"),
    ("Dystonie", "dystonia"),
    ("distonía", "dystonia"),
    ("dystona", "dystonia"),
    ("dystonic disorder", "dystonia"),
    ("cervical dystonia", "cervical-dystonia"),
    ("cervical distonia", "cervical-dystonia"),
    ("spasmodic torticollis", "cervical-dystonia"),
    ("spasmotic torticolis", "cervical-dystonia"),
    ("writer's cramp", "hand-dystonia"),
    ("writers cramp", "hand-dystonia"),
    ("ms", "multiple-sclerosis"),
    ("multipel sclerosis", "multiple-sclerosis"),
    ("sclerose en plaques", "multiple-sclerosis"),
    ("parkinson", "parkinsons-disease"),
    ("Parkinson's", "parkinsons-disease"),
    ("parkinsons", "parkinsons-disease"),
    ("parkisons disease", "parkinsons-disease"),
    ("long covid", "long-covid"),
    ("longcovid", "long-covid"),
    ("post covid", "long-covid"),
    ("ME", "me-cfs"),
    ("me/cfs", "me-cfs"),
    ("cfs", "me-cfs"),
    ("chronic fatigue syndrome", "me-cfs"),
    ("hiv", "hiv"),
    ("coeliac disease", "coeliac-disease"),
    ("celiac", "coeliac-disease"),
    ("celiacs", "coeliac-disease"),
    ("POTS", "pots"),
    ("hEDS", "hypermobile-ehlers-danlos-syndrome"),
    ("elhers danlos hypermobile", "hypermobile-ehlers-danlos-syndrome"),
    ("als", "als"),
    ("motor neuron disease", "als"),
    ("lou gehrigs disease", "als"),
    ("crps", "complex-regional-pain-syndrome"),
    ("complex reginal pain sindrome", "complex-regional-pain-syndrome"),
    ("fibromialgia", "fibromyalgia"),
    ("fybromyalgia", "fibromyalgia"),
    ("migrane", "migraine"),
    ("migraines", "migraine"),
    ("chrons", "crohns-disease"),
    ("crohn", "crohns-disease"),
    ("chron's disease", "crohns-disease"),
    ("type 1 diabetes", "type-1-diabetes"),
    ("diabetes type 1", "type-1-diabetes"),
    ("t1d", "type-1-diabetes"),
    ("endometriosis", "endometriosis"),
    ("endometreosis", "endometriosis"),
    ("haemophilia", "haemophilia"),
    ("hemophilia", "haemophilia"),
    ("leukemia", "leukaemia"),
    ("brain tumor", "brain-tumour"),
    ("sleep apnea", "sleep-apnoea"),
    ("alzhimers", "alzheimers-disease"),
    ("huntingtons", "huntingtons-disease"),
    ("adhd", "adhd"),
    ("aspergers", "autism"),
    ("tinitus", "tinnitus"),
    ("ohrensausen", "tinnitus"),
    ("small fiber neuropathy", "small-fibre-neuropathy"),
    ("mcas", "mast-cell-activation-syndrome"),
    ("lupis", "lupus"),
    ("guillain barre", "guillain-barre-syndrome"),
    ("sjogrens", "sjogrens-syndrome"),
    ("behcets", "behcets-disease"),
    ("menieres", "menieres-disease"),
    ("brca", "hereditary-breast-and-ovarian-cancer"),
    ("functional seizures", "functional-neurological-disorder"),
    ("mucoviszidose", "cystic-fibrosis"),
]


@pytest.mark.parametrize(("typed", "slug"), WORDS)
def test_what_people_say_finds_what_they_mean(typed: str, slug: str) -> None:
    assert search_catalogue(typed)[0].condition.slug == slug


def entries() -> list[dict]:
    kinds = tomllib.loads(ALIASES.read_text(encoding="utf-8"))
    return [*kinds["condition"], *kinds["local"]]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["slug"])
def test_every_alias_finds_its_condition(entry: dict) -> None:
    lists = [value for value in entry.values() if isinstance(value, list)]
    for name in [entry["name"], *(name for names in lists for name in names)]:
        found = [hit.condition.code for hit in search_catalogue(name, limit=6)]
        assert entry["code"] in found, name


def test_there_are_enough_of_everything() -> None:
    assert len(entries()) > 300
    assert len(load_catalogue().conditions) > 21_000


@pytest.mark.parametrize("file", [CATALOGUE, NAMES_FILE])
def test_the_files_are_those_of_the_sources_page(file: Path) -> None:
    told = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told


def test_codes_and_slugs_are_unique_and_readable() -> None:
    catalogue = load_catalogue()
    slugs = {condition.slug for condition in catalogue.conditions}
    assert len(catalogue.by_code) == len(slugs) == len(catalogue.conditions)
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= 100


def test_what_a_condition_carries() -> None:
    dystonia = load_catalogue().by_code["MONDO:0003441"]
    assert dystonia.slug == "dystonia"
    assert dystonia.name == dystonia.names[0] == "Dystonia"
    assert "dystonic disorder" in dystonia.names
    assert dystonia.translations["de"] == "Dystonie"
    assert load_catalogue().groups[dystonia.group] == "Movement and balance"


def test_risks_animals_and_forms_of_inheritance_are_left_out() -> None:
    for condition in load_catalogue().conditions:
        assert "susceptibility to," not in condition.name
        assert not condition.name.startswith("obsolete")
        assert "non-human" not in condition.name
    names = {condition.name for condition in load_catalogue().conditions}
    assert not names & {"autosomal dominant disease", "hereditary disease", "human disease"}


def test_every_group_is_known_and_used() -> None:
    catalogue = load_catalogue()
    assert {condition.group for condition in catalogue.conditions} == set(catalogue.groups)
    assert 20 <= len(catalogue.groups) <= 30


def test_starters_are_well_known_and_weighted() -> None:
    starters = load_catalogue().starters
    assert len(starters) == 40
    assert all(starter.demo_weight > 0 for starter in starters)
    assert {"dystonia", "cervical-dystonia", "hiv"} <= {s.condition.slug for s in starters}


def test_the_files_are_small() -> None:
    assert CATALOGUE.stat().st_size < 2_000_000
    assert NAMES_FILE.stat().st_size < 1_200_000
    assert ALIASES.stat().st_size < 100_000


def test_the_matched_name_is_told() -> None:
    assert search_catalogue("ms")[0].matched == "MS"
    assert search_catalogue("Multiple sclerosis")[0].matched == ""


def test_the_plain_condition_comes_before_its_subtypes() -> None:
    names = [hit.condition.name for hit in search_catalogue("dystonia")]
    assert names[:2] == ["Dystonia", "Cervical dystonia"]
    assert len(names) == len(set(names)) == 10


def test_hidden_conditions_are_not_found() -> None:
    hidden = {"MONDO:0003441"}
    assert search_catalogue("dystonia")[0].condition.code in hidden
    found = search_catalogue("dystonia", 50, hidden=hidden)
    assert "MONDO:0003441" not in [hit.condition.code for hit in found]
    assert search_catalogue("MONDO:0003441", hidden=hidden) == []


def test_a_site_adds_conditions() -> None:
    own = CatalogueEntry("LOCAL:abcd", "visual-fog", "Visual fog", ("Visual fog", "foggy eyes"))
    hit = search_catalogue("foggy eyes", extra=build_overlay([own]))[0]
    assert (hit.condition, hit.matched) == (own, "foggy eyes")
    assert search_catalogue("visual fgo", extra=build_overlay([own]))[0].condition == own


def test_a_site_renames_conditions() -> None:
    renamed = CatalogueEntry("MONDO:0003441", "dystonia", "Dystonia (all forms)")
    overlay = build_overlay([renamed])
    found = search_catalogue("dystonia", 20, extra=overlay)
    assert found[0].condition == renamed
    assert [hit.condition.code for hit in found].count("MONDO:0003441") == 1
    assert search_catalogue("MONDO:0003441", extra=overlay)[0].condition == renamed


def test_an_overlay_can_be_hidden_and_empty() -> None:
    own = CatalogueEntry("LOCAL:abcd", "visual-fog", "Visual fog")
    assert search_catalogue("visual fog", 3, build_overlay([own]), {"LOCAL:abcd"}) == (
        search_catalogue("visual fog", 3)
    )
    assert search_catalogue("ms", 3, build_overlay([])) == search_catalogue("ms", 3)


@pytest.mark.parametrize("query", ["", " ", "\x00\x01", "\ud800", "?!", "\u200b"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert search_catalogue(query) == []


@pytest.mark.parametrize("query", ["x" * 10_000, "ä" * (LONGEST_FOLDED_QUERY + 1)])
def test_a_novel_is_refused(query: str) -> None:
    with pytest.raises(BadInputError):
        search_catalogue(query)


@given(st.text(max_size=50))
def test_whatever_is_typed_is_answered(query: str) -> None:
    assert len(search_catalogue(query, limit=4)) <= 4


@given(st.data())
def test_every_name_finds_its_condition(data: st.DataObject) -> None:
    condition = data.draw(st.sampled_from(load_catalogue().conditions))
    name = data.draw(st.sampled_from(condition.names))
    if fold_medical(name):
        found = [hit.condition.code for hit in search_catalogue(name, limit=200)]
        assert condition.code in found


def test_conditions_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_catalogue().conditions[0].name = "x"


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue.cache_clear()
    broken = tmp_path / "catalogue.json.gz"
    monkeypatch.setattr(catalogue, "CATALOGUE", broken)
    try:
        for content in (None, b"", b"\x1f\x8bxx", CATALOGUE.read_bytes()[:500_000]):
            if content is not None:
                broken.write_bytes(content)
            with pytest.raises(DataError):
                load_catalogue()
    finally:
        load_catalogue.cache_clear()
