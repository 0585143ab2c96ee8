import re
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.account.staff_roles import list_staff
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.records import AuditEntry

WHY = "They left the team."


@pytest.fixture
def boss(make_member: Callable[..., Member]) -> Member:
    return make_member(staff=True, pseudonym="Boss Heron", email="boss@example.org")


@pytest.mark.both
def test_admins_see_the_staff_and_take_a_role_back(
    app: Flask,
    session: Session,
    boss: Member,
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    mod = make_member(staff="moderator", pseudonym="Mild Wren", email="mod@example.org")
    make_member(pseudonym="No Staff")
    theirs = login(mod, on=app.test_client())
    assert theirs.get("/moderation").status_code == 200
    browser = login(boss)
    page = browser.get("/admin/staff").get_data(as_text=True)
    assert "Mild Wren" in page
    assert "Boss Heron" in page
    assert "No Staff" not in page
    assert "example.org" not in page
    address = f"/admin/staff/{mod.account_id}"
    assert "<title>The role of Mild Wren" in browser.get(address).get_data(as_text=True)
    answer = browser.post(address, data={"role": "", "reason": WHY}, follow_redirects=True)
    assert "no longer on the staff, and are signed out everywhere" in answer.text
    assert [one.name for one in list_staff(session)] == ["Boss Heron"]
    assert theirs.get("/moderation").status_code == 303
    assert browser.get(address).status_code == 404
    log = browser.get("/admin").get_data(as_text=True)
    assert WHY in log
    for shown in ("before: moderator", f"member: {mod.account_id[:8]}", "role: none"):
        assert shown in log
    assert mod.account_id not in log


def test_what_cannot_be_is_said_beside_the_form(
    session: Session, boss: Member, login: Callable[..., FlaskClient]
) -> None:
    browser = login(boss)
    address = f"/admin/staff/{boss.account_id}"
    for said, words in (
        ({"role": "", "reason": WHY}, "Make another person an admin first"),
        ({"role": "moderator", "reason": WHY}, "Make another person an admin first"),
        ({"role": "", "reason": ""}, "Say in a few words why."),
        ({"role": "king", "reason": WHY}, "Not a valid choice"),
    ):
        answer = browser.post(address, data=said)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True), said
    assert len(list_staff(session)) == 1


def test_the_last_admin_is_told_how_to_hand_over_before_erasing(
    session: Session, boss: Member, login: Callable[..., FlaskClient]
) -> None:
    browser = login(boss)
    answer = browser.post("/account/erase")
    assert answer.status_code == 400
    assert "Make another person an admin first" in answer.get_data(as_text=True)
    assert browser.get("/account").status_code == 200  # still signed in
    assert session.get(Member, boss.id, populate_existing=True) is not None


def test_the_command_removes_a_role(
    session: Session,
    boss: Member,
    make_member: Callable[..., Member],
    shell: Callable[..., Result],
) -> None:
    make_member(staff=True, email="wren@example.org")
    session.commit()
    for refused in (
        shell("admin", "wren@example.org", "--remove"),
        shell("admin", "wren@example.org", "--remove", "--reason", "x", "--reset-second-factor"),
        shell("admin", "nobody@example.org", "--remove", "--reason", WHY),
    ):
        assert refused.exit_code == 2
    done = shell("admin", "wren@example.org", "--remove", "--reason", WHY)
    assert done.exit_code == 0, done.output
    assert "signed out everywhere" in done.stdout
    last = shell("admin", "boss@example.org", "--remove", "--reason", WHY)
    assert last.exit_code == 2
    assert "mapapp admin EMAIL" in last.stderr
    why = select(AuditEntry.reason).where(AuditEntry.action == "staff-role")
    assert list(session.scalars(why)) == [WHY]


@pytest.mark.both
def test_an_admin_says_what_the_staff_calls_somebody(
    session: Session,
    boss: Member,
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    mod = make_member(staff="moderator", pseudonym="", email="mod@example.org")
    browser = login(boss)
    address, sent = f"/admin/staff/{mod.account_id}", {"role": "moderator", "reason": WHY}
    answer = browser.post(address, data={**sent, "name": " Kind  Crane "}, follow_redirects=True)
    assert "Saved." in answer.text
    assert "signed out" not in answer.text
    for page in ("/admin/staff", address):
        assert "Kind Crane" in browser.get(page).text
    log = browser.get("/admin").text
    said = " ".join(re.sub("<[^>]+>", " ", log).split())
    assert f"changed a name on the staff · member: {mod.account_id[:8]}" in said
    assert "Kind Crane" not in log  # the log names who acts, and no earlier name
    refused = browser.post(address, data={**sent, "name": "kind@example.org"})
    assert refused.status_code == 400
    assert "This looks like an email address." in refused.text
    browser.post(address, data={"role": "", "reason": WHY})
    assert session.get_one(Member, mod.id, populate_existing=True).staff_name == ""


def test_the_command_gives_a_name(session: Session, shell: Callable[..., Result]) -> None:
    named = shell("admin", "wren@example.org", "--name", "Kind Crane")
    assert named.exit_code == 0, named.output
    assert [one.name for one in list_staff(session)] == ["Kind Crane"]
    refused = shell("admin", "wren@example.org", "--name", "+44 20 7946 0123")
    assert refused.exit_code == 2
    session.rollback()
    assert shell("admin", "wren@example.org", "--role", "moderator").exit_code == 2  # the last
    assert [one.name for one in list_staff(session)] == ["Kind Crane"]


def test_maps_know_no_name_of_the_staff(
    session: Session,
    boss: Member,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
    login: Callable[..., FlaskClient],
) -> None:
    condition = make_condition("dystonia")
    make_membership(condition, 1, member=boss, visibility="public", pseudonym="Quiet Heron")
    browser = login(boss)
    assert "No map and no text of a member ever shows them." in browser.get("/admin/staff").text
    for address in ("/conditions/dystonia", "/conditions/dystonia/people.json", "/places"):
        assert "Boss Heron" not in browser.get(address).text
    assert "Quiet Heron" not in browser.get("/admin/staff").text + browser.get("/admin").text


def test_somebody_without_a_name_is_no_bare_number(
    boss: Member, make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> None:
    mod = make_member(staff="moderator", pseudonym="", email="mod@example.org")
    browser = login(boss)
    for address in ("/admin/staff", f"/admin/staff/{mod.account_id}"):
        assert f"no name: {mod.account_id[:8]}" in browser.get(address).text
    answer = browser.post(
        f"/admin/staff/{mod.account_id}",
        data={"role": "admin", "reason": WHY},
        follow_redirects=True,
    )
    assert "The role is changed, and that person is signed out everywhere." in answer.text
