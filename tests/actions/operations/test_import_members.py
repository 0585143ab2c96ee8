"""Members from another map: good rows are imported, bad ones listed, coordinates dropped."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from mapapp.domain.areas.gazetteer import search_towns
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.store import live_counts
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.records import AuditEntry

Shell = Callable[..., Result]
LAT, LNG = "48.137154", "11.576124"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(content: str | bytes, name: str = "members.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture
def bring(shell: Shell, write: Callable[..., Path]) -> Callable[..., Result]:
    def _bring(content: str | bytes, *options: str, name: str = "members.csv") -> Result:
        return shell("import", str(write(content, name)), "--condition", "dystonia", *options)

    return _bring


def _count(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Member)) or 0


def test_a_row_becomes_a_member(bring: Callable[..., Result], session: Session) -> None:
    done = bring(
        "lat,lng,pseudonym,role,visibility,languages,notes\n"
        f'{LAT},{LNG},"Calm\nHeron",Parent,public,"de, en-GB",secret note\n'
        f"{LAT},{LNG},,,,,\n"
    )
    assert done.exit_code == 0, done.output
    for words in (
        "2 read = 2 imported + 0 unchanged + 0 refused.",
        "Countries: DE 2",
        "Visibility: map 1, public 1",
        "1 column is not used.",
    ):
        assert words in done.stdout.splitlines()
    query = select(Member, Membership).join(Membership, Membership.member_id == Member.id)
    (first, placed), (_second, placed_too) = session.execute(query.order_by(Member.id)).all()
    assert (placed.pseudonym, placed.role, placed.visibility) == ("Calm Heron", "parent", "public")
    assert (placed_too.role, placed_too.visibility) == ("self", "map")
    assert placed_too.pseudonym
    assert first.source == "import"
    assert (first.address_mark, first.address_sealed) == (None, None)
    assert placed.area_id == latlng_to_zone(float(LAT), float(LNG))
    spoken = select(MemberLanguage.language).where(MemberLanguage.member_id == first.id)
    assert set(session.scalars(spoken)) == {"de", "en"}
    assert session.scalar(select(Condition.listed).where(Condition.slug == "dystonia")) == 2
    assert live_counts.differences(session) == []


def test_no_coordinate_is_anywhere(
    bring: Callable[..., Result], engine: Engine, session: Session
) -> None:
    done = bring(f"lat,lng,role\n{LAT},{LNG},self\n{LAT},{LNG},king\n99.{LAT[:2]},{LNG},self\n")
    assert "3 read = 1 imported + 0 unchanged + 2 refused." in done.stdout
    stored = done.output
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608
                stored += " ".join(map(str, row))
    for part in (LAT, LNG, LAT[:6], LNG[:6], "99.48"):
        assert part not in stored
    if engine.dialect.name == "sqlite":
        with sqlite3.connect(engine.url.database or "") as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert LAT[:6].encode() not in Path(engine.url.database or "").read_bytes()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,11,self", "lat is not a number"),
        ("48,,self", "lng is empty"),
        (",,self", "There is no place"),
        ("nan,11,self", "lat is not a number"),
        ("inf,11,self", "lat is not a number"),
        ("1e999,11,self", "lat is not a number"),
        ("4_8,11,self", "lat is not a number"),
        ("115.2,-33.1,self", "swapped"),
        ("95,185,self", "lat is outside"),
        ("48,185,self", "lng is outside"),
        ("-48.9,-123.4,self", "at sea"),
        ("48,11,king", "role must be one of: self"),
        ("48,11", "Columns in this row: 2 instead of 3."),
        ("48,11,self,more", "Columns in this row: 4 instead of 3."),
        ('48,11,"' + "x" * 200_000 + '"', "too long"),
    ],
)
def test_bad_rows_are_named_and_good_ones_go_in(
    bring: Callable[..., Result], session: Session, row: str, reason: str
) -> None:
    done = bring(f"lat,lng,role\n48,11,self\n\n{row}\n48,11,self\n")
    assert done.exit_code == 0, done.output
    (line,) = done.stderr.splitlines()
    assert line.startswith("line 4: ")
    assert reason in line
    assert _count(session) == 2


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("pseudonym", "robin@example.org", "email"),
        ("pseudonym", "Zebra" * 9, "characters"),
        ("visibility", "hidden", "visibility must be one of: map, members, public, counted"),
        ("languages", "german", "languages must be codes"),
        ("languages", "de en fr es it", "at most 4"),
    ],
)
def test_bad_values_are_not_repeated(
    bring: Callable[..., Result], session: Session, column: str, value: str, reason: str
) -> None:
    done = bring(f"lat,lng,{column}\n48,11,{value}\n48,11,\n")
    assert reason in done.stderr
    assert value not in done.stderr.replace("de ", "")
    assert _count(session) == 1


@pytest.mark.both
def test_strict_takes_nobody(bring: Callable[..., Result], session: Session) -> None:
    done = bring("lat,lng\n48,11\nx,11\n", "--strict")
    assert done.exit_code == 2
    assert "line 3: lat is not a number." in done.stderr
    assert "Nothing was imported" in done.stderr
    assert _count(session) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (
            "x,y\n1,2\n",
            "must name the columns lat and lng, or town. Columns in it: 2. Known ones: –.",
        ),
        (f"{LAT},{LNG}\n{LAT},{LNG}\n", "no names of columns"),
        ("lat,lng,lat\n1,2,3\n", "A column appears twice: lat"),
        ("lat,lng\n", "No row could be imported"),
        (b"lat,lng,town\n48,11,M" + b"\x81nchen\n", "not UTF-8"),
    ],
)
def test_files_that_cannot_be_read(
    bring: Callable[..., Result], session: Session, content: str | bytes, words: str
) -> None:
    refused = bring(content)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert _count(session) == 0


def test_other_kinds_and_conditions_are_refused(
    bring: Callable[..., Result], shell: Shell, write: Callable[..., Path]
) -> None:
    assert bring("lat,lng\n48,11\n", name="members.xlsx").exit_code == 2
    path = write("lat,lng\n48,11\n")
    refused = shell("import", str(path), "--condition", "sadness-of-robots")
    assert refused.exit_code == 2
    assert "There is no condition" in refused.stderr


def test_towns(bring: Callable[..., Result], session: Session) -> None:
    done = bring(
        "town,country,lat,lng\n"
        "München,DE,,\n"
        "Москва,,,\n"
        "Nowhere-in-particular,,,\n"
        "Springfield,,,\n"
        "Paris,Germany,,\n"
        f"Moscow,DE,{LAT},{LNG}\n"
    )
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "line 4",
        "line 5",
        "line 6",
    ]
    places = session.scalars(select(Membership.area_id)).all()
    towns = [search_towns(name, 1)[0] for name in ("München", "Москва")]
    expected = [
        *(latlng_to_zone(t.lat, t.lng) for t in towns),
        latlng_to_zone(float(LAT), float(LNG)),
    ]
    assert sorted(places) == sorted(expected)


def _collection(*features: object) -> str:
    return json.dumps({"name": "x", "type": "FeatureCollection", "features": features}, indent=1)


def _point(lng: object, lat: object, **properties: object) -> dict[str, object]:
    geometry = {"type": "Point", "coordinates": [lng, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_geojson(bring: Callable[..., Result], session: Session) -> None:
    line = {"type": "LineString", "coordinates": [[11.5, 48.1], [11.6, 48.1]]}
    content = _collection(
        _point(11.576, 48.137, pseudonym="Calm Heron", languages=["de", "en"]),
        {"type": "Feature", "geometry": line, "properties": {}},
        {"type": "Feature", "geometry": None, "properties": {"town": "Leeds", "country": "GB"}},
        _point("x", 48),
        _point(float("nan"), 48),
        7,
    )
    done = bring(content, name="points.geojson")
    assert done.exit_code == 0, done.output
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        f"feature {number}" for number in (2, 4, 5, 6)
    ]
    assert _count(session) == 2


def test_one_of_each_is_one(bring: Callable[..., Result]) -> None:
    done = bring(f"lat,lng\n{LAT},{LNG}\nx,{LNG}\n")
    assert done.stdout == (
        "2 read = 1 imported + 0 unchanged + 1 refused.\nCountries: DE 1\nVisibility: map 1\n"
        "To take this import out again: mapapp import --undo members.csv --condition dystonia\n"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "no “features”"),
        ('{"features": [', "Feature 1 (line 1): the JSON is broken"),
        ('{"features": [{"type": "Feature"}, {"a": ]}', "Feature 2 (line 1): the JSON is broken"),
        ('{"features": [{"type": "Feature"} {}]}', "Line 1"),
        ('{"features": [{"type": "Feature"}]', "Line 1"),
        ('{"features": []}\n{"features": []}', "Line 2"),
        ('{"a": ' + "[" * 100_000, "broken"),
        ('{"features": [{"type": "Feature", "id": ' + "7" * 6_000 + "}]}", "broken"),
    ],
)
def test_broken_geojson(
    bring: Callable[..., Result], session: Session, content: str, words: str
) -> None:
    refused = bring(content, name="points.geojson")
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert _count(session) == 0
