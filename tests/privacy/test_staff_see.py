"""Staff see names of the staff, never an address, nobody who is hidden (privacy rules 2 and 4)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.store.members import Member, Membership
from tests.places import zones_of

ADDRESS = "staff.robin@somewhere.example"
HIDDEN = "Hidden Heron"


@pytest.fixture
def staff(
    session: Session,
    make_condition: Callable[..., object],
    make_member: Callable[..., Member],
    make_membership: Callable[..., object],
    login: Callable[..., FlaskClient],
) -> FlaskClient:
    """A member of staff, on a site with a hidden member."""
    me = make_member(staff=True, email=ADDRESS, pseudonym="Boss Finch")
    hidden = make_member(email="hidden@somewhere.example", pseudonym=HIDDEN)
    zone = zones_of("DE-BY")[0]
    make_membership(make_condition("dystonia"), zone, member=hidden, visibility="counted")
    make_membership(make_condition("dystonia"), zone, visibility="public")
    audit.record(session, me.account_id, "condition-add", "because", condition="dystonia")
    return login(me)


def _pages(app: Flask) -> list[str]:
    staff = ("admin.", "moderation.")
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith(staff)]
    return [r.rule.replace("<slug>", "dystonia") for r in rules if "GET" in (r.methods or ())]


@pytest.mark.both
def test_staff_pages_name_no_address_and_nobody_hidden(app: Flask, staff: FlaskClient) -> None:
    read = 0
    for path in _pages(app):
        answer = staff.get(path)
        read += answer.status_code == 200
        for secret in (ADDRESS, "somewhere.example", HIDDEN):
            assert secret not in answer.text, path
    assert read >= 4


def test_an_act_is_shown_with_the_name_of_who_did_it(staff: FlaskClient) -> None:
    page = staff.get("/admin").text
    assert "Boss Finch" in page
    assert "because" in page


def test_an_act_of_somebody_without_a_name_shows_the_start_of_their_number(
    session: Session, staff: FlaskClient, make_member: Callable[..., Member]
) -> None:
    """As the form promises that asks for the reason; what a command did bears no number."""
    nameless = make_member(staff=True, pseudonym="").account_id
    audit.record(session, nameless, "condition-hide", "quietly", condition="dystonia")
    audit.record(session, audit.SHELL, "import", "by hand")
    session.commit()
    form = staff.get("/admin/conditions/new").text
    assert "the start of your random number if you have none" in form
    page = staff.get("/admin").text
    assert f"no name: {nameless[:8]}" in page
    assert nameless not in page
    assert ">shell<" in page


def test_acts_of_who_has_left_keep_only_a_random_id(
    session: Session, make_member: Callable[..., Member]
) -> None:
    gone = make_member(staff_name="Gone Finch")
    audit.record(session, gone.account_id, "mail-retry")
    account_id = gone.account_id
    session.delete(gone)
    session.flush()
    (entry,) = [e for e in audit.recent(session) if e.action == "mail-retry"]
    assert (entry.actor, entry.name) == (account_id, "")


def test_looking_up_tells_nothing_of_who_is_hidden_or_of_an_account(
    app: Flask, staff: FlaskClient, session: Session
) -> None:
    """A hidden member, an account and a number that never was are answered in the same words."""
    hidden, mine = (
        session.scalars(select(Member).where(Member.account_id != "").order_by(Member.id)).all()
    )[1::-1]
    numbers = session.scalars(
        select(Membership.public_id).where(Membership.member_id == hidden.id)
    ).all()
    session.commit()
    asked = (*numbers, hidden.account_id, mine.account_id, "00000000-0000-4000-8000-000000000000")
    pages = set()
    for number in asked:
        form = {"person": number, "category": "other", "why": "I want to know who it is."}
        answer = staff.post("/moderation/look-up", data=form)
        assert answer.status_code == 404
        for secret in (ADDRESS, "somewhere.example", HIDDEN):
            assert secret not in answer.text
        pages.add(answer.text.replace(number, ""))
    assert len(pages) == 1
