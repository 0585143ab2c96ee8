"""Placing a child, or somebody one cares for, removing them, and the question when they are 18."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mapapp.actions.account.cared_for_place import MOST_CARED_FOR, my_cared_for
from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import ADULT
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member, Membership
from tests.forms import actions, care_form, place_forms
from tests.trust import AREAS, LEEDS, YORK, World

PAGE = "/conditions/dystonia/place/cared-for"
COUNTED = {"dystonia": ("counted", "")}


def test_visitors_sign_in_first(client: FlaskClient, world: World) -> None:
    world.condition()
    world.session.commit()
    for path in (PAGE, "/cared-for"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")
    for path in (PAGE, "/cared-for/x/keep", "/cared-for/x/remove"):
        assert client.post(path, data=care_form()).location.startswith("/sign-in")
    assert world.afresh().memberships() == []


def test_the_way_there_is_shown_where_one_places_oneself(
    client: FlaskClient, carer: Member
) -> None:
    assert f'href="{PAGE}"' in client.get("/conditions/dystonia/place").text
    page = client.get(f"{PAGE}?area={LEEDS}").text
    assert 'href="/conditions/dystonia/place"' in page
    assert f'name="area_id" value="{LEEDS}"' in page


def test_no_form_for_them_has_a_visibility_or_a_name(client: FlaskClient, carer: Member) -> None:
    page = client.get(f"{PAGE}?area={LEEDS}").text
    (form,) = place_forms(page)
    assert not {"visibility", "pseudonym", "languages", "role"} & form.fields.keys()
    assert "may" not in form.fields  # not ticked beforehand


def test_the_page_promises_that_nobody_sees_them_and_says_nothing_else(
    client: FlaskClient, carer: Member
) -> None:
    for path in (PAGE, f"{PAGE}?area={LEEDS}", f"{PAGE}?q=Leeds"):
        page = client.get(path).text
        assert "They are counted but never shown" in page
        assert "thers see" not in page
        assert 'id="preview"' not in page  # where the script writes what others see


@pytest.mark.parametrize(
    ("form", "adult_month"),
    [
        (care_form(), f"{datetime.now(UTC).year + 8}-05"),
        (care_form(who="grown"), None),
        (care_form(who="grown", year="", month="12"), None),
    ],
)
def test_placing_somebody(
    client: FlaskClient, world: World, carer: Member, form: dict[str, str], adult_month: str | None
) -> None:
    answer = client.post(PAGE, data=form)
    assert (answer.status_code, answer.location) == (303, "/cared-for")
    (row,) = world.afresh().memberships()
    assert (row.area_id, row.visibility, row.role) == (LEEDS, "counted", "self")
    made = world.session.get_one(Member, row.member_id)
    assert (made.carer_id, made.adult_month) == (carer.id, adult_month)
    assert world.session.scalars(select(Membership.pseudonym)).all() == [""]
    assert world.counts() == {}
    assert "Dystonia" in client.get("/cared-for").text
    assert 'href="/cared-for"' in client.get("/places").text


@pytest.mark.parametrize("precision", ["region", "country"])
def test_a_coarser_place_is_stored_coarser(
    client: FlaskClient, world: World, carer: Member, precision: str
) -> None:
    client.post(PAGE, data=care_form(precision=precision))
    (row,) = world.afresh().memberships()
    assert row.area_id == AREAS.ancestors(LEEDS)[{"country": 0, "region": 1}[precision]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area_id": ""}, "First choose roughly where they are"),
        ({"area_id": "0"}, ""),
        ({"area_id": "99999999"}, "no such area"),
        ({"area_id": "53.8,-1.55"}, "First choose roughly where they are"),
        ({"area_version": "older"}, "redrawn"),
        ({"precision": "street"}, ""),
        ({"who": "dog"}, ""),
        ({"may": ""}, "Only someone who is allowed to decide"),
        ({"year": ""}, "turn 18"),
        ({"year": "1999"}, ""),
        ({"year": "2999"}, ""),
        ({"month": "13"}, ""),
        ({"month": "00"}, ""),
        ({"month": ""}, ""),
    ],
)
def test_what_cannot_be_is_refused(
    client: FlaskClient, world: World, carer: Member, changes: dict[str, str], words: str
) -> None:
    form = care_form(**changes)
    if changes == {"may": ""}:
        del form["may"]
    answer = client.post(PAGE, data=form)
    assert answer.status_code in {400, 404}
    assert words in answer.text
    assert world.afresh().memberships() == []
    assert world.session.scalar(select(func.count()).select_from(Member)) == 1


def test_a_child_that_is_18_this_month_is_refused(
    client: FlaskClient, world: World, carer: Member
) -> None:
    with time_machine.travel("2026-11-22", tick=False):
        answer = client.post(PAGE, data=care_form(year="2026", month="11"))
        assert answer.status_code == 400
        assert "adult" in answer.text
        assert client.post(PAGE, data=care_form(year="2026", month="12")).status_code == 303


def test_the_carer_says_that_they_are_18(client: FlaskClient, world: World, carer: Member) -> None:
    consent_receipts.take_back(world.session, carer.id, ADULT)
    world.session.commit()
    answer = client.post(PAGE, data=care_form())
    assert answer.status_code == 400
    assert "18 or over" in answer.text
    assert world.afresh().memberships() == []
    assert client.post(PAGE, data=care_form(adult="y")).status_code == 303
    assert len(world.afresh().memberships()) == 1
    assert ADULT in world.agreed(carer)


def test_fields_that_the_form_does_not_have_change_nothing(
    client: FlaskClient, world: World, carer: Member
) -> None:
    more = {
        "visibility": "public",
        "before": "public",
        "pseudonym": "Small Finch",
        "role": "organisation",
        "email": "child@example.org",
        "carer_id": "",
        "source": "",
        "public_id": "00000000-0000-4000-8000-000000000000",
    }
    assert client.post(PAGE, data=care_form(**more), query_string=more).status_code == 303
    (row,) = world.afresh().memberships()
    made = world.session.get_one(Member, row.member_id)
    assert (row.visibility, row.chosen_visibility, row.role) == ("counted", "", "self")
    assert (row.pseudonym, made.address_mark, made.carer_id) == ("", None, carer.id)
    assert more["public_id"] not in (made.account_id, row.public_id)


def test_there_are_not_very_many(client: FlaskClient, world: World, carer: Member) -> None:
    for _ in range(MOST_CARED_FOR):
        assert client.post(PAGE, data=care_form()).status_code == 303
    assert client.post(PAGE, data=care_form()).status_code == 429
    assert len(world.afresh().memberships()) == MOST_CARED_FOR


def test_an_unknown_condition_is_not_found(client: FlaskClient, carer: Member) -> None:
    for method in (client.get, client.post):
        assert method("/conditions/no-such/place/cared-for").status_code == 404


def test_removing_them(client: FlaskClient, world: World, child: Member) -> None:
    action = f"/cared-for/{child.account_id}/remove"
    assert action in actions(client.get("/cared-for").text)
    answer = client.post(action)
    assert (answer.status_code, answer.location) == (303, "/cared-for")
    assert world.afresh().memberships() == []
    assert client.post(action).status_code == 404
    assert "Dystonia" not in client.get("/cared-for").text


def _ask(world: World, child: Member) -> None:
    asked = {"kind": "adult", "stage": "asked", "since": date(2040, 6, 1)}
    world.session.add(OpenQuestion(member_id=child.id, **asked))
    world.session.commit()


def test_the_question_is_shown_when_they_are_18(
    client: FlaskClient, world: World, child: Member, carer: Member
) -> None:
    keep = f"/cared-for/{child.account_id}/keep"
    assert keep not in actions(client.get("/cared-for").text)
    assert "18 now" not in client.get("/places").text
    _ask(world, child)
    assert "18 now" in client.get("/places").text
    assert keep in actions(client.get("/cared-for").text)
    answer = client.post(keep)
    assert (answer.status_code, answer.location) == (303, "/cared-for")
    assert keep not in actions(client.get("/cared-for").text)
    assert "18 now" not in client.get("/places").text
    assert world.afresh().stands(child) == COUNTED
    (someone,) = my_cared_for(world.session, carer.id)
    assert someone.adult_month == ""


def test_the_question_is_not_answered_before_it_is_asked(
    client: FlaskClient, world: World, child: Member
) -> None:
    assert client.post(f"/cared-for/{child.account_id}/keep").status_code in {400, 403, 404}
    world.session.rollback()
    world.session.refresh(child)
    assert child.adult_month == "2040-05"


def test_a_no_removes_them(client: FlaskClient, world: World, child: Member) -> None:
    _ask(world, child)
    client.post(f"/cared-for/{child.account_id}/remove")
    assert world.afresh().memberships() == []
    assert world.session.scalars(select(OpenQuestion)).all() == []


def test_their_place_of_an_older_map_is_shown(
    client: FlaskClient, world: World, child: Member
) -> None:
    row = world.session.scalars(select(Membership)).one()
    row.area_version, row.area_id = "older", 10**6
    world.session.commit()
    for path in ("/cared-for", "/places", "/account/data", "/account/data.json"):
        assert client.get(path).status_code == 200


def test_towns_and_the_list_lead_there_without_a_script(client: FlaskClient, carer: Member) -> None:
    assert (
        'name="area"'
        in client.post(f"{PAGE}/where", data={"town": "leeds"}, follow_redirects=True).text
    )
    country = AREAS.ancestors(YORK)[0]
    assert client.get(f"{PAGE}?country={country}").status_code == 200
    for wrong in ("area=99999999", "area=x", "area=0"):
        assert client.get(f"{PAGE}?{wrong}").status_code in {200, 404}
