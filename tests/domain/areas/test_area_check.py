"""The check of the whole table, and that it finds errors."""

from dataclasses import replace

import numpy as np
import pytest

from mapapp.domain.areas.area_check import verify_areas
from mapapp.domain.areas.area_tree import REGION, ZONE, load_areas
from mapapp.domain.areas.locate import load_cells


@pytest.fixture(scope="module")
def areas():
    return load_areas()


def test_the_shipped_table_is_sound(areas):
    report = verify_areas(areas)
    assert report.faults == ()
    assert report.is_sound


def test_figures_say_what_the_table_holds(areas):
    figures = verify_areas(areas).figures
    assert figures["smallest_zone"] >= figures["residents"] >= 20_000
    assert figures["zones"] > 20_000
    assert 0 < figures["share_in_merged_zones"] < 1


def changed(areas, column, at, value):
    """Return the tree with one value changed."""
    values = getattr(areas, column).copy()
    values[at] = value
    return replace(areas, **{column: values})


def faults_of(areas, runs=None):
    return " ".join(verify_areas(areas, runs).faults)


@pytest.mark.parametrize("code", ["GB-SCT-2", "GB-SCT", "GB"])
def test_too_few_people_are_caught_at_every_level(areas, code):
    wrong = changed(areas, "population", areas.by_code(code).id, areas.residents - 1)
    assert f"fewer than {areas.residents:,} residents ({code})" in faults_of(wrong)


def test_a_wrong_sum_is_caught(areas):
    wrong = changed(areas, "population", 0, areas.population[0] + 1)
    assert "not the sum of its parts (world)" in faults_of(wrong)


def test_broken_nesting_is_caught(areas):
    zone = areas.by_code("GB-SCT-2").id
    assert "depth-first order" in faults_of(changed(areas, "parent", zone, areas.by_code("FR").id))
    assert "wrong end" in faults_of(changed(areas, "end", areas.by_code("FR").id, 5))
    assert "skips a level" in faults_of(changed(areas, "level", areas.by_code("GB").id + 1, ZONE))
    last = areas.end[areas.by_code("GB-SCT").id] - 1
    assert "nothing below it" in faults_of(changed(areas, "level", last, REGION))
    assert "begin with the world" in faults_of(changed(areas, "level", 0, ZONE))


def test_a_parent_that_does_not_exist_is_caught(areas):
    assert "does not exist" in faults_of(changed(areas, "parent", 5, 10**7))


def test_bad_codes_and_names_are_caught(areas):
    assert "same code" in faults_of(changed(areas, "code", 5, areas.code[6]))
    assert "URL" in faults_of(changed(areas, "code", 5, "A/B"))
    assert "no name" in faults_of(changed(areas, "name", 5, ""))


def test_a_run_to_nowhere_is_caught(areas):
    starts, zone = load_cells()
    for target in (len(areas), -7, 1):
        wrong = zone.copy()
        wrong[np.flatnonzero(zone >= 0)[0]] = target
        assert "lead to something that is no zone" in faults_of(areas, (starts, wrong))


def test_a_zone_without_cells_is_caught(areas):
    starts, zone = load_cells()
    lost = areas.by_code("GB-SCT-2").id
    wrong = np.where(zone == lost, lost + 1, zone)
    assert "fewer cells than the table of areas says (GB-SCT-2)" in faults_of(
        areas, (starts, wrong)
    )


def test_runs_out_of_order_are_caught(areas):
    starts, zone = load_cells()
    assert "go up" in faults_of(areas, (starts[::-1].copy(), zone))
    assert "as many zones as runs" in faults_of(areas, (starts, zone[:-1]))
