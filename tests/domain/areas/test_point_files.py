"""The door in for files: zones and other columns leave it, no coordinate does."""

import json
from pathlib import Path

import pytest

from mapapp.domain.areas import point_files
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.place_cells import checked_latlng
from mapapp.domain.areas.point_files import BadRow, Rows, read_points
from mapapp.errors import BadInputError

LAT, LNG = "52.519719", "13.413713"
BERLIN = latlng_to_zone(float(LAT), float(LNG))
TRACES = ("519719", "413713", "4711", "13.4", "52.5")


def read(folder: Path, text: str, name: str = "people.csv") -> Rows:
    """Return all parts of a file as one."""
    path = folder / name
    path.write_bytes(text.encode())
    whole = Rows()
    for part in read_points(path):
        whole.good += part.good
        whole.bad += part.bad
    return whole


def reasons(rows: Rows) -> dict[int, str]:
    return {bad.line: str(bad.why) for bad in rows.bad}


def test_a_row_leaves_with_line_zone_and_its_other_columns(tmp_path: Path) -> None:
    rows = read(tmp_path, f"lat,lng,pseudonym,Role\n{LAT},{LNG}, Robin ,self\n")
    assert rows.good == [(2, BERLIN, {"pseudonym": "Robin", "role": "self"})]
    assert rows.bad == []
    assert load_areas().level[BERLIN] == ZONE


@pytest.mark.parametrize(
    "header", ["lat,lng", "Latitude,Longitude", " LAT , lon ", "latitude,long"]
)
def test_no_coordinate_leaves_by_any_name(tmp_path: Path, header: str) -> None:
    rows = read(tmp_path, f"{header},town,country,note\n{LAT},{LNG},Berlin,DE,hello\n")
    assert rows.good == [(2, BERLIN, {"note": "hello"})]


def test_no_coordinate_leaves_geojson(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [float(LNG), float(LAT), 34.5]}
    properties = {"note": "hello", "Latitude": LAT, "lon": LNG, "City": "Berlin"}
    inside = {"type": "Feature", "geometry": None, "properties": properties}
    beside = {"type": "Feature", "geometry": point, "properties": None}
    text = json.dumps({"features": [inside, beside, {**beside, "properties": properties}]})
    rows = read(tmp_path, text, "people.geojson")
    assert [(zone, fields) for _line, zone, fields in rows.good] == [
        (BERLIN, {"note": "hello"}),
        (BERLIN, {}),
        (BERLIN, {"note": "hello"}),
    ]


BAD_CSV = [
    (f"{LAT},", "lng is empty."),
    (f",{LNG}", "lat is empty."),
    ("152.519719,13.4", "lat is outside -90 to 90. Are lat and lng swapped?"),
    ("4711,4711", "lat is outside -90 to 90."),
    ("52.519719,4711", "lng is outside -180 to 180."),
    (f'"52.519,719",{LNG}', "lat is not a number."),
    (
        "52,519719,13,413713",
        "Columns in this row: 4 instead of 2. If numbers have decimal commas, "
        "separate the columns by semicolons.",
    ),
    (f"52.519719N,{LNG}", "lat is not a number."),
    (f"nan,{LNG}", "lat is not a number."),
    (f"{LAT},inf", "lng is not a number."),
    (f"{LAT},1e999", "lng is not a number."),
    (f"{LAT},١٣", "lng is not a number."),
    (f"{LAT},13_4", "lng is not a number."),
    (f"{LAT},{LNG},4711", "Columns in this row: 3 instead of 2."),
    (LAT, "Columns in this row: 1 instead of 2."),
    ("-40.4711,-120.4711", "The point is at sea, far from any land."),
]


