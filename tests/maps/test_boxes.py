"""Boxes that say which files may contain a point."""

import numpy as np

from mapapp.domain.areas.area_tree import REGION, ZONE, load_areas
from mapapp.maps.boxes import region_boxes


def test_every_region_has_a_box_that_holds_its_zones():
    areas = load_areas()
    found = region_boxes(areas)
    assert found["ids"] == np.flatnonzero(areas.level == REGION).tolist()
    boxes = dict(zip(found["ids"], np.reshape(found["boxes"], (-1, 4)), strict=True))
    zones = np.flatnonzero(areas.level == ZONE)
    west, south, east, north = np.array([boxes[int(areas.parent[i])] for i in zones]).T
    # A label may be on the water beside its zone, just outside the land's box.
    inside = (
        (areas.lng[zones] >= west - 0.2)
        & (areas.lng[zones] <= east + 0.2)
        & (areas.lat[zones] >= south - 0.2)
        & (areas.lat[zones] <= north + 0.2)
    )
    assert inside.mean() > 0.999
