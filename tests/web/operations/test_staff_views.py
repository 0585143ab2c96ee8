"""Pages for staff: closed to others, and with a log of what was done."""

import json
from collections.abc import Callable
from itertools import islice

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.outbox import NEVER, queue
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.conditions import Condition, ConditionName
from mapapp.store.mail import Outbox
from mapapp.store.records import AuditEntry
from tests.forms import forms
from tests.paging import pages_of
from tests.places import zones_of

PAGES = ["/admin", "/admin/conditions", "/admin/conditions/new", "/admin/conditions/dystonia"]
FORMS = ["/admin/mail/retry", "/admin/conditions/new", "/admin/conditions/als"]


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


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_staff_only(
    app: Flask, login: Callable[..., FlaskClient], make_member: Callable, path: str
) -> None:
    assert app.test_client().get(path).status_code == 303
    assert login(make_member(), on=app.test_client()).get(path).status_code == 403


@pytest.mark.parametrize("path", FORMS)
def test_forms_are_for_staff_and_need_a_token(
    app: Flask, login: Callable[..., FlaskClient], make_member: Callable, path: str
) -> None:
    assert app.test_client().post(path).status_code == 303
    assert login(make_member(), on=app.test_client()).post(path).status_code == 403
    app.config["WTF_CSRF_ENABLED"] = True
    assert login(make_member(staff=True), on=app.test_client()).post(path).status_code == 400


def test_home_shows_the_site_in_numbers(staff: FlaskClient, dystonia: Condition) -> None:
    page = staff.get("/admin").text
    assert '<span class="people-number">9</span>' in page
    assert "Nothing yet." in page
    assert "Accounts" not in page.split("<main")[1].split("</main>")[0]


@time_machine.travel("2026-11-24 12:00", tick=False)  # forms are signed with the time
def test_hidden_members_do_not_show(
    staff: FlaskClient, dystonia: Condition, make_membership: Callable, session: Session
) -> None:
    before = staff.get("/admin").text
    for _ in range(30):
        make_membership(dystonia, zones_of("DE-BY")[0], visibility="counted")
    session.commit()
    assert staff.get("/admin").text == before


def test_conditions_are_searched_hidden_ones_too(
    staff: FlaskClient, make_condition: Callable, session: Session
) -> None:
    make_condition("a-hidden-condition", shown=False)
    session.commit()
    found = staff.get("/admin/conditions?q=HIDDEN-cond").text
    assert "A hidden condition" in found
    assert "No condition has this" in staff.get("/admin/conditions?q=%25zzz_").text
    for page, status in (("0", 200), ("x", 400), ("99999", 200)):
        assert staff.get(f"/admin/conditions?page={page}").status_code == status
    _first, second = islice(pages_of(staff, "/admin/conditions"), 2)
    assert "MONDO:" in second


@pytest.mark.both
def test_a_condition_is_added(staff: FlaskClient, session: Session) -> None:
    before = facts.fact(session, facts.CONDITIONS_VERSION)
    session.rollback()
    form = {"name": "  Heron's   syndrome ", "names": "Heron\nHérons\n\nHeron", "reason": "asked"}
    made = staff.post("/admin/conditions/new", data={**form, "about": "Long necks."})
    assert made.location.endswith("/admin/conditions/herons-syndrome")
    row = session.scalars(select(Condition).where(Condition.slug == "herons-syndrome")).one()
    assert (row.name, row.about, row.edited, row.shown) == (
        "Heron's syndrome",
        "Long necks.",
        True,
        True,
    )
    names = select(ConditionName.name).where(ConditionName.condition_id == row.id)
    assert set(session.scalars(names)) == {"Heron", "Hérons"}
    assert facts.fact(session, facts.CONDITIONS_VERSION) != before
    again = staff.post("/admin/conditions/new", data=form)
    assert again.status_code == 400
    assert "already" in again.text
    assert staff.get("/conditions/herons-syndrome").status_code == 200


