"""Features are read one by one, whatever surrounds them and wherever a chunk ends."""

import io
import json
import re
from typing import Any

import pytest

from mapapp.domain.areas import json_stream
from mapapp.domain.areas.json_stream import read_features
from mapapp.errors import BadInputError


def features(text: str) -> list[tuple[int, Any]]:
    return list(read_features(io.StringIO(text)))


def test_features_are_counted() -> None:
    text = '{"type": "FeatureCollection",\n "features": [\n  {"a": 1},\n\n  {"a":\n 2}, 3]}'
    assert features(text) == [(1, {"a": 1}), (2, {"a": 2}), (3, 3)]


@pytest.mark.parametrize("text", ['{"features": []}', ' {"features" : [ ] } ', '{"features":[]}\n'])
def test_no_features(text: str) -> None:
    assert features(text) == []


def test_members_before_and_after_the_features_are_passed_over() -> None:
    around = {"name": 'a {file} with "[brackets]"', "more": {"features": [9]}}
    text = json.dumps({**around, "features": [1, 2], "bbox": "whatever"})
    assert [value for _number, value in features(text)] == [1, 2]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_it_does_not_matter_where_a_piece_ends(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(json_stream, "PIECE", piece)
    values = [12345, -1.5e-30, 2.5, 'ä " \n', {"p": [10.25, None, True]}, []]
    text = json.dumps({"n": 120, "features": values}, indent=1, ensure_ascii=False)
    assert [value for _number, value in features(text)] == values


def test_a_large_file_is_never_held_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "PIECE", 100)
    file = io.StringIO('{"features": [' + ", ".join(["{}"] * 10_000) + "]}")
    found = read_features(file)
    for _ in range(5):
        next(found)
    assert file.tell() < 1_000
    assert sum(1 for _ in found) == 9_995


@pytest.mark.parametrize("text", ["", "[]", "lat,lng\n1,2", '"features"', "[{}]"])
def test_what_is_no_geojson(text: str) -> None:
    with pytest.raises(BadInputError, match="not GeoJSON"):
        features(text)


def test_an_object_without_features() -> None:
    with pytest.raises(BadInputError, match="no “features”"):
        features('{"type": "Point", "coordinates": [1, 2]}')


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"features": [\n{"a": 1},\n{"a": 4711.25', "Feature 2 (line 3)"),
        ('{"features": [\n{"a": 1}\n{"a": 4711.25}]}', "Line 3"),
        ('{"features": [\n{a: 4711.25}]}', "Feature 1 (line 2)"),
        ('{"features": [1,\n', "Feature 2 (line 2)"),
        ('{"features":\n {"4711.25": 1}}', "Line 2"),
        ('{"features": [],\n "name": "4711.25', "Line 2"),
        ('{"features":[]', "Line 1"),
        ('{"features":[{"a": 4711.25}]}\n{"features":[]}', "Line 2"),
        ('{"type"\n "features"}', "Line 2"),
        ("{\n", "Line 2"),
    ],
)
def test_broken_files_name_the_place_and_repeat_nothing(text: str, where: str) -> None:
    with pytest.raises(BadInputError, match=re.escape(f"{where}: the JSON is broken")) as caught:
        features(text)
    assert "4711" not in str(caught.value)


def test_features_before_the_break_are_given() -> None:
    found = read_features(io.StringIO('{"features": [{"a": 1}, {"a": '))
    assert next(found) == (1, {"a": 1})
    with pytest.raises(BadInputError):
        next(found)


def test_one_endless_feature_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "PIECE", 100)
    monkeypatch.setattr(json_stream, "LARGEST_FEATURE", 1_000)
    file = io.StringIO('{"features": ["' + "x" * 100_000)
    with pytest.raises(BadInputError):
        list(read_features(file))
    assert file.tell() < 2_000


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BadInputError):
        features('{"features": [' + "[" * 100_000)


CRS84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
CRS = [
    (CRS84, True),
    ({"type": "name", "properties": {"name": "EPSG:4326"}}, True),
    ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}, True),
    ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}, False),
    ({"type": "name", "properties": {"name": "EPSG:43260"}}, False),
    ({"type": "link", "properties": {"href": "http://example.org/crs"}}, False),
    (None, False),
    ({}, False),
    ("EPSG:4326", False),
]


@pytest.mark.parametrize(("crs", "is_good"), CRS)
@pytest.mark.parametrize("is_first", [True, False])
def test_only_degrees_are_read(crs: object, is_good: bool, is_first: bool) -> None:
    around = {"crs": crs, "features": [1]} if is_first else {"features": [1], "crs": crs}
    if is_good:
        assert features(json.dumps(around)) == [(1, 1)]
    else:
        with pytest.raises(BadInputError, match="WGS 84"):
            features(json.dumps(around))
