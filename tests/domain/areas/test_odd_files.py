"""Files as people and spreadsheets write them: understood, or refused with a word that helps."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.place_cells import column_name, country_code
from mapapp.domain.areas.point_files import Rows, read_points
from mapapp.domain.areas.town_names import town_to_zone, towns_called
from mapapp.domain.areas.zone_towns import zone_of
from mapapp.errors import BadInputError
from tests.domain.areas.test_point_files import read, reasons

LAT, LNG = "-33.8688", "151.2093"
SYDNEY = latlng_to_zone(float(LAT), float(LNG))
ROW = f"{LAT},{LNG},Robin"


def lines(rows: Rows) -> list[int]:
    return [line for line, _zone, _fields in rows.good]


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\nlat;lng\n{LAT};{LNG}\n",
        f'"sep=;"\r\n\r\nlat;lng\r\n{LAT};{LNG}\r\n',
        f"sep=\t\nlat\tlng\n{LAT}\t{LNG}\n",
        f"\n \n;;\nlat;lng\n{LAT};{LNG}\n",
        f"\u200elat,\u202elng\u202c\n\u200e{LAT},\u2066{LNG}\u2069\n",
        f"\ufefflat\u00a0,\u00a0lng\n{LAT}\u00a0,\u202f{LNG}\n",
        "lat,lng\n\u221233.8688,151.2093\n",
        "lat,lng\n\u201333.8688,151.2093°\n",
        "lat;lng\n-33,8688;151,2093\n",
        'lat,lng\n"\u221233,8688","151,2093"\n',
        "lat\tlng\n-３３．８６８８\t151.2093\n",
        f"Latitude (°),Longitude (°)\n{LAT},{LNG}\n",
        f"LAT,LON\n{LAT},{LNG}\n",
        f"lat [deg],lng [deg]\n{LAT},{LNG}\n",
        f"Latitude in decimal degrees,LONGITUDE_DD\n{LAT},{LNG}\n",
        f'"Latitude\n(WGS84)","Longitude, (°)"\n{LAT},{LNG}\n',
        f"lat|lng\n{LAT}|{LNG}\n",
        f"lat,lng\r{LAT},{LNG}\r",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_it_is_understood(tmp_path: Path, text: str, encoding: str) -> None:
    if not text[0].isascii() and encoding == "utf-16-le":
        text = text[1:]
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    (part,) = read_points(path)
    assert reasons(part) == {}
    assert [zone for _line, zone, _fields in part.good] == [SYDNEY]


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("lat,lng,pseudonym\n48.1,11.5,Jörg Spaß\n".encode("cp1252"))
    (part,) = read_points(path)
    assert part.good[0][2] == {"pseudonym": "Jörg Spaß"}
    assert "Windows-1252" in part.note
    path.write_bytes("lat,lng,pseudonym\n48.1,11.5,Jörg Spaß\n".encode())
    assert next(read_points(path)).note == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Breite,Länge,Name\n48,11,Robin\n", "Columns in it: 3. Known ones: –."),
        ("48.1,11.5\n48.1,11.5\n", "holds no names of columns"),
        ("−48,1;11,5\n", "holds no names of columns"),
    ],
)
def test_the_columns_seen_are_named_and_no_row_is(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words) as caught:
        read(tmp_path, text)
    assert "48" not in str(caught.value)


UNCLOSED = [
    # Never closed, and closed by a mark of a later row, at each place in it.
    (["48,11,a", '48,11,"b', "48,11,c", "48,11,d"], 3),
    (["48,11,a", '48,11,"b', "48,11,c", '48,11,"d"'], 3),
    (["48,11,a", '48,11,"b', "48,11,c", '48,11,d"', "48,11,e"], 3),
    (["48,11,a", '48,11,"b', '48,11,c"', "48,11,d"], 3),
    (["48,11,a", '48,11,"b"c', "48,11,d"], None),
    (['48,11,"a\nb"', '48,11,"c', "48,11,d"], 4),
    (['48,11,"a\nb","c', "48,11,d"], 3),
    (['48,"11,a', '48,"11,b'], 2),
    (['"48,11,a', '48",11,b'], 2),
]


@pytest.mark.parametrize(("rows", "line"), UNCLOSED)
def test_a_quotation_mark_that_swallows_rows_stops_the_file(
    tmp_path: Path, rows: list[str], line: int | None
) -> None:
    text = "\n".join(["lat,lng,note", *rows, ""])
    if line is None:
        assert set(reasons(read(tmp_path, text))) == {3}
    else:
        with pytest.raises(BadInputError, match=f"^Line {line}: a quotation mark opens here"):
            read(tmp_path, text)


def test_an_unclosed_mark_among_a_thousand_rows_or_in_the_header(tmp_path: Path) -> None:
    rows = [f"48,11,note {n}" for n in range(1_000)]
    rows[9] = '48,11,"note 9'
    with pytest.raises(BadInputError, match=r"^Line 11: "):
        read(tmp_path, "\n".join(["lat,lng,note", *rows]))
    with pytest.raises(BadInputError, match=r"^Line 1: "):
        read(tmp_path, '"lat,lng\n48,11\n48,11\n')


NOTES = st.text(st.sampled_from(string.ascii_letters + " \n\",;'é"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(NOTES, min_size=1, max_size=5))
def test_notes_over_several_lines_are_whole(
    tmp_path_factory: pytest.TempPathFactory, notes: list[str]
) -> None:
    """Every row that was written is read again, whatever its note holds."""
    body = "".join('48,11,"{}"\n'.format(note.replace('"', '""')) for note in notes)
    rows = read(tmp_path_factory.mktemp("notes"), f"lat,lng,note\n{body}")
    assert reasons(rows) == {}
    assert [fields["note"] for _line, _zone, fields in rows.good] == [n.strip() for n in notes]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_mark_taken_away_or_added_loses_no_row(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Each row is read or refused, or the whole file is refused: none is swallowed in silence."""
    rows = [f'"{LAT}","{LNG}","note {n}"' for n in range(6)]
    at = data.draw(st.integers(0, 5))
    row = rows[at]
    place = data.draw(st.integers(0, len(row)))
    is_mark = row[place : place + 1] == '"'
    rows[at] = row[:place] + row[place + 1 :] if is_mark else f'{row[:place]}"{row[place:]}'
    try:
        found = read(tmp_path_factory.mktemp("marks"), "\n".join(["lat,lng,note", *rows, ""]))
        said = ""
    except BadInputError as error:
        found, said = Rows(), str(error)
    is_refused = said.startswith(f"Line {at + 2}: ")
    assert is_refused or len(found.good) + len(found.bad) == len(rows), said


