"""One file with everything that is held about a member: complete, and theirs alone."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from mapapp.actions.account.my_data import my_data
from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import MAIL, PURPOSES
from mapapp.errors import NotFoundError
from mapapp.store.contact import ContactWish, Conversation
from mapapp.store.mail import Consent, OpenQuestion
from mapapp.store.members import AdviserOffer, Member, MemberLanguage, Membership
from mapapp.store.posts import PostVersion
from mapapp.store.records import ReleaseShare
from mapapp.store.tables import Base
from tests.alerts import wait_for_people
from tests.columns import NOT_SHOWN, SHOWN
from tests.full_member import make_full_member
from tests.trust import AREAS, LEEDS, YORK, World, make_request, member_columns, reword

DOC = Path(__file__).parents[3] / "docs" / "my-data.md"
STATES = ("open", "accepted", "declined", "withdrawn", "refused")


@pytest.fixture
def wren(world: World, monkeypatch: pytest.MonkeyPatch) -> Member:
    return make_full_member(world, monkeypatch)


def _child_of(world: World, wren: Member, adult_month: str = "2040-01") -> Member:
    """Return a child that ``wren`` placed before the pause; nobody is placed during one."""
    wren.paused = False
    child = world.child_of(wren, adult_month)
    wren.paused = True
    world.session.flush()
    return child


def _file(world: World, who: Member) -> dict[str, Any]:
    """Return a member's data as downloaded."""
    world.session.flush()
    held = my_data(Context(world.session, world.settings, AREAS), who.id)
    return dict(json.loads(json.dumps(held)))


