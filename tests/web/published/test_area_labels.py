"""What pages call an area tells it from every other of its country."""

from collections import Counter, defaultdict

import pytest
from flask import Flask

from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD, ZONE, load_areas
from mapapp.domain.core.folding import fold
from mapapp.web.published.presenters import area_name, area_words

AREAS = load_areas()
NAMES_LIKE_ANOTHER = 24
"""Pairs of zones in one region whose names differ in an accent or a capital letter only."""


def test_no_two_zones_have_one_label(app: Flask) -> None:
    """Each place that shows somebody's area takes its words from there."""
    with app.test_request_context():
        zones = [area for area in range(len(AREAS)) if AREAS.level[area] == ZONE]
        labels = {area: area_words(area) for area in zones}
    assert [label for label, n in Counter(labels.values()).items() if n > 1] == []
    alike = defaultdict(list)
    for area, label in labels.items():
        alike[fold(label)].append(area)
    left = [areas for areas in alike.values() if len(areas) > 1]
    assert len(left) == NAMES_LIKE_ANOTHER
    for one, other in left:
        assert AREAS.parent[one] == AREAS.parent[other]


def test_a_region_is_named_only_where_it_is_needed(app: Flask) -> None:
    with app.test_request_context():
        words = {
            code: area_words(AREAS.by_code(code).id)
            for code in ("US-OH-20", "US-IL-32", "US-DC-1", "US-DC", "US", "CO-ANT-25")
        }
        leeds = next(i for i in range(len(AREAS)) if AREAS.name[i] == "Leeds")
        assert area_words(leeds) == "Leeds, United Kingdom"
    assert words == {
        "US-OH-20": "Springfield, Ohio, United States",
        "US-IL-32": "Springfield, Illinois, United States",
        "US-DC-1": "Washington, D.C., United States",
        "US-DC": "Washington, D.C., United States",
        "US": "United States",
        "CO-ANT-25": "Caldas, Antioquia, Colombia",
    }


@pytest.mark.parametrize("level", [WORLD, COUNTRY, REGION])
def test_no_list_of_parts_has_one_name_twice(app: Flask, level: int) -> None:
    """The two that are left are the city and the region of Moscow."""
    twice = set()
    with app.test_request_context():
        for above in range(len(AREAS)):
            if AREAS.level[above] == level:
                names = Counter(area_name(AREAS.get(i)) for i in AREAS.children(above))
                twice |= {name for name, n in names.items() if n > 1}
    assert twice <= {"Moscow"}
