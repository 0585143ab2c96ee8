"""Receipts hold months: a finer time would reveal when a member joined (privacy rule 1)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Date, DateTime, Engine, Time, select
from sqlalchemy.orm import Session

from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import MAIL, words_version
from mapapp.store.mail import Consent
from mapapp.store.members import Member, Membership
from mapapp.store.tables import Base
from tests.forms import place_form
from tests.trust import World

MOMENT = datetime(2026, 11, 22, 17, 43, 21, tzinfo=UTC)
DAYS = {
    "audit_entry.at": "what staff did, and when, is for staff to answer for",
    "case_note.day": "of what one moderator told the others, who answer for it",
    "contact_request.expires": "60 days after somebody asked, which is no placement",
    "kept_restriction.until": "when what outlasts an erasure ends, under a keyed hash",
    "member.silenced_until": "what moderators decided",
    "member.suspended_until": "the same, of an earlier account",
    "message.day": "of a message; conversations are read by days",
    "moderation_case.first_act": "how fast moderators were, which they answer for",
    "moderation_case.opened": "the same",
    "editorial.day": "of a version of what the editors answer",
    "editorial.review_due": "when somebody looks at it again",
    "editorial.reviewed": "when somebody looked at it",
    "post.day": "of a text that everybody can read; what is newest stands first",
    "post.edited": "of its last change",
    "post_version.day": "of what it said before",
    "ruling.day": "what moderators decided, and when, is told to whom it is about",
    "ruling.until": "the same",
    "open_question.since": "the day a question was mailed, a year or more after the last answer",
}
SECONDS = {
    "export.asked_at": "when one of the staff asked for a file, which is for staff to answer for",
    "export.day": "of an export, which is about everybody on a map",
    "ledger_entry.day": "of a release, which is about everybody on a map",
    "membership.due": "the moment of the publication with which others see a change; then empty",
    "listing.since": "no time, but the number of a publication",
    "listing.until": "the same",
    "listing_language.since": "the same",
    "listing_language.until": "the same",
    "reading.ends": "the end of a day in which somebody read of others, under a keyed hash",
    "address_change.expires": "a day after a mail about another address left, or a week",
    "outbox.due": "of a mail on its way; news of somebody who came wait until midnight",
    "outbox.rests_on": "no time, but what must still hold when the mail leaves",
    "quota.ends": "under a keyed hash, rounded, and gone when the window has ended",
    "sign_in_link.expires": "an hour after the mail for signing in left, and gone by then",
    "webhook_delivery.due": "of a message on its way, about numbers of a publication or cases",
    "web_session.expires": "rounded to a day, renewed while the browser is in use",
}
TIMELY = re.compile(
    r"(^|_)(at|on|due|day|date|time|since|until|ends?|expires?|stamp|when|last)(_|$)"
)
FINER = re.compile(
    r"2026-11-22|2026/11/22|17:43|22\.11\.|11/22|22(nd)? Nov|Nov(ember)? 22|1795369401"
)


def test_no_column_but_these_holds_a_time() -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    kinds = (Date, DateTime, Time)
    assert {str(c) for c in columns if isinstance(c.type, kinds)} == set(DAYS)
    named = {str(c) for c in columns if TIMELY.search(c.name)} - set(DAYS)
    assert named == set(SECONDS)


def _receipts(world: World, who: Member) -> list[tuple[str, ...]]:
    rows = select(Consent.purpose, Consent.version, Consent.given, Consent.withdrawn)
    found = world.session.execute(rows.where(Consent.member_id == who.id).order_by(Consent.id))
    return [tuple(row) for row in found]


def _a_life(world: World) -> Member:
    member = world.somebody("members")
    world.place(member, "public")
    world.place(member, "counted")
    consent_receipts.take_back(world.session, member.id, MAIL)
    return member


def test_all_moments_of_a_month_leave_the_same_receipts(world: World) -> None:
    lives = []
    for moment in ("2026-11-01 00:00:00", "2026-11-22 17:43:21", "2026-11-30 23:59:59"):
        with time_machine.travel(f"{moment}+00:00", tick=False):
            lives.append(_receipts(world, _a_life(world)))
    assert lives[0] == lives[1] == lives[2]
    assert {given for _purpose, _version, given, _ in lives[0]} == {"2026-11"}
    assert {withdrawn for *_, withdrawn in lives[0]} == {"", "2026-11"}


@pytest.fixture
def at_a_moment(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> FlaskClient:
    """A member who did everything in one second."""
    world.condition()
    member = world.member(email="wren@example.org")
    with time_machine.travel(MOMENT, tick=False):
        login(member)
        acts: list[tuple[str, dict[str, object]]] = [
            ("/conditions/dystonia/place", place_form(visibility="public")),
            ("/consent/mail/take-back", {}),
            ("/consent/mail/agree", {"words": words_version()}),
            ("/consent/public/take-back", {"condition": "dystonia"}),
            ("/account/hide", {}),
            ("/account/show", {}),
            ("/account/pause", {}),
            ("/account/end-pause", {}),
            ("/still-right", {}),
        ]
        for path, form in acts:
            assert client.post(path, data=form).status_code == 303, path
    return client


def test_no_page_about_oneself_tells_a_finer_time(at_a_moment: FlaskClient) -> None:
    with time_machine.travel("2026-12-05", tick=False):
        for path in ("/consent", "/consent/public", "/account", "/account/data", "/places"):
            page = at_a_moment.get(path)
            assert page.status_code == 200
            assert not FINER.search(page.text), path
        held = at_a_moment.get("/account/data.json").text
    assert "2026-11" in held
    assert not FINER.search(held)
    assert not re.search(r"\d{4}-\d\d-\d\d", held)


def test_no_stored_byte_tells_the_second(
    at_a_moment: FlaskClient, session: Session, engine: Engine
) -> None:
    session.rollback()
    assert session.scalars(select(Membership.month)).all() == ["2026-11"]
    session.close()
    second = int(MOMENT.timestamp())
    stored = _rows(engine) if engine.dialect.name != "sqlite" else _bytes(engine)
    for trace in (str(second).encode(), b"2026-11-22", b"17:43", second.to_bytes(4, "big")):
        assert trace not in stored


def _rows(engine: Engine) -> bytes:
    with engine.connect() as connection:
        rows = [connection.execute(select(t)).all() for t in Base.metadata.sorted_tables]
    return str(rows).encode()


def _bytes(engine: Engine) -> bytes:
    path = engine.url.database or ""
    return b"".join(file.read_bytes() for file in (Path(path), Path(f"{path}-wal")))


def test_a_placement_that_changes_nothing_does_not_renew_the_receipt(world: World) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        member = world.somebody("members")
        before = _receipts(world, member)
        clock.shift(90 * 86_400)
        world.place(member, "members")
    assert _receipts(world, member) == before
