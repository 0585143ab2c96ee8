"""Placing a child, or somebody one cares for: counted, and never shown to anybody."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mapapp.actions import consents
from mapapp.actions.cared_for import MOST, my_cared_for
from mapapp.domain.consents import ADULT, words_version
from mapapp.store.members import Member, Membership
from mapapp.store.trust import OpenQuestion
from tests.trust import AREAS, LEEDS, YORK, World, actions, care_form, forms

PAGE = "/conditions/dystonia/place/cared-for"
LISTS = (
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}",
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}/people.json",
    f"/conditions/dystonia/nearby?area={LEEDS}",
)
COUNTED = {"dystonia": ("counted", "")}


@pytest.fixture
def carer(world: World, login: Callable[..., FlaskClient]) -> Member:
    """Somebody signed in who is on no map."""
    world.condition()
    member = world.member(email="carer@example.org", pseudonym="Careful Wren")
    login(member)
    return member


@pytest.fixture
def child(world: World, carer: Member) -> Member:
    """Whom the carer placed."""
    made = world.child_of(carer, "2040-05")
    world.session.commit()
    return made


def _stands(world: World, who: Member) -> dict[str, tuple[str, str]]:
    world.session.rollback()
    return world.stands(who)


def _placed(world: World) -> list[Membership]:
    world.session.rollback()
    return list(world.session.scalars(select(Membership)))


def test_visitors_sign_in_first(client: FlaskClient, world: World) -> None:
    world.condition()
    world.session.commit()
    for path in (PAGE, "/cared-for"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")
    for path in (PAGE, "/cared-for/x/keep", "/cared-for/x/remove"):
        assert client.post(path, data=care_form()).location.startswith("/sign-in")
    assert _placed(world) == []


def test_the_way_there_is_shown_where_one_places_oneself(
    client: FlaskClient, carer: Member
) -> None:
    assert f'href="{PAGE}"' in client.get("/conditions/dystonia/place").text
    page = client.get(f"{PAGE}?area={LEEDS}").text
    assert 'href="/conditions/dystonia/place"' in page
    assert f'name="area_id" value="{LEEDS}"' in page


def test_no_form_for_them_has_a_visibility_or_a_name(client: FlaskClient, carer: Member) -> None:
    page = client.get(f"{PAGE}?area={LEEDS}").text
    (form,) = [form for form in forms(page) if "area_id" in form.fields]
    assert not {"visibility", "pseudonym", "languages", "role"} & form.fields.keys()
    assert "may" not in form.fields  # not ticked beforehand


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
    (row,) = _placed(world)
    assert (row.area_id, row.visibility, row.role) == (LEEDS, "counted", "self")
    made = world.session.get_one(Member, row.member_id)
    assert (made.carer_id, made.adult_month) == (carer.id, adult_month)
    assert made.pseudonym == ""
    assert world.counts() == {}
    assert "Dystonia" in client.get("/cared-for").text
    assert 'href="/cared-for"' in client.get("/places").text


@pytest.mark.parametrize("precision", ["region", "country"])
def test_a_coarser_place_is_stored_coarser(
    client: FlaskClient, world: World, carer: Member, precision: str
) -> None:
    client.post(PAGE, data=care_form(precision=precision))
    (row,) = _placed(world)
    assert row.area_id == AREAS.ancestors(LEEDS)[{"country": 0, "region": 1}[precision]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area_id": ""}, "Choose first where they are"),
        ({"area_id": "0"}, ""),
        ({"area_id": "99999999"}, "no such area"),
        ({"area_id": "53.8,-1.55"}, "Choose first where they are"),
        ({"area_version": "older"}, "redrawn"),
        ({"precision": "street"}, ""),
        ({"who": "dog"}, ""),
        ({"may": ""}, "Only somebody who may decide"),
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
    assert _placed(world) == []
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
    consents.take_back(world.session, carer.id, ADULT)
    world.session.commit()
    answer = client.post(PAGE, data=care_form())
    assert answer.status_code == 400
    assert "18 or older" in answer.text
    assert _placed(world) == []
    assert client.post(PAGE, data=care_form(adult="y")).status_code == 303
    assert len(_placed(world)) == 1
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
    (row,) = _placed(world)
    made = world.session.get_one(Member, row.member_id)
    assert (row.visibility, row.before, row.role) == ("counted", "", "self")
    assert (made.pseudonym, made.address_mark, made.carer_id) == ("", None, carer.id)
    assert made.public_id != more["public_id"]


def test_there_are_not_very_many(client: FlaskClient, world: World, carer: Member) -> None:
    for _ in range(MOST):
        assert client.post(PAGE, data=care_form()).status_code == 303
    assert client.post(PAGE, data=care_form()).status_code == 429
    assert len(_placed(world)) == MOST


def test_an_unknown_condition_is_not_found(client: FlaskClient, carer: Member) -> None:
    for method in (client.get, client.post):
        assert method("/conditions/no-such/place/cared-for").status_code == 404


def test_no_list_and_no_number_holds_them(
    app: Flask, client: FlaskClient, world: World, child: Member
) -> None:
    reader = app.test_client()
    for path in LISTS:
        for browser in (client, reader):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert child.public_id not in answer.text
    counts = reader.get("/api/v1/conditions/dystonia/counts?level=country").get_json()
    assert str(LEEDS) not in str(counts)
    assert world.counts() == {}


EVERY_ACT = (
    ("/places/dystonia/visibility", {"visibility": "public"}),
    ("/places/dystonia/visibility", {"visibility": "members"}),
    ("/consent/members/agree", {"condition": "dystonia"}),
    ("/consent/public/agree", {"condition": "dystonia"}),
    ("/consent/count/agree", {"condition": "dystonia"}),
    ("/consent/care/agree", {"condition": "dystonia"}),
    ("/consent/agree-all", {}),
    ("/account/hide", {}),
    ("/account/show", {}),
    ("/account/pause", {}),
    ("/account/end-pause", {}),
    ("/still-right", {}),
)


@pytest.mark.parametrize(("path", "data"), EVERY_ACT)
@pytest.mark.parametrize("with_place", [True, False])
def test_no_act_of_the_carer_lists_them(
    client: FlaskClient,
    world: World,
    carer: Member,
    child: Member,
    path: str,
    data: dict[str, str],
    with_place: bool,
) -> None:
    if with_place:
        world.place(carer, "members")
        world.session.commit()
    whom = {"public_id": child.public_id, "member_id": child.id, "id": child.id, **data}
    whom["words"] = words_version()
    before = world.agreed(child, "dystonia")
    assert client.post(path, data=whom, query_string=whom).status_code < 500
    rests = path == "/account/pause"  # theirs too, see tests/actions
    assert _stands(world, child) == ({"dystonia": ("paused", "counted")} if rests else COUNTED)
    assert world.agreed(child, "dystonia") == before
    assert world.seen() <= {"Careful Wren"}


def _with_number(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    """Give every address that could be somebody's, with ``number`` in it, and its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        address = rule.rule.replace("<slug>", "dystonia").replace("<purpose>", "members")
        for name in rule.arguments:
            address = address.replace(f"<{name}>", number).replace(f"<path:{name}>", number)
        if rule.arguments and "<" not in address:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address


