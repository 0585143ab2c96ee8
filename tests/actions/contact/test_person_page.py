"""How precisely the member asked for contact learns where the asker is."""

from typing import Any

import pytest

from mapapp.actions.contact.person_page import told_area
from mapapp.domain.areas.area_tree import COUNTRY, REGION, ZONE, load_areas
from tests.places import zones_of

AREAS = load_areas()


@pytest.mark.parametrize("visibility", ["members", "public"])
@pytest.mark.parametrize("own", [ZONE, REGION, COUNTRY])
@pytest.mark.parametrize("theirs", [ZONE, REGION, COUNTRY])
def test_the_area_is_told_at_the_coarser_of_both_precisions(
    own: Any, theirs: Any, visibility: str
) -> None:
    here, there = zones_of("DE")[0], zones_of("FR")[0]
    told = told_area(AREAS, _at(here, own), visibility, _at(there, theirs))
    assert told == _at(here, min(own, theirs))


def test_nothing_is_told_of_a_member_who_is_only_counted() -> None:
    zone = zones_of("DE")[0]
    assert told_area(AREAS, zone, "counted", zone) is None


def _at(zone: int, level: int) -> int:
    return next(area for area in AREAS.ancestors(zone) if AREAS.level[area] == level)
