"""What is wrong with a file is said in words of ours: nothing that it holds is repeated."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mapapp.domain.areas.point_files import Rows, read_points
from mapapp.errors import BadInputError

TABLE = b"lat,lng\n48.14,11.58\n"
SECRETS = ("anna", "secretname", "munich", "secret.org", "hidden")


def _zip(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, TABLE)
    return target.getvalue()


KINDS = {
    "Excel workbook": _zip("[Content_Types].xml", "xl/workbook.xml"),
    "LibreOffice": _zip("mimetype", "content.xml"),
    "ZIP archive": _zip("people.csv"),
    "compressed": gzip.compress(TABLE),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a web page": b"\xef\xbb\xbf\n<!DOCTYPE html><title>anna secretname</title>",
    "a database": b"SQLite format 3\x00" + b"\x00" * 100,
}


def _read(tmp_path: Path, content: bytes, name: str = "people.csv") -> list[Rows]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_points(path))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["people.csv", "people.geojson"])
def test_another_kind_of_file_is_known(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(BadInputError, match=kind):
        _read(tmp_path, KINDS[kind], name)


@pytest.mark.parametrize(
    ("first_line", "words"),
    [
        ("Anna Secretname,Munich,DE,self", "Columns in it: 4. Known ones: –."),
        ("lat,anna@secret.org," + "hidden" * 100, "Columns in it: 3. Known ones: lat."),
        ("lattitude,longitud,Anna", "Check how the others are spelt: some look like latitude, lon"),
        ("lat,lng,anna,anna", "Two columns have the same name: the columns 3, 4."),
        ("lat,lng,role,Role", "A column appears twice: role."),
    ],
)
def test_a_first_line_without_names_is_not_repeated(
    tmp_path: Path, first_line: str, words: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        _read(tmp_path, f"{first_line}\n48,11,x,y\n".encode())
    assert words in str(refused.value)
    assert len(str(refused.value)) < 250
    assert not [word for word in SECRETS if word in str(refused.value).lower()]


def _feature(properties: str) -> bytes:
    point = '{"type": "Point", "coordinates": [11.58, 48.14]}'
    return f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "geometry": {point}, \
"properties": {properties}}}]}}'.encode()


@pytest.mark.parametrize(
    "properties",
    [
        '{"visibility": "members", "Visibility": "public"}',
        '{"visibility": "counted", "visibility": "public"}',
        '{"town": "Munich", "city": "Paris"}',
        *(
            json.dumps({name: value})
            for name in ("pseudonym", "role", "visibility", "country", "id")
            for value in (["a", "b"], {"a": "b"}, True, False, [])
        ),
        '{"languages": [["de"]]}',
        '{"languages": {"de": 1}}',
    ],
)
def test_a_property_that_has_no_one_meaning_is_refused(tmp_path: Path, properties: str) -> None:
    (part,) = _read(tmp_path, _feature(properties), "people.geojson")
    assert not part.good
    assert "property" in str(part.bad[0].why)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ('{"languages": ["de", "en"], "notes": {"a": [1]}}', {"languages": "de en", "notes": ""}),
        ('{"id": 7, "pseudonym": null}', {"id": "7", "pseudonym": ""}),
    ],
)
def test_what_has_a_meaning_is_taken(
    tmp_path: Path, properties: str, expected: dict[str, Any]
) -> None:
    (part,) = _read(tmp_path, _feature(properties), "people.geojson")
    assert part.good[0][2] == expected


def test_words_fit_the_kind_of_file(tmp_path: Path) -> None:
    (table,) = _read(tmp_path, "lat,lng,role\n48.14,11.58,é\n".encode("cp1252"))
    assert "CSV UTF-8" in table.note
    (features,) = _read(tmp_path, _feature('{"notes": "é"}').decode().encode("cp1252"), "x.geojson")
    assert "Windows-1252" in features.note
    assert "CSV" not in features.note
