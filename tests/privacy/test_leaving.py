"""Hiding and leaving work even where staff took the condition off (privacy rules 2, 8)."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.mail.consent_wordings import words_version
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership


def test_a_condition_off_the_site_can_be_left(
    session: Session,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    login: Callable[..., FlaskClient],
) -> None:
    condition, member = make_condition("dystonia", shown=False), make_member()
    make_membership(condition, 1, member=member)
    browser = login(member)
    hidden = browser.post(
        "/places/dystonia/visibility", data={"visibility": "counted", "words": words_version()}
    )
    assert hidden.status_code == 303
    query = select(Membership.visibility).where(Membership.member_id == member.id)
    assert session.scalar(query) == "counted"
    session.rollback()
    assert browser.post("/places/dystonia/remove").status_code == 303
    assert session.scalar(query) is None


def test_a_map_one_is_not_on_cannot_be_left(
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    make_condition("dystonia", shown=False)
    browser = login(make_member())
    for act in ("remove", "visibility"):
        for slug in ("dystonia", "no-such-condition"):
            assert browser.post(f"/places/{slug}/{act}").status_code == 404
