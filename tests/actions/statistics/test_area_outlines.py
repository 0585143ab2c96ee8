"""Which areas a box meets is found without reading all outlines, and is the same as with all."""

import numpy as np
import pytest
import shapely

from mapapp.actions.statistics.area_outlines import areas_meeting, outlines_of, shapes_of
from mapapp.actions.statistics.counted_areas import level_ids
from mapapp.domain.areas.shapes import shapes_version

BOXES = {
    "a town": (13.3, 52.4, 13.5, 52.6),
    "a point": (2.35, 48.85, 2.35, 48.85),
    "a country": (-5.0, 42.0, 8.0, 51.0),
    "half of the world": (-180.0, -90.0, 10.0, 90.0),
    "a strip": (-180.0, 30.0, 180.0, 30.5),
    "the sea": (-40.0, 20.0, -38.0, 22.0),
    "the pole": (-180.0, 80.0, 180.0, 90.0),
}
ACROSS = (175.0, -50.0, -175.0, 0.0)


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@pytest.mark.parametrize("level", ["country", "region"])
def test_as_if_all_were_read(level: str, box: tuple[float, float, float, float]) -> None:
    shapes = shapes_of(level)
    meet = shapely.intersects(list(shapes.values()), shapely.box(*box))
    wanted = sorted(np.array(list(shapes))[meet].tolist())
    assert areas_meeting(level, box, shapes_version()).tolist() == wanted


def test_a_box_across_the_antimeridian_is_two() -> None:
    west, south, east, north = ACROSS
    sides = (west, south, 180.0, north), (-180.0, south, east, north)
    found = [areas_meeting("region", side, shapes_version()).tolist() for side in sides]
    assert all(found)
    both = sorted(set(found[0]) | set(found[1]))
    assert areas_meeting("region", ACROSS, shapes_version()).tolist() == both


def test_outlines_are_those_of_the_areas_in_their_order() -> None:
    ids = level_ids("region")[[100, 7, 2000]]
    shapes = shapes_of("region")
    assert outlines_of("region", ids) == [shapes[area] for area in ids.tolist()]
