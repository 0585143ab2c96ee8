"""Families: what is a form of what, what is too general to be a family, and what is near."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.conditions.families import (
    FAMILIES,
    MOST_FORMS,
    MOST_RELATIVES,
    load_families,
    within_sentence,
)
from mapapp.errors import DataError
from mapapp.paths import DATA

BY_SLUG = {condition.slug: condition.code for condition in load_catalogue().conditions}
CERVICAL, HAND = BY_SLUG["cervical-dystonia"], BY_SLUG["hand-dystonia"]
DYSTONIA, FOCAL = BY_SLUG["dystonia"], BY_SLUG["focal-dystonia"]


def test_the_narrowest_family_comes_first() -> None:
    assert load_families().relatives(CERVICAL).parents == (FOCAL,)
    several = load_families().relatives(BY_SLUG["dystonia-12"]).parents
    sizes = [len(load_families().family(code)) for code in several]
    assert len(sizes) > 1
    assert sizes == sorted(sizes)


def test_a_family_holds_forms_of_forms_and_itself() -> None:
    family = load_families().family(DYSTONIA)
    assert family[0] == DYSTONIA
    assert {FOCAL, CERVICAL, HAND} < set(family)
    assert BY_SLUG["parkinsons-disease"] not in family
    assert len(set(family)) == len(family) <= MOST_FORMS + 1


def test_what_has_no_forms_or_too_many_is_no_family() -> None:
    assert load_families().family(CERVICAL) == ()
    assert load_families().family(BY_SLUG["movement-disorder"]) == ()
    assert load_families().family("LOCAL:1234") == ()
    # It is a kind of movement disorder, which has 395 forms.
    assert load_families().relatives(DYSTONIA).parents == ()


def test_steps_lead_up_to_a_common_family_and_down_again() -> None:
    steps = load_families().relatives(CERVICAL).steps
    assert steps[FOCAL] == 1
    assert steps[HAND] == 2  # both are forms of it
    assert steps[DYSTONIA] == 2
    assert CERVICAL not in steps
    assert list(steps.values()) == sorted(steps.values())


def test_a_condition_of_the_staff_stands_alone() -> None:
    alone = load_families().relatives("LOCAL:1234")
    assert (alone.parents, alone.forms, dict(alone.steps)) == ((), (), {})


def test_little_is_looked_at() -> None:
    for condition in load_catalogue().conditions[::41]:
        assert len(load_families().relatives(condition.code).steps) <= MOST_RELATIVES


@pytest.mark.parametrize(
    ("slug", "written"),
    [
        ("dystonia", "dystonia"),
        ("hereditary-spastic-paraplegia", "hereditary spastic paraplegia"),
        ("parkinsons-disease", "Parkinson's disease"),
        ("rett-syndrome", "Rett syndrome"),
        ("als", "ALS (motor neurone disease)"),
        ("leukaemia", "leukaemia"),
        ("focal-dystonia", "focal dystonia"),
    ],
)
def test_a_name_inside_a_sentence(slug: str, written: str) -> None:
    condition = load_catalogue().by_code[BY_SLUG[slug]]
    assert within_sentence(condition.code, condition.name) == written


def test_names_of_the_staff_are_left_alone() -> None:
    assert within_sentence(DYSTONIA, "Dystonia of ours") == "Dystonia of ours"
    assert within_sentence("LOCAL:1234", "Wobbles") == "Wobbles"


def test_the_file_is_the_one_that_sources_name() -> None:
    digest = hashlib.sha256(FAMILIES.read_bytes()).hexdigest()
    assert digest in (DATA / "SOURCES.md").read_text(encoding="utf-8")


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"junk"):
        (tmp_path / "f.npz").write_bytes(content)
        with pytest.raises(DataError):
            load_families(tmp_path / "f.npz")
    one = {"counts": np.zeros(1, np.uint8), "parents": np.zeros(0, np.uint16)}
    np.savez(tmp_path / "f.npz", lowered=np.zeros(1, np.bool_), **one)
    with pytest.raises(DataError):
        load_families(tmp_path / "f.npz")
    with pytest.raises(DataError):
        load_families(tmp_path / "none.npz")
