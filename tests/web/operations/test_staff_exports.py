"""Pages of the staff for exports: asking, waiting, the list of files, and each of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.statistics import export_asked, export_kept
from mapapp.actions.statistics.export_asked import make_asked
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.records import AuditEntry, Export
from mapapp.web.operations import staff_exports
from tests.paging import pages_of
from tests.places import zones_of
from tests.worlds import counted_queries

FORM = {"conditions": "dystonia", "level": "region", "file_format": "csv", "reason": "a talk"}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def staff(make_member: Callable, login: Callable[..., FlaskClient]) -> FlaskClient:
    return login(make_member(staff=True))


@pytest.fixture
def dystonia(make_condition: Callable, make_membership: Callable, session: Session) -> Condition:
    condition: Condition = make_condition("dystonia")
    for _ in range(9):
        make_membership(condition, zones_of("DE-BY")[0])
    session.commit()
    return condition


@pytest.mark.parametrize("path", ["/admin/export", "/admin/exports", f"/admin/exports/{'0' * 64}"])
def test_pages_are_for_staff_only(
    app: Flask, login: Callable[..., FlaskClient], make_member: Callable, path: str
) -> None:
    assert app.test_client().get(path).status_code == 303
    assert login(make_member(), on=app.test_client()).get(path).status_code == 403


def test_the_form_needs_a_token(
    app: Flask, login: Callable[..., FlaskClient], make_member: Callable
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    staff = login(make_member(staff=True), on=app.test_client())
    assert staff.post("/admin/export", data=FORM).status_code == 400


@time_machine.travel(NOW, tick=False)  # forms are signed with the time
def test_hidden_members_do_not_show(
    staff: FlaskClient, dystonia: Condition, make_membership: Callable, session: Session
) -> None:
    before = staff.get("/admin/export").text
    for _ in range(30):
        make_membership(dystonia, zones_of("DE-BY")[0], visibility="counted")
    session.commit()
    assert staff.get("/admin/export").text == before


def test_several_conditions_can_be_ticked(
    staff: FlaskClient,
    dystonia: Condition,
    make_condition: Callable,
    make_membership: Callable,
    session: Session,
) -> None:
    make_membership(make_condition("ataxia"), zones_of("DE-BY")[0])
    session.commit()
    page = staff.get("/admin/export").text
    boxes = re.findall(r'<input[^>]* name="conditions"[^>]*>', page)
    assert len(boxes) == 2
    assert all('type="checkbox"' in box and "required" not in box for box in boxes)
    form = {"conditions": ["dystonia", "ataxia"], "level": "country", "file_format": "csv"}
    made = staff.post("/admin/export", data={**form, "reason": "a talk"})
    assert made.status_code == 303


def test_an_export_is_made_fetched_and_logged(
    app: Flask,
    staff: FlaskClient,
    dystonia: Condition,
    session: Session,
    engine: Engine,
    settings: Settings,
) -> None:
    form = {"conditions": "dystonia", "level": "region", "file_format": "csv", "reason": "a talk"}
    made = staff.post("/admin/export", data=form)
    assert made.status_code == 303
    waiting = staff.get(made.location).text
    assert "The file is being made" in waiting
    assert 'data-look-again="0"' in waiting
    assert "Step 1 of 4" in waiting
    assert staff.get(f"{made.location}/file").status_code == 404
    make_asked(engine, settings)
    with counted_queries(app) as statements:
        page = staff.get(made.location)
    read = [words for words in statements if "export.content" in words]
    assert all("mimetype =" in words for words in read)  # of what is made; a file may be huge
    assert "Codebook" in page.text
    assert "After 30 days it is deleted." in page.text
    assert "look-again" not in page.text
    file = staff.get(f"{made.location}/file")
    assert "DE-BY" in file.text
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"
    assert staff.get(f"{made.location}/codebook").text.startswith("# Codebook")
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason) == ("export", "a talk")
    assert "a talk" in staff.get("/admin").text


def test_a_file_that_cannot_be_made_is_given_up_in_words(
    staff: FlaskClient,
    dystonia: Condition,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_asked, "LEASE", 0)
    monkeypatch.setattr(export_asked, "plan_file", lambda *_given: int("x"))
    form = {"conditions": "dystonia", "level": "region", "file_format": "csv", "reason": "a talk"}
    asked = staff.post("/admin/export", data=form).location
    assert make_asked(engine, settings) == 0
    page = staff.get(asked).text
    assert "could not be made" in page
    assert "look-again" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"conditions": "nothing"},
        {"level": "street"},
        {"file_format": "doc"},
        {"file_format": "pdf"},
        {"countries": "Atlantis"},
        {"level": "growth", "countries": "DE"},
        {"file_format": "gpkg", "hxl": "y"},
        {"reason": "x" * 301},
    ],
)
def test_a_bad_export_form_is_shown_again(
    staff: FlaskClient, dystonia: Condition, session: Session, wrong: dict[str, str]
) -> None:
    form = {"conditions": "dystonia", "level": "region", "file_format": "csv", "reason": "a talk"}
    answer = staff.post("/admin/export", data={**form, **wrong})
    assert answer.status_code == 400
    assert 'class="error"' in answer.text
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_an_unknown_export_is_not_found(staff: FlaskClient) -> None:
    for path in ("", "/file", "/codebook"):
        assert staff.get(f"/admin/exports/{'0' * 64}{path}").status_code == 404


@pytest.mark.parametrize("stage", export_asked.STAGES)
def test_the_page_says_how_far_a_file_is(
    staff: FlaskClient, dystonia: Condition, engine: Engine, stage: str
) -> None:
    path = staff.post("/admin/export", data=FORM).location
    export_asked._take(engine)
    export_asked._reach(engine, path.rpartition("/")[2], stage)
    done = export_asked.STAGES.index(stage) + 1
    page = staff.get(path).text
    assert f'data-look-again="{done}"' in page
    assert f'value="{done}"' in page
    assert f"Step {done + 1} of 4" in page
    assert "http-equiv" not in page  # nothing takes the page from under a screen reader


@pytest.mark.both
@time_machine.travel(NOW, tick=False)
def test_files_are_listed_with_who_when_size_and_end(
    app: Flask,
    staff: FlaskClient,
    dystonia: Condition,
    session: Session,
    engine: Engine,
    settings: Settings,
) -> None:
    assert "There is no file yet" in staff.get("/admin/exports").text
    path = staff.post("/admin/export", data={**FORM, "countries": "Germany, fr"}).location
    waiting = staff.get("/admin/exports").text
    assert f'<a href="{path}">dystonia-region-DE-FR-2026-11-24.csv</a>' in waiting
    assert "in the queue" in waiting
    make_asked(engine, settings)
    with counted_queries(app) as statements:
        page = staff.get("/admin/exports").text
    read = [words for words in statements if "export.content" in words]
    assert not [
        words for words in read if re.search(r"\.content[ ,]", words) and "mimetype =" not in words
    ]
    assert "in the queue" not in page
    row = page.split("<tbody>")[1]
    with transaction(engine, write=False) as reading:
        made = reading.get_one(Export, path.rpartition("/")[2])
        size = len(made.content)
        who = reading.scalar(select(Member.staff_name).where(Member.account_id == made.asked_by))
    assert who
    for part in (f'href="{path}"', f"{path}/file", f"{path}/codebook", "2026-11-24 12:00"):
        assert part in row
    assert f"<bdi>{who}</bdi>" in row
    assert f">{round(size / 1000)} kB<" in row
    assert "2026-12-25" in row
    entry = session.scalars(select(AuditEntry)).one()
    assert '"countries": ["DE", "FR"]' in entry.detail


@pytest.mark.both
def test_the_list_has_pages(
    staff: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(45):
        one = {"day": "2026-11-24", "mimetype": "text/csv", "content": b"", "codebook": ""}
        session.add(Export(key=f"{n:064}", filename=f"file-{n}.csv", asked_at=n // 2, **one))
    session.add(
        Export(
            key="numbers",
            day="2026-11-24",
            filename="",
            mimetype=export_kept.NUMBERS,
            content=b"",
            codebook="",
        )
    )
    session.commit()
    found = [
        re.findall(r">(file-\d+\.csv)</a></th>", page) for page in pages_of(staff, "/admin/exports")
    ]
    assert [len(one) for one in found] == [20, 20, 5]
    assert [name for one in found for name in one] == [f"file-{n}.csv" for n in reversed(range(45))]


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 kB"), (999_400, "999 kB"), (1_000_000, "1 MB"), (35_749_954, "35.7 MB")],
)
def test_a_size_is_told_in_round_numbers(app: Flask, size: int, words: str) -> None:
    with app.test_request_context():
        assert staff_exports._size_words(size) == words