def _save(staff: FlaskClient, sent: dict[str, str]) -> int:
    page = staff.get("/admin/conditions/dystonia").text
    mark = next(form.fields["mark"] for form in forms(page) if "mark" in form.fields)
    return staff.post("/admin/conditions/dystonia", data={**sent, "mark": mark}).status_code


@pytest.mark.both
def test_two_admins_do_not_overwrite_each_other(
    staff: FlaskClient, dystonia: Condition, session: Session
) -> None:
    path = "/admin/conditions/dystonia"
    opened = next(form.fields for form in forms(staff.get(path).text) if "mark" in form.fields)
    hers = {**opened, "names": "Twisting", "about": "Hers.", "reason": "clearer"}
    mine = {**hers, "names": "", "about": "Mine.\nLonger."}
    assert [staff.post(path, data=hers).status_code for _ in range(2)] == [303, 303]
    refused = staff.post(path, data=mine)
    assert refused.status_code == 400
    assert "Someone has changed this condition" in refused.text
    assert "Mine.\nLonger." in refused.text.replace("\r", "")
    session.expire_all()
    assert dystonia.about == "Hers."
    seen = next(form.fields["mark"] for form in forms(refused.text) if "mark" in form.fields)
    assert staff.post(path, data={**mine, "mark": seen}).status_code == 303
    session.rollback()
    assert session.scalars(select(AuditEntry.action)).all() == ["condition-edit"] * 2


@pytest.mark.both
def test_a_condition_is_renamed_hidden_and_shown(
    staff: FlaskClient, dystonia: Condition, session: Session
) -> None:
    version = dystonia.version
    form = {"name": "All dystonias", "names": "Twisting", "about": "", "reason": "clearer"}
    assert _save(staff, form) == 303
    session.expire_all()
    assert (dystonia.name, dystonia.shown, dystonia.edited) == ("All dystonias", False, True)
    assert dystonia.version > version
    assert staff.get("/conditions/dystonia").status_code == 404
    assert _save(staff, {**form, "shown": "y"}) == 303
    assert staff.get("/conditions/dystonia").status_code == 200
    session.rollback()  # so that the next query sees what was written meanwhile
    acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts == ["condition-hide", "condition-show"]
    page = staff.get("/admin/conditions/dystonia").text
    assert "Twisting" in page


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 201}, {"name": "\u200b\u200b\u200b"}, {"reason": ""},
     {"names": "\n".join(map(str, range(60)))}, {"about": "x" * 2001}],
)  # fmt: skip
def test_bad_texts_are_refused_beside_the_field(
    staff: FlaskClient, session: Session, wrong: dict[str, str]
) -> None:
    form = {"name": "Heron's syndrome", "names": "", "about": "", "reason": "asked", **wrong}
    for path in ("/admin/conditions/new", "/admin/conditions/als"):
        answer = staff.post(path, data=form)
        assert answer.status_code == 400
        assert 'class="error"' in answer.text
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_what_staff_type_is_text(staff: FlaskClient) -> None:
    form = {"name": "<script>alert(1)</script> {{7*1910191}}", "reason": "x"}
    made = staff.post("/admin/conditions/new", data=form)
    for path in (made.location, "/admin", "/admin/conditions?q=script"):
        assert "<script>alert" not in staff.get(path).text
        assert "13371337" not in staff.get(path).text


def test_an_unknown_condition_is_not_found(staff: FlaskClient) -> None:
    assert staff.get("/admin/conditions/nothing").status_code == 404


def test_dead_mail_is_listed_without_its_receiver_and_tried_again(
    staff: FlaskClient, session: Session, settings: Settings
) -> None:
    queue(Context(session, settings), "robin@example.org", MailText("A link", "…"))
    session.execute(update(Outbox).values(due=NEVER, attempts=8, error="refused"))
    session.commit()
    page = staff.get("/admin").text
    assert "A link" in page
    assert "robin@" not in page
    staff.post("/admin/mail/retry")
    session.expire_all()
    mail = session.scalars(select(Outbox)).one()
    assert (mail.attempts, mail.due < NEVER) == (0, True)
    entry = session.scalars(select(AuditEntry)).one()
    assert json.loads(entry.detail) == {"mails": 1}
