"""Which names the search knows but pages do not repeat."""

import pytest

from mapapp.domain.conditions.catalogue import search_catalogue
from mapapp.domain.conditions.hurtful_names import is_hurtful


@pytest.mark.parametrize(
    "name",
    [
        "early onset with mental retardation",
        "mental and growth retardation with amblyopia",
        "X-linked mental handicap-retinitis pigmentosa syndrome",
        "imbecilitus phenylpyruvica",
        "Happy puppet syndrome (formerly)",
        "congenital cretinism",
    ],
)
def test_hurtful(name: str) -> None:
    assert is_hurtful(name)


@pytest.mark.parametrize(
    "name",
    [
        "intrauterine growth retardation",
        "growth-retardation syndrome",
        "growth hormone-secreting adenoma",
        "insulin-secreting tumour",
        "X-linked intellectual disability",
        "mental disorder",
        "neurodevelopmental disorder with growth retardation",
        "spinocerebellar ataxia with neurodevelopmental deficits",
        "spastic paraplegia",
        "cri-du-chat syndrome",
        "achondroplastic dwarfism",
    ],
)
def test_not_hurtful(name: str) -> None:
    assert not is_hurtful(name)


def test_they_stay_searchable() -> None:
    hits = search_catalogue("happy puppet syndrome", 1)
    assert hits[0].condition.slug == "angelman-syndrome"
