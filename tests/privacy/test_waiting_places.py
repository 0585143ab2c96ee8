"""A place that waits for its link can be read with the link alone, and goes with it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.account import waiting_place
from mapapp.actions.account.waiting_place import (
    Afterwards,
    WaitingPlace,
    open_waits,
    seal_waits,
)
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.mail import outbox
from mapapp.actions.members.place_set import Placement
from mapapp.domain.core.keyed_hash import unseal
from mapapp.domain.mail.sealed_addresses import ADDRESS_PURPOSE
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Outbox
from mapapp.store.sign_in import SignInLink
from mapapp.store.tables import Base
from mapapp.web.account import asked_link
from tests.forms import place_form
from tests.mail import newest_mail
from tests.trust import AREAS, LEEDS

SLUG, NAME = "zebra-stripes", "Zebra Warbler"
PAGE = f"/conditions/{SLUG}/join"
ROBIN = "robin@example.org"
TELLING = re.compile(rf"zebra|warbler|\b{LEEDS}\b|leeds|clinician|robin@", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def asked(
    client: FlaskClient, session: Session, make_condition: Callable[..., Condition]
) -> FlaskClient:
    make_condition(SLUG)
    session.commit()
    form = place_form(email=ROBIN, pseudonym=NAME, role="clinician")
    answer = client.post(PAGE, data=form)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    session.rollback()
    return client


def _rows(session: Session) -> dict[str, str]:
    """Return every row of every table but the conditions themselves, as text."""
    own = {"condition", "condition_name", "condition_word"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in own]
    return {table.name: repr(session.execute(select(table)).all()) for table in tables}


def _token(session: Session, settings: Settings) -> str:
    link = re.search(r"/sign-in/link/(\S+)", newest_mail(session, settings).body)
    assert link
    return link[1]


def test_no_row_says_what_was_chosen(asked: FlaskClient, session: Session) -> None:
    rows = _rows(session)
    assert "sign_in_link" in rows
    assert {
        name: TELLING.findall(text) for name, text in rows.items() if TELLING.search(text)
    } == {}


def test_the_link_and_the_mail_say_nothing_of_it(
    asked: FlaskClient, session: Session, settings: Settings
) -> None:
    mail = newest_mail(session, settings)
    assert TELLING.search(mail.subject + mail.body) is None


def test_once_the_mail_has_left_the_token_alone_reads_it(
    asked: FlaskClient, session: Session, settings: Settings
) -> None:
    row = session.scalars(select(SignInLink)).one()
    token = _token(session, settings)
    session.execute(delete(Outbox))  # the mail has left
    session.commit()
    found = open_waits(settings.secret, token, row.waits)
    assert found
    assert found.place
    assert (found.place.slug, found.place.wanted.area_id) == (SLUG, LEEDS)
    # With all keys of the site and all rows, but not the token, nobody can.
    for wrong in (row.link_hash, token[:-1], "", settings.secret):
        assert open_waits(settings.secret, wrong, row.waits) is None
    assert open_waits("another key", token, row.waits) is None
    opened = _opened_with_all_keys(session, settings)
    assert opened == ['{"email": "robin@example.org"}']


def _opened_with_all_keys(session: Session, settings: Settings) -> list[str]:
    """Return what can be read of all that is encrypted in all rows, for whatever purpose."""
    found = []
    for sealed in re.findall(r"gAAAA[\w=-]+", repr(_rows(session))):
        for purpose in (waiting_place.WAITS, asked_link.COOKIE, ADDRESS_PURPOSE, "waiting-place"):
            for key in (settings.secret, settings.address_key):
                with suppress(BadInputError):
                    found.append(unseal(key, purpose, sealed))
    return found


def test_its_length_tells_nothing() -> None:
    def _sealed(after: Afterwards) -> int:
        return len(seal_waits("secret", "token", after))

    def _joins(slug: str, name: str, *languages: str) -> int:
        wanted = Placement(LEEDS, AREAS.version, "map", "self", name)
        return _sealed(Afterwards("/places", WaitingPlace(slug, wanted, languages)))

    lengths = {_joins("gout", "A"), _joins("x" * 120, "Ṩ̈" * 20, "en", "de", "fr", "it")}
    lengths |= {_sealed(Afterwards(path)) for path in ("/", "/" + "é" * 400, "/" + "x" * 9000)}
    assert len(lengths) == 1


@pytest.mark.parametrize("path", ["/", "/conditions/dystonia/place?q=ä", "/" + "x" * 900])
def test_what_was_sealed_is_read_again(path: str) -> None:
    wanted = Placement(LEEDS, AREAS.version, "map", "self", NAME, soon=True)
    for after in (
        Afterwards(path),
        Afterwards("/places", WaitingPlace(SLUG, wanted, ("en", "de"))),
    ):
        assert open_waits("secret", "token", seal_waits("secret", "token", after)) == after


@pytest.mark.both
def test_it_goes_with_the_link(asked: FlaskClient, session: Session) -> None:
    with time_machine.travel("2026-11-22 14:00:01+00:00", tick=False):
        delete_expired(session)
        session.commit()
    assert session.scalars(select(SignInLink)).all() == []
    assert session.scalars(select(Outbox)).all() == []


def test_another_browser_reads_nothing_without_the_link(asked: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    for path in ("/sign-in/code", "/sign-in", "/places", "/sign-in/link/" + "t" * 43):
        assert NAME not in other.get(path, follow_redirects=True).text


def test_pages_that_show_it_are_kept_by_nobody(
    asked: FlaskClient, session: Session, settings: Settings
) -> None:
    for path in ("/sign-in/code", f"/sign-in/link/{_token(session, settings)}"):
        answer = asked.get(path)
        assert NAME in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        title = re.search("<title>(.*?)</title>", answer.text, re.S)
        assert title
        assert TELLING.search(title[1]) is None


def test_a_queued_mail_is_as_ever(asked: FlaskClient, session: Session, settings: Settings) -> None:
    """The mail that brings a place is the one that everybody gets who signs in."""
    asked.post("/sign-in", data={"email": "wren@example.org"})
    session.rollback()
    first, second = outbox.queued_mail(Context(session, settings))
    secrets = re.compile(r"/sign-in/link/\S+|^\d{6}$", re.MULTILINE)
    assert secrets.sub("", first.body) == secrets.sub("", second.body)
    assert first.subject == second.subject