BERLIN = ("52.52", "13.405")


@pytest.mark.parametrize(
    ("lat", "lng", "country", "reason"),
    [
        (*BERLIN, "FR", "not in the country that the row names. Correct"),
        (BERLIN[1], BERLIN[0], "DE", "Are lat and lng swapped?"),
        ("151.2093", "-33.8688", "AU", "Are lat and lng swapped?"),
        ("-123.4", "-48.9", "", "Are lat and lng swapped?"),
        ("0", "0", "", "at sea"),
        ("-10.5", "-60.2", "AR", "not in the country"),
        (*BERLIN, "XX", "No country has the two letters"),
        (*BERLIN, "Germany", "two letters"),
    ],
)
def test_contradictions_are_refused(
    tmp_path: Path, lat: str, lng: str, country: str, reason: str
) -> None:
    rows = read(tmp_path, f"lat,lng,country\n{lat},{lng},{country}\n{LAT},{LNG},AU\n")
    assert list(reasons(rows)) == [2]
    assert reason in reasons(rows)[2]
    assert lines(rows) == [3]


@pytest.mark.parametrize(
    ("lat", "lng", "country"),
    [("51.5", "-0.12", "UK"), ("37.98", "23.73", "el"), ("43.73", "7.42", "MC"), (*BERLIN, "")],
)
def test_what_agrees_is_taken(tmp_path: Path, lat: str, lng: str, country: str) -> None:
    assert lines(read(tmp_path, f"lat,lng,country\n{lat},{lng},{country}\n")) == [2]


def test_codes_that_official_bodies_use() -> None:
    assert [country_code(text) for text in ("UK", "el", " gb\u200e", "")] == ["GB", "GR", "GB", ""]


def test_a_feature_in_other_coordinates_is_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:3857"}}
    point = {"type": "Point", "coordinates": [151.2093, -33.8688]}
    features = [
        {"geometry": point},
        {"geometry": point, "crs": crs},
        {"geometry": {**point, "crs": crs}},
        {"geometry": {**point, "coordinates": [16832730.0, -4011415.0]}},
        {"geometry": {**point, "coordinates": ["151,2093", "−33,8688"]}},
    ]
    rows = read(tmp_path, json.dumps({"features": features}), "people.geojson")
    assert (lines(rows), list(reasons(rows))) == ([1, 5], [2, 3, 4])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("Springfield, Illinois, US",), (39.8, -89.6)),
        (("Springfield, IL, USA",), None),
        (("Springfield, IL, US",), (39.8, -89.6)),
        (("Springfield", "US", "Illinois"), (39.8, -89.6)),
        (("Springfield", "US", "us-ma"), (42.1, -72.6)),
        (("Paris, Texas",), (33.7, -95.6)),
        (("Paris, France",), (48.9, 2.3)),
        (("Birmingham, UK",), (52.5, -1.9)),
        (("Birmingham", "UK"), (52.5, -1.9)),
        (("Springfield, US",), None),
        (("Springfield", "US"), None),
        (("Springfield, Bavaria, US",), None),
        (("Paris", "DE"), None),
    ],
)
def test_towns_with_their_region(given: tuple[str, ...], expected: tuple[float, float]) -> None:
    if expected is None:
        with pytest.raises(BadInputError, match="region and country"):
            town_to_zone(*given)
    else:
        town = towns_called(*given)[0]
        assert (town.lat, town.lng) == pytest.approx(expected, abs=0.15)
        assert town_to_zone(*given) == zone_of(town)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Diagnosis (year)", "diagnosis (year)"),
        (" State ", "region"),
        ("Country_Code", "country"),
        ("Pseudonym\u00a0", "pseudonym"),
    ],
)
def test_names_of_columns(text: str, name: str) -> None:
    assert column_name(text) == name
