"""The small picture of the world."""

import gzip
import re
from xml.etree import ElementTree

import numpy as np

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.domain.published.counts import roll_up
from mapapp.maps.teaser import HEIGHT, WIDTH, country_paths, teaser_svg

SVG = "{http://www.w3.org/2000/svg}"


def picture(codes, title="Title"):
    areas = load_areas()
    ids = np.array([areas.by_code(code).id for code in codes], dtype=np.int64)
    numbers = roll_up(areas, ids, np.full(len(ids), 30, dtype=np.int64))
    return teaser_svg(areas, numbers, gzip.decompress(shape_bytes("countries")), title)


def read(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 (we made it ourselves)


def test_countries_with_people_are_shaded_and_others_are_not():
    classes = [p.get("class") for p in read(picture(["FR", "DE"])).iter(f"{SVG}path")]
    assert classes == ["s0", "s5"]


def test_it_is_small():
    assert len(gzip.compress(picture(["FR"]), 6)) < 32_000


def test_its_title_is_text():
    root = read(picture([], "</title><script>&"))
    assert root.find(f"{SVG}title").text == "</title><script>&"
    assert root.find(f"{SVG}script") is None


def test_its_title_leaves_out_what_xml_cannot_hold():
    root = read(picture([], "a\x01b\x1f\ufffe\U0001f642\tc"))
    assert root.find(f"{SVG}title").text == "ab\U0001f642\tc"


def test_no_land_touches_the_upper_or_lower_edge():
    for path in country_paths(gzip.decompress(shape_bytes("countries"))).values():
        for ring in path.split("z")[:-1]:
            start, steps = ring[1:].split("l")
            moves = [float(number) for number in re.findall(r"-?[\d.]+", steps)]
            heights = float(start.split(" ")[1]) + np.cumsum(moves[1::2])
            assert heights.min() > 8
            assert heights.max() < HEIGHT - 8


def test_big_countries_are_where_they_belong():
    paths = country_paths(gzip.decompress(shape_bytes("countries")))
    areas = load_areas()

    def start(code):
        x, y = paths[areas.by_code(code).id][1:].split("l")[0].split(" ")
        return float(x), float(y)

    assert start("US")[0] < start("BR")[0] + 300 < start("CN")[0] + 300
    assert start("NO")[1] < start("ZA")[1]
    assert 0 < start("AU")[0] < WIDTH
    assert 0 < start("AU")[1] < HEIGHT
