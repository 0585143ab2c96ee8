"""The merging rule of privacy rule 1 on small made-up worlds, and the file writers."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from areas_files import write_areas, write_cells, write_npz  # noqa: E402
from areas_merge import cell_parents, merge_cells, merge_small, unit_vectors  # noqa: E402
from areas_outlines import cells_to_shape  # noqa: E402
from areas_shapes import simplify  # noqa: E402
from areas_topology import shapes_to_topojson  # noqa: E402
from areas_units import group_members, join_names  # noqa: E402

N = 100


def disk(lat: float, lng: float, k: int) -> np.ndarray:
    """Return the resolution-6 cells around a point, ascending."""
    cells = h3.grid_disk(h3.latlng_to_cell(lat, lng, 6), k)
    return np.sort(np.array([h3.str_to_int(cell) for cell in cells], dtype=np.uint64))


def centres(cells: np.ndarray) -> np.ndarray:
    points = np.array([h3.cell_to_latlng(h3.int_to_str(int(cell))) for cell in cells])
    return unit_vectors(points[:, 0], points[:, 1])


CELLS = disk(47.0, 8.0, 9)
WHERE = centres(CELLS)
NO_REGIONS = np.zeros(len(CELLS), dtype=np.int64)


def merged(people, region=NO_REGIONS):
    return merge_cells(CELLS, region, np.asarray(people, dtype=np.int64), WHERE, N)


def test_parents_are_those_of_h3():
    for resolution in (0, 3, 5, 6):
        mine = cell_parents(CELLS, resolution)
        theirs = [h3.cell_to_parent(h3.int_to_str(int(cell)), resolution) for cell in CELLS]
        pairs = set(zip(mine.tolist(), theirs, strict=True))
        assert len(pairs) == len(set(theirs)) == len(set(mine.tolist()))


def test_a_cell_with_enough_people_is_a_zone_of_its_own():
    people = np.zeros(len(CELLS))
    people[[3, 200]] = N
    zone, was_merged = merged(people)
    assert zone[3] != zone[200]
    assert not was_merged[[3, 200]].any()
    assert set(zone) == {zone[3], zone[200]}


def test_short_cells_of_a_parent_are_merged_together():
    people = np.full(len(CELLS), N // 4)
    zone, was_merged = merged(people)
    assert was_merged.all()
    assert np.bincount(zone, weights=people).min() >= N


def test_leftovers_join_the_nearest_zone():
    people = np.zeros(len(CELLS))
    people[[0, len(CELLS) - 1]] = N
    zone, _ = merged(people)
    far = np.linalg.norm(WHERE - WHERE[0], axis=1) > np.linalg.norm(WHERE - WHERE[-1], axis=1)
    agree = (zone == zone[-1]) == far
    assert agree.mean() > 0.95  # ties and cells exactly between apart


def test_a_region_with_too_few_people_is_refused():
    with pytest.raises(ValueError, match="fewer people"):
        merged(np.zeros(len(CELLS)))


PEOPLE = st.lists(
    st.sampled_from([0, 0, 0, 1, 5, 20, 60, 99, 100, 101, 400]),
    min_size=len(CELLS),
    max_size=len(CELLS),
)


@settings(max_examples=60, deadline=None)
@given(people=PEOPLE, seed=st.integers(0, 2**16), count=st.integers(1, 4))
def test_every_label_has_enough_people_and_stays_in_its_region(people, seed, count):
    region = np.random.default_rng(seed).integers(0, count, len(CELLS))
    people = np.array(people, dtype=np.int64)
    for number in range(count):  # every region has enough people; that is the caller's duty
        own = np.flatnonzero(region == number)
        people[own[0]] += N
    zone, _ = merged(people, region)
    assert zone.min() >= 0
    assert np.bincount(zone, weights=people).min() >= N
    assert set(zone.tolist()) == set(range(zone.max() + 1))
    assert len(set(zip(zone.tolist(), region.tolist(), strict=True))) == zone.max() + 1
    again, _ = merged(people, region)
    assert (again == zone).all()


@settings(max_examples=60, deadline=None)
@given(people=st.lists(st.integers(0, 2 * N), min_size=1, max_size=25), seed=st.integers(0, 2**16))
def test_merged_areas_have_enough_people_or_are_one(people, seed):
    chance = np.random.default_rng(seed)
    where = unit_vectors(
        chance.uniform(-60, 60, len(people)), chance.uniform(-180, 180, len(people))
    )
    pairs = {
        (a, b)
        for a in range(len(people))
        for b in range(a + 1, len(people))
        if chance.random() < 0.1
    }
    head = merge_small(np.array(people), where, N, pairs)
    total = np.bincount(head, weights=people)[np.unique(head)]
    assert total.min() >= N or len(total) == 1
    for one in np.unique(head).tolist():
        assert people[one] == max(np.array(people)[head == one])


def test_small_areas_prefer_small_neighbours():
    where = unit_vectors(np.array([0.0, 0.0, 0.0]), np.array([0.0, 1.0, 1.2]))
    head = merge_small(np.array([60, 500, 60]), where, N, {(0, 1), (0, 2), (1, 2)})
    assert head[0] == head[2] != head[1]


def test_groups_take_in_others_only_when_they_must():
    total = {"AD": 85, "MC": 31, "LI": 40, "XX": 5000}
    assert group_members(total, ("AD", "MC", "LI", "XX"), 100) == ("AD", "LI", "MC")
    assert group_members(total, ("AD", "MC", "XX"), 120) == ("AD", "MC", "XX")
    assert group_members(total, ("XX", "ZZ"), 100) == ()


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D"], "A and neighbours"),
        (["A", "A"], "A"),
    ],
)
def test_names_of_merged_areas(names, joined):
    assert join_names(names) == joined


@pytest.mark.parametrize(
    ("lat", "lng"), [(-17.0, 180.0), (67.0, 179.95), (-89.99, 10.0), (89.99, 0.0)]
)
def test_outlines_are_split_at_180_degrees(lat, lng):
    shape = cells_to_shape(disk(lat, lng, 3))
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    for part in shapely.get_parts(shape):
        assert part.bounds[2] - part.bounds[0] < 180 or max(north, -south) == 90


def test_shared_borders_are_written_once():
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    content = shapes_to_topojson([left, right], [7, 8], ["left", "right"])
    assert content == shapes_to_topojson([left, right], [7, 8], ["left", "right"])
    assert content.count(b"[[") >= 3
    assert b'"bbox":[0,0,2,1]' in content.replace(b".0", b"")
    uses = content.split(b'"objects"')[1].split(b'"arcs":[[[')[1:3]
    arcs = [int(at) for part in uses for at in part.split(b"]]]")[0].split(b",")]
    assert sorted(arcs) == sorted(set(arcs))
    assert any(~at in arcs for at in arcs)


def test_small_islands_survive_simplification():
    big, islet = shapely.box(0, 0, 10, 10), shapely.Point(20, 20).buffer(0.01)
    drawn = simplify([big, islet], np.array([0, 1]), 2, 0.5)
    assert not any(shape.is_empty for shape in drawn)
    assert drawn[1].area > 0.5 * islet.area


def test_files_depend_on_their_contents_only(tmp_path):
    arrays = {"b": np.arange(5), "a": np.array(["x", "é"])}
    write_npz(tmp_path / "one.npz", arrays)
    write_npz(tmp_path / "two.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as back:
        assert back["a"].tolist() == ["x", "é"]
    assert all(
        entry.date_time[0] == 1980 for entry in zipfile.ZipFile(tmp_path / "one.npz").infolist()
    )


def test_the_version_follows_the_contents(tmp_path):
    columns = {"level": np.zeros(3, dtype=np.uint8)}
    first = write_areas(tmp_path, columns, 100_000)
    assert write_areas(tmp_path, columns, 100_000) == first
    assert write_areas(tmp_path, columns, 50_000) != first


def test_runs_of_cells_are_short(tmp_path):
    zone = np.repeat([5, 6], [10, len(CELLS) - 10])
    assert write_cells(tmp_path, CELLS, zone) == 2
    with np.load(tmp_path / "cells.npz", allow_pickle=False) as table:
        at = np.searchsorted(table["starts"], cell_parents(CELLS, 6), side="right") - 1
        assert (table["zone"][at] == zone).all()


def test_the_shipped_files_are_those_that_were_documented():
    written = (SCRIPTS.parent / "data" / "SOURCES.md").read_text(encoding="utf-8")
    for name in ("areas/areas.npz", "areas/cells.npz", "geo/shapes.zip"):
        content = (SCRIPTS.parent / "data" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in written, name


def test_too_small_zones_are_refused():
    command = [sys.executable, str(SCRIPTS / "build_areas.py"), "--residents", "19999"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=SCRIPTS.parent, check=False)
    assert done.returncode != 0
    assert "20,000" in done.stderr
