"""Reading and trimming shapes."""

import gzip
import json

import pytest

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.maps.topology import decode_arcs, only_areas, outer_rings

# Two squares that share an edge: arc 1 is the border, which the second square runs backwards.
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
    "objects": {
        "areas": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": 7, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": 8, "arcs": [[[~1, 2]]]},
            ],
        }
    },
    "arcs": [
        [[2, 0], [-2, 0], [0, 2], [2, 0]],
        [[2, 2], [0, -2]],
        [[2, 0], [2, 0], [0, 2], [-2, 0]],
    ],
}


def test_arcs_and_rings():
    arcs = decode_arcs(SQUARES)
    left, right = SQUARES["objects"]["areas"]["geometries"]
    assert outer_rings(left, arcs) == [
        [(11, 20), (10, 20), (10, 21), (11, 21), (11, 20)],
    ]
    assert outer_rings(right, arcs)[0][0] == (11, 20)
    assert set(outer_rings(right, arcs)[0]) == {(11, 20), (11, 21), (12, 20), (12, 21)}


def test_only_some_areas_keep_their_shape():
    kept = only_areas(SQUARES, {8})
    assert [g["id"] for g in kept["objects"]["areas"]["geometries"]] == [8]
    assert len(kept["arcs"]) == 2
    (before,) = outer_rings(SQUARES["objects"]["areas"]["geometries"][1], decode_arcs(SQUARES))
    (after,) = outer_rings(kept["objects"]["areas"]["geometries"][0], decode_arcs(kept))
    assert before == after


@pytest.mark.parametrize("code", ["FR", "FJ", "US"])
def test_real_regions_survive_trimming(code):
    country = load_areas().by_code(code).id
    whole = json.loads(gzip.decompress(shape_bytes("regions", country)))
    wanted = whole["objects"]["areas"]["geometries"][1]
    kept = only_areas(whole, {wanted["id"]})
    (found,) = kept["objects"]["areas"]["geometries"]
    assert outer_rings(found, decode_arcs(kept)) == outer_rings(wanted, decode_arcs(whole))
