"""Classes with round limits, and colours that everyone can tell apart."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.maps.palette import (
    BADGE_LIMITS,
    CLASSES,
    DARK,
    LIGHT,
    SHADES,
    number_scale,
    rate_scale,
)
from mapapp.paths import STATIC

# Viénot, Brettel and Mollon (1999): what red-blind and green-blind eyes see, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deutan": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lightness(colour: str, eyes: np.ndarray) -> float:
    luminance = float(np.clip(eyes @ linear(colour), 0, 1) @ [0.2126, 0.7152, 0.0722])
    return 116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("eyes", BLINDNESS.values(), ids=BLINDNESS.keys())
@pytest.mark.parametrize(("colours", "direction"), [(LIGHT, -1), (DARK, 1)])
def test_each_shade_is_stronger_than_the_one_before_for_all_eyes(colours, direction, eyes):
    steps = direction * np.diff([lightness(colour, eyes) for colour in colours[1:]])
    assert (steps > 6).all()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def map_colours(name: str) -> list[str]:
    """Return a colour of the map, light and dark."""
    css = (STATIC / "css" / "map.css").read_text(encoding="utf-8")
    return re.findall(rf"--{name}: (#[0-9a-f]{{6}})", css)


@pytest.mark.parametrize(("colours", "at"), [(LIGHT, 0), (DARK, 1)])
def test_sea_land_and_classes_are_told_apart(colours, at):
    row = [map_colours("sea")[at], *colours]
    steps = [contrast(one, other) for one, other in pairwise(row)]
    assert min(steps) >= 1.5, steps


@pytest.mark.parametrize(("colours", "at"), [(LIGHT, 0), (DARK, 1)])
def test_an_outline_is_seen_on_every_class(colours, at):
    line, around = map_colours("outline")[at], map_colours("around")[at]
    assert contrast(line, around) >= 3
    for colour in colours:
        assert max(contrast(line, colour), contrast(around, colour)) >= 3, colour


def test_the_style_sheet_has_the_same_colours():
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--shade-\d: (#[0-9a-f]{6})", css)
    assert tuple(found) == LIGHT + DARK


def test_numbers_use_only_the_classes_that_are_reached():
    scale = number_scale(223)
    assert scale.limits == (1, 5, 20, 100)
    assert [scale.shade(n) for n in (0, 1, 4, 5, 223)] == [
        0,
        scale.shades[0],
        scale.shades[0],
        scale.shades[1],
        scale.shades[3],
    ]


def test_there_are_at_most_six_classes():
    assert len(number_scale(10**7).limits) == CLASSES
    assert max(SHADES) == CLASSES


@given(st.lists(st.floats(1e-5, 1e4), min_size=1, max_size=60))
def test_rates_have_round_rising_limits_and_everybody_has_a_shade(rates):
    scale = rate_scale(np.array(rates))
    assert len(scale.limits) == len(scale.shades) <= CLASSES
    assert list(scale.limits) == sorted(set(scale.limits))
    for limit in scale.limits:
        assert re.fullmatch(r"0|[125]0*", f"{limit:.12f}".replace(".", "").strip("0") or "0")
    assert all(scale.shade(rate) > 0 for rate in rates)


def test_no_people_make_no_rates():
    assert rate_scale(np.array([])).shade(0) == 0


def test_classes_of_the_map_grow():
    assert list(BADGE_LIMITS) == sorted(set(BADGE_LIMITS))
    assert BADGE_LIMITS[0] == 1
