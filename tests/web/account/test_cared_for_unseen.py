"""People who are cared for are on no list, and nobody but their carer can act for them."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from mapapp.domain.mail.consent_wordings import words_version
from mapapp.store.members import Member
from tests.trust import AREAS, LEEDS, World

LISTS = (
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}",
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}/people.json",
    f"/conditions/dystonia/nearby?area={LEEDS}",
)
COUNTED = {"dystonia": ("counted", "")}


def test_no_list_and_no_number_holds_them(
    app: Flask, client: FlaskClient, world: World, child: Member
) -> None:
    reader = app.test_client()
    for path in LISTS:
        for browser in (client, reader):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert child.account_id not in answer.text
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
    whom = {"public_id": child.account_id, "member_id": child.id, "id": child.id, **data}
    whom["words"] = words_version()
    before = world.agreed(child, "dystonia")
    assert client.post(path, data=whom, query_string=whom).status_code < 500
    rests = path == "/account/pause"  # theirs too, see tests/actions
    assert world.afresh().stands(child) == (
        {"dystonia": ("paused", "counted")} if rests else COUNTED
    )
    assert world.agreed(child, "dystonia") == before
    assert world.seen() <= {"Careful Wren"}


def _with_number(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    """Yield every URL that could belong to a person, with ``number`` in it, and its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        address = rule.rule.replace("<slug>", "dystonia").replace("<purpose>", "members")
        for name in rule.arguments:
            address = address.replace(f"<{name}>", number).replace(f"<path:{name}>", number)
        if rule.arguments and "<" not in address:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address


@pytest.mark.both
@pytest.mark.parametrize("who", ["visitor", "member", "carer"])
def test_their_number_is_the_address_of_nothing(
    app: Flask,
    client: FlaskClient,
    world: World,
    child: Member,
    who: str,
    login: Callable[..., FlaskClient],
) -> None:
    """Every request gets the same response as for a number that does not exist."""
    browser = client if who == "carer" else app.test_client()
    if who == "member":
        login(world.somebody("members"), on=browser)
    nobody, asked = str(uuid4()), 0
    sent = {"query_string": {"condition": "dystonia"}, "data": {"visibility": "public"}}
    for (method, theirs), (_m, nobodys) in zip(
        _with_number(app, child.account_id), _with_number(app, nobody), strict=True
    ):
        if theirs == nobodys or (who == "carer" and theirs.startswith("/cared-for/")):
            continue
        with time_machine.travel("2026-11-22 10:00", tick=False):  # forms' tokens hold the second
            got, other = (browser.open(a, method=method, **sent) for a in (theirs, nobodys))
        assert got.status_code == other.status_code, (method, theirs)
        assert got.text.replace(child.account_id, "") == other.text.replace(nobody, ""), theirs
        asked += 1
    assert asked > 10
    assert world.afresh().stands(child) == COUNTED


def test_nobody_else_acts_for_them(
    app: Flask, world: World, child: Member, login: Callable[..., FlaskClient]
) -> None:
    stranger = login(world.somebody("members"), on=app.test_client())
    for act in ("keep", "remove"):
        for number in (child.account_id, str(child.id), str(uuid4()), "x"):
            assert stranger.post(f"/cared-for/{number}/{act}").status_code == 404
    assert world.afresh().stands(child) == COUNTED
    assert child.account_id not in stranger.get("/cared-for").text