@pytest.mark.parametrize(("row", "reason"), BAD_CSV)
def test_bad_rows_name_line_and_reason_and_never_the_value(
    tmp_path: Path, row: str, reason: str
) -> None:
    rows = read(tmp_path, f"lat,lng\n{LAT},{LNG}\n\n{row}\n{LAT},{LNG}\n")
    assert reasons(rows) == {4: reason}
    assert not any(trace in str([vars(bad.why) for bad in rows.bad]) for trace in TRACES)
    assert [line for line, _zone, _fields in rows.good] == [2, 5]


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (4711, "This is not a GeoJSON feature."),
        ({"properties": [4711]}, "The properties are not an object."),
        (
            {"geometry": {"type": "Polygon", "coordinates": [[13.4]]}},
            "The geometry is not a point.",
        ),
        ({"geometry": {"type": "Point", "coordinates": [13.4]}}, "The geometry is not a point."),
        ({"geometry": [13.4, 52.5]}, "The geometry is not a point."),
        ({"geometry": {"type": "Point", "coordinates": [True, 52.5]}}, "lng is not a number."),
        ({"geometry": {"type": "Point", "coordinates": [{"x": 13.4}, 1]}}, "lng is not a number."),
        ({"geometry": {"type": "Point", "coordinates": [None, 52.5]}}, "lng is empty."),
        ({}, "There is no place: give lat and lng, or town."),
    ],
)
def test_bad_features(tmp_path: Path, feature: object, reason: str) -> None:
    text = '{"features": [\n' + json.dumps(feature) + "\n]}"
    rows = read(tmp_path, text, "people.geojson")
    assert reasons(rows) == {1: reason}
    assert {bad.unit for bad in rows.bad} == {"feature"}
    assert rows.good == []


def test_towns_that_nobody_can_mean_are_not_repeated(tmp_path: Path) -> None:
    rows = read(tmp_path, "town,country\nBerlin,DE\nNosuchtown,DE\nBerlin,Germany\n")
    assert [line for line, _zone, _fields in rows.good] == [2]
    assert set(reasons(rows)) == {3, 4}
    assert "Nosuchtown" not in repr(rows.bad)


def test_rows_over_several_lines_are_named_by_their_first(tmp_path: Path) -> None:
    rows = read(tmp_path, f'lat,lng,note\n{LAT},{LNG},"one\ntwo"\n{LAT},x,note\n')
    assert rows.good == [(2, BERLIN, {"note": "one\ntwo"})]
    assert reasons(rows) == {4: "lng is not a number."}


def test_a_file_with_marks_of_spreadsheets(tmp_path: Path) -> None:
    rows = read(tmp_path, f"\ufefflat;lng;note\r\n{LAT};{LNG};a, b\r\n;;\r\n")
    assert rows.good == [(2, BERLIN, {"note": "a, b"})]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n;;\n", "empty"),
        ("pseudonym,role\nRobin,self\n", "must name the columns"),
        ("lat,pseudonym\n1,Robin\n", "must name the columns"),
        ("lat,lng,latitude\n1,2,3\n", "twice: lat"),
    ],
)
def test_files_without_the_right_columns(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        read(tmp_path, text)


def test_other_encodings_are_refused_without_repeating_a_byte(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"lat,lng,note\n{LAT},{LNG},K".encode() + b"\x81ln\n")
    with pytest.raises(BadInputError, match="not UTF-8") as caught:
        list(read_points(path))
    assert caught.value.__cause__ is None


def test_parts_are_small_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_files, "CHUNK", 2)
    path = tmp_path / "people.csv"
    path.write_text("lat,lng\n" + f"{LAT},{LNG}\nx,y\n{LAT},{LNG}\n" * 2)
    parts = list(read_points(path))
    assert [len(part.good) + len(part.bad) for part in parts] == [2, 2, 2]
    lines = [
        row.line if isinstance(row, BadRow) else row[0] for part in parts for row in part.in_order()
    ]
    assert lines == [2, 3, 4, 5, 6, 7]


def test_a_coordinate_that_can_be_one() -> None:
    assert checked_latlng("-90", "+180.0") == (-90, 180)
    assert checked_latlng(".5", "1.e1") == (0.5, 10)
