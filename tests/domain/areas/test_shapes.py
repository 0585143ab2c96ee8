"""The shapes that a browser draws, and in which it finds a member's zone."""

import gzip
import json

import numpy as np
import pytest
import shapely

from mapapp.domain.areas import shapes
from mapapp.domain.areas.area_tree import COUNTRY, REGION, ZONE, load_areas
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.areas.shapes import shape_bytes, shapes_version
from mapapp.errors import DataError, NotFoundError

COUNTRIES_LIMIT = 110_000


def decoded(content: bytes) -> dict[int, shapely.MultiPolygon]:
    """Return the shapes of one file by area id, decoded as a browser does it."""
    document = json.loads(gzip.decompress(content))
    scale, origin = (np.array(document["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in document["arcs"]]

    def ring(indexes):
        lines = [arcs[at] if at >= 0 else arcs[~at][::-1] for at in indexes]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    return {
        one["id"]: shapely.MultiPolygon(
            [(ring(part[0]), [ring(hole) for hole in part[1:]]) for part in one["arcs"]]
        )
        for one in document["objects"]["areas"]["geometries"]
    }


@pytest.fixture(scope="module")
def areas():
    return load_areas()


@pytest.fixture(scope="module")
def zones(areas):
    """Every zone's shape by id."""
    every = {}
    for region in np.flatnonzero(areas.level == REGION).tolist():
        every.update(decoded(shape_bytes("zones", region)))
    return every


def test_every_zone_has_a_sound_shape(areas, zones):
    assert sorted(zones) == np.flatnonzero(areas.level == ZONE).tolist()
    assert shapely.is_valid(list(zones.values())).all()


def test_point_in_polygon_agrees_with_the_cell_table(zones):
    chance = np.random.default_rng(3)
    lats = np.degrees(np.arcsin(chance.uniform(-1, 1, 60_000)))
    lngs = chance.uniform(-180, 180, 60_000)
    ids = np.array(sorted(zones))
    tree = shapely.STRtree([zones[at] for at in ids.tolist()])
    point, shape = tree.query(shapely.points(lngs, lats), predicate="within")
    assert len(np.unique(point)) == len(point) > 15_000
    agree = ids[shape] == latlngs_to_zones(lats[point], lngs[point])
    assert agree.mean() >= 0.999


def test_no_shape_spans_the_world(areas, zones):
    countries = decoded(shape_bytes("countries"))
    for area, shape in [*zones.items(), *countries.items()]:
        for west, south, east, _ in shapely.bounds(shapely.get_parts(shape)).tolist():
            # The mainland of Antarctica really surrounds the pole.
            assert east - west <= 180 or south == -90, areas.code[area]


def test_all_countries_fit_into_their_budget(areas):
    content = shape_bytes("countries")
    assert len(content) <= COUNTRIES_LIMIT
    drawn = decoded(content)
    assert sorted(drawn) == np.flatnonzero(areas.level == COUNTRY).tolist()
    assert not any(shape.is_empty for shape in drawn.values())


def test_countries_share_their_borders():
    document = json.loads(gzip.decompress(shape_bytes("countries")))
    used = [
        at if at >= 0 else ~at
        for one in document["objects"]["areas"]["geometries"]
        for part in one["arcs"]
        for ring in part
        for at in ring
    ]
    assert len(used) - len(set(used)) > 250


def test_every_country_has_its_regions(areas):
    for country in np.flatnonzero(areas.level == COUNTRY).tolist():
        drawn = decoded(shape_bytes("regions", country))
        assert sorted(drawn) == areas.children(country).tolist()
        assert not any(shape.is_empty for shape in drawn.values())


def test_files_carry_a_box_and_nothing_but_id_and_name(areas):
    document = json.loads(gzip.decompress(shape_bytes("regions", areas.by_code("FJ").id)))
    assert len(document["bbox"]) == 4
    for one in document["objects"]["areas"]["geometries"]:
        assert set(one) == {"type", "id", "properties", "arcs"}
        assert set(one["properties"]) == {"name"}


@pytest.mark.parametrize(
    ("kind", "area"), [("regions", 0), ("zones", 10**7), ("secrets", 1), ("..", 1)]
)
def test_what_does_not_exist_is_refused(kind, area):
    with pytest.raises(NotFoundError):
        shape_bytes(kind, area)


def test_the_version_is_short_and_steady():
    assert shapes_version() == shapes_version()
    assert len(shapes_version()) == 16


def test_a_missing_archive_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(shapes, "ARCHIVE", tmp_path / "shapes.zip")
    with pytest.raises(DataError, match="build_areas"):
        shape_bytes("countries")
