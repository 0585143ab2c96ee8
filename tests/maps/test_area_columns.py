"""Facts about areas as columns: as exact as one by one."""

import numpy as np

from mapapp.domain.areas.area_tree import load_areas
from mapapp.maps.area_columns import LABEL_DIGITS, columns

AREAS = load_areas()


def test_every_label_point_is_rounded_as_python_rounds_it() -> None:
    found = columns(AREAS, np.arange(len(AREAS)))
    for name, degrees in (("lat", AREAS.lat), ("lng", AREAS.lng)):
        assert found[name] == [round(float(one), LABEL_DIGITS) for one in degrees]
        assert {type(one) for one in found[name]} == {float}