@pytest.mark.parametrize("who", ["visitor", "member", "carer"])
def test_their_number_is_the_address_of_nothing(
    app: Flask,
    client: FlaskClient,
    world: World,
    child: Member,
    who: str,
    login: Callable[..., FlaskClient],
) -> None:
    """Whatever is asked of it, the answer is that for a number nobody has."""
    browser = client if who == "carer" else app.test_client()
    if who == "member":
        login(world.somebody("members"), on=browser)
    nobody, asked = str(uuid4()), 0
    sent = {"query_string": {"condition": "dystonia"}, "data": {"visibility": "public"}}
    for (method, theirs), (_m, nobodys) in zip(
        _with_number(app, child.public_id), _with_number(app, nobody), strict=True
    ):
        if theirs == nobodys or (who == "carer" and theirs.startswith("/cared-for/")):
            continue
        with time_machine.travel("2026-11-22 10:00", tick=False):  # forms' tokens hold the second
            got, other = (browser.open(a, method=method, **sent) for a in (theirs, nobodys))
        assert got.status_code == other.status_code, (method, theirs)
        assert got.text.replace(child.public_id, "") == other.text.replace(nobody, ""), theirs
        asked += 1
    assert asked > 10
    assert _stands(world, child) == COUNTED


def test_nobody_else_acts_for_them(
    app: Flask, world: World, child: Member, login: Callable[..., FlaskClient]
) -> None:
    stranger = login(world.somebody("members"), on=app.test_client())
    for act in ("keep", "remove"):
        for number in (child.public_id, str(child.id), str(uuid4()), "x"):
            assert stranger.post(f"/cared-for/{number}/{act}").status_code == 404
    assert _stands(world, child) == COUNTED
    assert child.public_id not in stranger.get("/cared-for").text


def test_removing_them(client: FlaskClient, world: World, child: Member) -> None:
    action = f"/cared-for/{child.public_id}/remove"
    assert action in actions(client.get("/cared-for").text)
    answer = client.post(action)
    assert (answer.status_code, answer.location) == (303, "/cared-for")
    assert _placed(world) == []
    assert client.post(action).status_code == 404
    assert "Dystonia" not in client.get("/cared-for").text


def _ask(world: World, child: Member) -> None:
    asked = {"kind": "adult", "stage": "asked", "since": date(2040, 6, 1)}
    world.session.add(OpenQuestion(member_id=child.id, **asked))
    world.session.commit()


def test_the_question_is_shown_when_they_are_18(
    client: FlaskClient, world: World, child: Member, carer: Member
) -> None:
    keep = f"/cared-for/{child.public_id}/keep"
    assert keep not in actions(client.get("/cared-for").text)
    assert "18 now" not in client.get("/places").text
    _ask(world, child)
    assert "18 now" in client.get("/places").text
    assert keep in actions(client.get("/cared-for").text)
    answer = client.post(keep)
    assert (answer.status_code, answer.location) == (303, "/cared-for")
    assert keep not in actions(client.get("/cared-for").text)
    assert "18 now" not in client.get("/places").text
    assert _stands(world, child) == COUNTED
    (someone,) = my_cared_for(world.session, carer.id)
    assert someone.adult_month == ""


def test_the_question_is_not_answered_before_it_is_asked(
    client: FlaskClient, world: World, child: Member
) -> None:
    assert client.post(f"/cared-for/{child.public_id}/keep").status_code in {400, 403, 404}
    world.session.rollback()
    world.session.refresh(child)
    assert child.adult_month == "2040-05"


def test_a_no_removes_them(client: FlaskClient, world: World, child: Member) -> None:
    _ask(world, child)
    client.post(f"/cared-for/{child.public_id}/remove")
    assert _placed(world) == []
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
    assert 'name="area"' in client.get(f"{PAGE}?q=leeds").text
    country = AREAS.ancestors(YORK)[0]
    assert client.get(f"{PAGE}?country={country}").status_code == 200
    for wrong in ("area=99999999", "area=x", "area=0"):
        assert client.get(f"{PAGE}?{wrong}").status_code in {200, 404}