def _leaves(held: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value with the keys that lead to it; list indexes are left out."""
    if isinstance(held, dict):
        for key, value in held.items():
            yield from _leaves(value, f"{path}.{key}".lstrip("."))
    elif isinstance(held, list):
        for value in held:
            yield from _leaves(value, path)
    else:
        yield path, held


def _member_tables() -> set[Table]:
    marks = {"to_mark", "address_mark"}
    marked = {t for t in Base.metadata.sorted_tables if marks & set(t.columns.keys())}
    # These lead to a member over another table.
    further = {
        AdviserOffer.__table__,
        ContactWish.__table__,
        Conversation.__table__,
        PostVersion.__table__,
    }
    return {Member.__table__, *marked, *further, *(column.table for column in member_columns())}


def test_every_column_about_a_member_is_shown_or_has_its_reason() -> None:
    columns = {str(column) for table in _member_tables() for column in table.columns}
    assert columns == SHOWN.keys() | NOT_SHOWN.keys()
    assert not SHOWN.keys() & NOT_SHOWN.keys()


@pytest.mark.parametrize("column", list(SHOWN))
def test_what_stands_in_a_column_stands_in_the_file(
    world: World, wren: Member, column: str
) -> None:
    path, value = SHOWN[column]
    found = [v for p, v in _leaves(_file(world, wren)) if p == path]
    assert (wren.account_id if value is None else value) in found


def test_no_secret_stands_in_the_file(world: World, wren: Member) -> None:
    text = json.dumps(_file(world, wren))
    for secret in (wren.session_handle, wren.address_mark, wren.address_sealed, "sealed", "hash"):
        assert str(secret) not in text.replace("passkeys", "")


def test_the_words_are_those_that_were_agreed_to(
    world: World, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = PURPOSES[MAIL].now.words
    reword(monkeypatch, MAIL)
    consent_receipts.agree(world.session, wren.id, MAIL)
    mail = [c for c in _file(world, wren)["consents"] if c["purpose"] == MAIL]
    assert {c["words"] for c in mail} == {old, PURPOSES[MAIL].now.words}
    assert all(c["words"] for c in _file(world, wren)["consents"])


def test_every_request_that_is_kept_is_in_the_file(world: World) -> None:
    wren = world.somebody()
    for state in STATES:
        make_request(world, wren, world.somebody(), state)
        make_request(world, world.somebody(), wren, state)
    sides = [request["from_me"] for request in _file(world, wren)["contact_requests"]]
    assert (sides.count(True), sides.count(False)) == (len(STATES), len(STATES))


@pytest.mark.parametrize("pair", [("open", "declined"), ("withdrawn", "refused")])
def test_a_silent_no_cannot_be_read_from_the_file(world: World, pair: tuple[str, str]) -> None:
    read = []
    for state in pair:
        wren = world.somebody(pseudonym="Wren")
        make_request(world, wren, world.somebody(pseudonym="Robin"), state)
        read.append(_file(world, wren)["contact_requests"])
    assert read[0] == read[1]


def test_people_one_cares_for_are_in_the_file(world: World, wren: Member) -> None:
    child = _child_of(world, wren, "2031-05")
    membership, receipt = (
        world.session.scalars(select(table).where(table.member_id == child.id)).one()
        for table in (Membership, Consent)
    )
    membership.month, receipt.given = "2024-09", "2024-10"
    share = {"condition_id": membership.condition_id, "year": 2031, "epoch": "2031-Q3"}
    world.session.add(ReleaseShare(member_id=child.id, spent=750, **share))
    (held,) = _file(world, wren)["cared_for"]
    assert (held["id"], held["turns_18"], held["question_open"]) == (
        child.account_id,
        "2031-05",
        False,
    )
    (place,) = held["places"]
    assert (place["condition_slug"], place["area"], place["month"]) == (
        "dystonia",
        LEEDS,
        "2024-09",
    )
    found = [value for _path, value in _leaves(held)]
    for shown in ("counted", receipt.purpose, receipt.version, "2024-10"):
        assert shown in found
    (estimate,) = held["estimates"]
    assert (estimate["last"], estimate["epsilon"]) == ("2031-Q3", 0.75)


def test_a_question_about_somebody_one_cares_for_is_in_the_file(world: World, wren: Member) -> None:
    child = _child_of(world, wren, "2031-05")
    world.session.add(
        OpenQuestion(member_id=child.id, kind="adult", stage="warned", since=date(2031, 6, 7))
    )
    (held,) = _file(world, wren)["cared_for"]
    assert held["question_open"]
    assert "2031-06-07" in [value for _path, value in _leaves(_file(world, wren))]


def test_what_one_did_as_staff_is_in_the_file(world: World, wren: Member) -> None:
    audit.record(world.session, wren.account_id, "condition.hide", "It was there twice")
    audit.record(world.session, audit.SHELL, "condition.show", "Somebody else's")
    (act,) = _file(world, wren)["staff_acts"]
    assert (act["act"], act["reason"]) == ("condition.hide", "It was there twice")


@pytest.mark.both
def test_the_file_names_others_by_their_pseudonym_alone(world: World, wren: Member) -> None:
    places = world.session.scalars(select(Membership).where(Membership.member_id != wren.id)).all()
    assert {place.pseudonym for place in places} == {
        "Asking Heron",
        "Asked Robin",
        "Talking Swan",
        "Rude Quail",
    }
    text = json.dumps(_file(world, wren))
    for place in places:
        assert place.pseudonym in text
        assert place.public_id not in text
    for account_id in world.session.scalars(select(Member.account_id)):
        assert (account_id in text) == (account_id == wren.account_id)
    assert re.findall(r"\w+@\w+", text) == ["wren@example", "wren@example", "thrush@example"]


def test_nothing_of_anybody_else_is_in_the_file(world: World, wren: Member) -> None:
    before = _file(world, wren)
    other = world.somebody("public", pseudonym="Somebody Else", languages=["fr"])
    world.child_of(other)
    wait_for_people(world.session, other.id, world.condition("ague").id, YORK)
    make_request(world, other, world.somebody(), "open")
    assert _file(world, wren) == before


def test_no_time_is_finer_than_a_month(world: World, wren: Member) -> None:
    """Except the days of messages, texts and a mailed question, acts of staff, and a publication
    that is still to come."""
    _child_of(world, wren)
    audit.record(world.session, wren.account_id, "condition.hide")
    finer = {
        path
        for path, value in _leaves(_file(world, wren))
        if isinstance(value, str) and re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", value)
    }
    assert finer == {
        "places.others_see_from",
        "open_questions.since",
        "staff_acts.at",
        "conversations.messages.day",
        "account.silenced_until",
        "account.suspended_until",
        "decisions.day",
        "decisions.until",
        "posts.day",
        "posts.changed",
        "posts.versions.day",
    }


def test_somebody_of_whom_nothing_is_kept_gets_an_empty_file(world: World) -> None:
    held = _file(world, world.member(email=None, pseudonym="", languages=[]))
    assert [key for key, value in held.items() if value == []] == list(held)[2:]
    assert held["account"]["email"] == ""
    assert held["account"]["languages"] == []


def test_a_place_of_an_older_map_is_still_in_the_file(world: World, wren: Member) -> None:
    (place,) = [p for p in _file(world, wren)["places"] if p["condition_slug"] == "gout"]
    assert (place["area"], place["area_name"], place["area_code"]) == (YORK, "", "")


def test_of_nobody_there_is_no_file(world: World) -> None:
    with pytest.raises(NotFoundError):
        my_data(Context(world.session, world.settings, AREAS), 4711)


def test_the_shape_is_documented(world: World, wren: Member) -> None:
    _child_of(world, wren)
    audit.record(world.session, wren.account_id, "condition.hide")
    held = _file(world, wren)
    text = DOC.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)(?:\[\])?` \| (.*) \|$", text, re.MULTILINE))
    assert list(rows) == list(held)
    assert f"`{held['format']}`" in text
    for key, words in rows.items():
        parts = held[key] if isinstance(held[key], list) else [held[key]]
        named = {name for part in parts if isinstance(part, dict) for name in part}
        assert named or key == "format", key
        assert all(re.search(rf"`{name}(\[\])?`", words) for name in named), key


def test_nothing_is_documented_that_is_not_there(world: World, wren: Member) -> None:
    child = _child_of(world, wren)
    world.session.add(MemberLanguage(member_id=child.id, language="fr"))
    audit.record(world.session, wren.account_id, "condition.hide")
    held = _file(world, wren)
    rows = re.findall(r"^\| `(\w+)(?:\[\])?` \| (.*) \|$", DOC.read_text("utf-8"), re.MULTILINE)
    for key, words in rows[1:]:
        part = held[key][0] if isinstance(held[key], list) else held[key]
        there = {name for path, _value in _leaves(part) for name in path.split(".")}
        assert set(re.findall(r"`([a-z_0-9]+)(?:\[\])?`", words)) - there - set(part) <= {
            "open",
            "accepted",
            "declined",
            "withdrawn",
            "left",
            "later",
            "null",
            "sent",
            "held",
            "removed",
            "members",
            "public",
            "nobody",
            "better",
            "same",
            "worse",
        }
