"""A file is corrected and imported again, tried first, and taken out: nobody is there twice."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from mapapp.actions.operations.import_rows import RowMarks, person_of
from mapapp.actions.published.number_check import repair_published
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.store.members import ImportedRow, Member, MemberImport, MemberLanguage, Membership
from mapapp.store.records import AuditEntry, Erasure
from tests.databases import rows_of as everything
from tests.published import wrong_numbers

Shell = Callable[..., Result]
Bring = Callable[..., Result]
MUNICH, BERLIN = "48.137154,11.576124", "52.519719,13.413713"
HEADER = "id,lat,lng,pseudonym,role\n"
THREE = f"{HEADER}1,{MUNICH},Calm Heron,self\n2,{BERLIN},,self\n3,{BERLIN},,parent\n"
PLAIN = f"lat,lng,role\n{MUNICH},self\n{MUNICH},self\n{BERLIN},parent\n"


@pytest.fixture
def bring(shell: Shell, tmp_path: Path) -> Bring:
    def _bring(content: str, *options: str, name: str = "members.csv") -> Result:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return shell("import", str(path), "--condition", "dystonia", *options)

    return _bring


def count(session: Session) -> int:
    session.rollback()
    session.expire_all()
    assert wrong_numbers(session) == []
    return session.scalar(select(func.count()).select_from(Member)) or 0


def first_line(result: Result) -> str:
    return result.stdout.splitlines()[0]


@pytest.mark.both
@pytest.mark.parametrize("content", [THREE, PLAIN])
def test_the_same_file_again_changes_nothing(
    bring: Bring, engine: Engine, session: Session, content: str
) -> None:
    assert first_line(bring(content)) == "3 read = 3 imported + 0 unchanged + 0 refused."
    before = everything(engine)
    again = bring(content)
    assert again.exit_code == 0, again.output
    assert first_line(again) == "3 read = 0 imported + 3 unchanged + 0 refused."
    assert everything(engine) == before


def test_other_coordinates_of_the_same_zone_are_no_change(bring: Bring, session: Session) -> None:
    bring(THREE)
    again = bring(THREE.replace("48.137154", "48.137155"))
    assert first_line(again) == "3 read = 0 imported + 3 unchanged + 0 refused."


def test_a_changed_row_is_refused_until_it_may_replace(bring: Bring, session: Session) -> None:
    bring(THREE)
    changed = THREE.replace("Calm Heron", "Calm Herons") + f"4,{MUNICH},New Wren,self\n"
    refused = bring(changed)
    assert first_line(refused) == "4 read = 1 imported + 2 unchanged + 1 refused."
    assert "line 2: This row differs from the one imported under its id." in refused.stderr
    assert count(session) == 4
    names = set(session.scalars(select(Membership.pseudonym)))
    assert "Calm Heron" in names
    replaced = bring(changed, "--replace")
    assert first_line(replaced) == "4 read = 1 imported + 3 unchanged + 0 refused."
    assert "1 of the imported rows replaces what was there." in replaced.stdout
    assert count(session) == 4
    assert "Calm Herons" in set(session.scalars(select(Membership.pseudonym)))
    assert first_line(bring(changed)) == "4 read = 0 imported + 4 unchanged + 0 refused."


@pytest.mark.both
def test_replacing_moves_and_takes_out_and_leaves_what_moderators_did(
    bring: Bring, session: Session
) -> None:
    bring(THREE)
    (membership,) = session.scalars(select(Membership).where(Membership.pseudonym == "Calm Heron"))
    membership.hidden_reasons, membership.chosen_visibility = HiddenReason.BY_MODERATORS, "members"
    membership.visibility, membership.pseudonym = "paused", ""
    kept = membership.member_id
    repair_published(session)
    session.commit()
    done = bring(f"{HEADER}1,{BERLIN},Calm Heron,family\n2,{BERLIN},,self\n", "--replace")
    assert first_line(done) == "2 read = 1 imported + 1 unchanged + 0 refused."
    assert "1 person is not in the file any more, and was taken out." in done.stdout
    assert count(session) == 2
    assert session.scalar(select(func.count()).select_from(Erasure)) == 1
    moved = session.scalars(select(Membership).where(Membership.member_id == kept)).one()
    place = latlng_to_zone(*map(float, BERLIN.split(",")))
    assert (moved.area_id, moved.role, moved.visibility) == (place, "family", "paused")
    assert moved.pseudonym == ""


@pytest.mark.parametrize("option", ["--replace", "--strict"])
def test_all_or_nothing(bring: Bring, engine: Engine, session: Session, option: str) -> None:
    bring(THREE)
    before = everything(engine)
    done = bring(f"{HEADER}1,{MUNICH},Calm Wren,self\n4,x,11,,self\n5,{BERLIN},,king\n", option)
    assert done.exit_code == 2
    assert "Nothing was imported: " in done.stderr
    assert everything(engine) == before


def test_one_character_doubles_nobody(bring: Bring, session: Session) -> None:
    bring(PLAIN)
    changed = PLAIN.replace("parent", "family")
    asked = bring(changed)
    assert asked.exit_code == 2
    assert "New rows: 1. People of the earlier import who are not in this file: 1." in asked.stderr
    assert count(session) == 3
    assert bring(changed, "--replace").exit_code == 0
    assert count(session) == 3
    assert bring(PLAIN, "--add").exit_code == 0
    assert count(session) == 4


@pytest.mark.both
def test_another_name_asks_whether_these_are_other_people(bring: Bring, session: Session) -> None:
    bring(PLAIN)
    more = PLAIN + f"{BERLIN},researcher\n"
    asked = bring(more, name="second.csv")
    assert asked.exit_code == 2
    assert "3 people of this condition came with other imports (members.csv)." in asked.stderr
    assert "New rows that say the same as one of them: 3." in asked.stdout
    assert count(session) == 3
    corrected = bring(more, "--name", "members.csv", name="second.csv")
    assert first_line(corrected) == "4 read = 1 imported + 3 unchanged + 0 refused."
    assert bring(more, "--add", name="second.csv").exit_code == 0
    assert count(session) == 8


def test_people_of_before_imports_had_names_are_seen(bring: Bring, session: Session) -> None:
    bring(PLAIN)
    session.execute(text("DELETE FROM imported_row"))
    session.execute(text("DELETE FROM member_import"))
    session.commit()
    asked = bring(PLAIN, "--check")
    assert asked.exit_code == 2
    assert "3 people of this condition are there from other imports. New rows" in asked.stdout
    assert "came with imports that have no name." in asked.stderr


@pytest.mark.both
def test_ids_for_a_file_that_had_none_double_nobody(bring: Bring, session: Session) -> None:
    bring(PLAIN)
    with_ids = "id," + PLAIN.replace("\n4", "\n1,4", 1).replace("\n4", "\n2,4").replace(
        "\n5", "\n3,5"
    )
    asked = bring(with_ids)
    assert asked.exit_code == 2
    assert "New rows: 3. People" in asked.stderr
    assert bring(with_ids, "--replace").exit_code == 0
    assert count(session) == 3
    assert first_line(bring(with_ids)) == "3 read = 0 imported + 3 unchanged + 0 refused."


def test_ids_are_given_once_and_to_all(bring: Bring, session: Session) -> None:
    done = bring(f"{HEADER}7,{MUNICH},,\n7,{BERLIN},,\n,{BERLIN},,\n")
    assert first_line(done) == "3 read = 1 imported + 0 unchanged + 2 refused."
    assert "line 3: An earlier row has the same id." in done.stderr
    assert "line 4: id is empty." in done.stderr


def test_features_have_ids(bring: Bring, session: Session) -> None:
    point = {"type": "Point", "coordinates": [11.576124, 48.137154]}
    features = [
        {"type": "Feature", "id": 1, "geometry": point, "properties": {}},
        {"type": "Feature", "geometry": point, "properties": {"ID": "b"}},
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    bring(content, name="points.geojson")
    changed = content.replace('"ID": "b"', '"ID": "b", "role": "parent"')
    again = bring(changed, name="points.geojson")
    assert "feature 2: This row differs" in again.stderr
    assert first_line(again) == "2 read = 0 imported + 1 unchanged + 1 refused."


@pytest.mark.parametrize("options", [(), ("--replace",), ("--add",), ("--strict",)])
@pytest.mark.parametrize(
    "content", [THREE, PLAIN, THREE.replace("Calm", "Loud"), f"{HEADER}1,x,1,,\n"]
)
def test_a_check_writes_nothing_and_says_what_would_happen(
    bring: Bring, engine: Engine, session: Session, content: str, options: tuple[str, ...]
) -> None:
    bring(THREE)
    before = everything(engine)
    tried = bring(content, "--check", *options)
    assert everything(engine) == before
    real = bring(content, *options)
    assert real.exit_code == tried.exit_code
    assert real.stderr == tried.stderr
    said = first_line(tried)
    if not real.exit_code:
        said = said.removesuffix(" Nothing was written.").replace("to be imported", "imported")
    assert said == first_line(real)


@pytest.mark.both
def test_undo_takes_out_one_import_and_nobody_else(
    bring: Bring, shell: Shell, session: Session, make_member: Callable[..., Member]
) -> None:
    make_member(pseudonym="Own Account")
    session.commit()
    bring(THREE)
    bring(PLAIN, "--add", "--name", "second")
    undone = shell("import", "--undo", "members.csv")
    assert undone.exit_code == 0, undone.output
    assert undone.stdout == "3 people of “members.csv” taken out.\n"
    assert count(session) == 4
    assert session.scalars(select(MemberImport.name)).all() == ["second"]
    assert session.scalar(select(func.count()).select_from(ImportedRow)) == 3
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import-undo")).one()
    assert json.loads(entry.detail) == {
        "condition": "dystonia",
        "name": "members.csv",
        "removed": 3,
    }
    # A backup brings none of them back.
    assert session.scalar(select(func.count()).select_from(Erasure)) == 3
    assert bring(THREE, "--add").exit_code == 0
    assert count(session) == 7


@pytest.mark.both
def test_undo_asks_what_it_cannot_know(bring: Bring, shell: Shell, tmp_path: Path) -> None:
    bring(THREE)
    wrong = shell("import", "--undo", "other.csv")
    assert wrong.exit_code == 2
    assert "There are: members.csv." in wrong.stderr
    path = tmp_path / "members.csv"
    assert shell("import", str(path), "--condition", "epilepsy").exit_code == 0
    both = shell("import", "--undo", "members.csv")
    assert both.exit_code == 2
    assert "dystonia, epilepsy" in both.stderr
    assert shell("import", "--undo", "members.csv", "--condition", "epilepsy").exit_code == 0
    for options in ([], [str(path)], [str(path), "--undo", "members.csv"]):
        assert shell("import", *options).exit_code == 2


def test_an_unclosed_mark_imports_nobody(bring: Bring, session: Session) -> None:
    rows = [f"{MUNICH},self"] * 1_000
    rows[9] = f'{MUNICH},"self'
    for options in ((), ("--strict",), ("--check",)):
        refused = bring("lat,lng,role\n" + "\n".join(rows), *options)
        assert refused.exit_code == 2
        assert "Line 11: a quotation mark opens here" in refused.stderr
    assert count(session) == 0


def test_what_is_kept_of_a_row_is_keyed_and_no_place(
    bring: Bring, engine: Engine, session: Session
) -> None:
    bring(THREE)
    rows = session.scalars(select(ImportedRow)).all()
    assert {len(row.key) for row in rows} == {len(row.content) for row in rows} == {64}
    columns = {column["name"] for column in inspect(engine).get_columns("imported_row")}
    assert columns == {"member_id", "import_id", "key", "content"}
    condition_id = session.scalars(select(MemberImport.condition_id)).one()
    person = person_of({}, latlng_to_zone(*map(float, BERLIN.split(","))), "A site")
    other = RowMarks("another secret", condition_id, "members.csv")
    stored = {row.key for row in rows} | {row.content for row in rows}
    assert other.content(person) not in stored
    assert other.key("1", "") not in stored


def test_languages_follow_a_replaced_row(bring: Bring, session: Session) -> None:
    header = "id,lat,lng,languages\n"
    bring(f"{header}1,{MUNICH},de en\n")
    assert bring(f"{header}1,{MUNICH},en fr\n", "--replace").exit_code == 0
    assert set(session.scalars(select(MemberLanguage.language))) == {"en", "fr"}
