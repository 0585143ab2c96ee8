"""The steps lead from nothing to the tables of the code, on both databases."""

import json
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from mapapp.actions.conversations import my_conversations
from mapapp.domain.addresses import AddressKeys
from mapapp.store.connections import ContactRequest
from mapapp.store.database import make_engine
from mapapp.store.members import Member, Membership
from mapapp.store.migrate import alembic_config, newest_step, step_of, upgrade
from mapapp.store.service import Outbox
from mapapp.store.tables import Base
from mapapp.store.trust import OpenQuestion

FIRST_VERSION = (
    "INSERT INTO member (id, public_id, pseudonym, email, fs_uniquifier, active, source)"
    " VALUES (7, 'p', 'Robin', 'robin@example.org', 'f', true, '')",
    "INSERT INTO condition (id, code, slug, name, group_key, about, shown, edited, listed, version)"
    " VALUES (3, 'c', 's', 'n', '', '', true, false, 1, 1)",
    "INSERT INTO membership (condition_id, member_id, area_id, area_version, visibility, role,"
    " month, tie) VALUES (3, 7, 5, 'v', 'members', 'self', '2026-11', 1)",
    "INSERT INTO outbox (to_address, subject, body, due, attempts, error)"
    " VALUES ('a@example.org', 'News', 'Hello.', 1, 0, '')",
)
"""Rows as the first version wrote them."""


def test_the_upgraded_database_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_notice_a_missing_table(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.tables["tell_me"].drop(connection)
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []


def test_an_upgrade_of_an_upgraded_database_does_nothing(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert step_of(connection) == newest_step() != ""


def test_an_empty_database_has_no_step(databases) -> None:
    engine = make_engine(databases.empty())
    with engine.connect() as connection:
        assert step_of(connection) == ""
        assert inspect(connection).get_table_names() == []
    engine.dispose()


KEYS = AddressKeys(("a key to migrate with, long enough to be one",))


def test_nothing_is_lost_when_addresses_are_sealed(databases) -> None:
    """From the first version: members, what points to them, and mail that waits."""
    engine = make_engine(databases.empty())
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        for statement in FIRST_VERSION:
            connection.execute(text(statement))
    upgrade(engine, KEYS)
    with Session(engine) as session:
        member = session.scalars(select(Member)).one()
        assert member.address_mark == KEYS.mark("robin@example.org")
        assert KEYS.unseal(member.address_sealed or "") == "robin@example.org"
        assert member.confirmed
        assert not member.paused
        assert session.scalars(select(Membership.member_id)).all() == [member.id]
        mail = session.scalars(select(Outbox)).one()
        assert json.loads(KEYS.unseal(mail.sealed)) == {"to": "a@example.org", "body": "Hello."}
    with engine.begin() as connection:
        config = alembic_config(connection)
        config.attributes["address_keys"] = KEYS
        command.downgrade(config, "0001")
        rows = connection.execute(text("SELECT email FROM member")).scalars().all()
        assert rows == ["robin@example.org"]
    engine.dispose()


def test_addresses_are_never_dropped_for_lack_of_a_key(databases) -> None:
    engine = make_engine(databases.empty())
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        for statement in FIRST_VERSION:
            connection.execute(text(statement))
    with pytest.raises(RuntimeError, match="mapapp init"):
        upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT email FROM member")).scalar() == "robin@example.org"
    engine.dispose()


BEFORE_MAIL_WAS_LINKED = (
    "INSERT INTO member (id, public_id, pseudonym, fs_uniquifier, address_mark, carer_id, source)"
    " VALUES (1, 'p1', '', 'f1', 'wren', NULL, ''), (2, 'p2', '', 'f2', 'robin', NULL, ''),"
    " (3, 'p3', '', 'f3', NULL, 1, 'carer')",
    "UPDATE member SET paused = true WHERE id = 1",
    "INSERT INTO condition (id, code, slug, name, group_key, about, shown, edited, listed, version)"
    " VALUES (3, 'c', 's', 'n', '', '', true, false, 1, 1)",
    "INSERT INTO membership (condition_id, member_id, area_id, area_version, visibility, role,"
    " month, tie) VALUES (3, 2, 5, 'v', 'counted', 'self', '2026-11', 1),"
    " (3, 3, 5, 'v', 'counted', 'self', '2026-11', 1)",
    "INSERT INTO open_question (member_id, kind, stage, since)"
    " VALUES (1, 'right', 'warned', '2026-11-02'), (2, 'right', 'asked', '2026-11-02'),"
    " (3, 'adult', 'warned', '2026-11-02')",
    "INSERT INTO outbox (id, to_mark, sealed, subject, due, attempts, error)"
    " VALUES (1, 'wren', 's', 'Our question is still open', 1, 0, ''),"
    " (2, 'wren', 's', 'Our question is still open', 2147483647, 8, 'Refused'),"
    " (3, 'robin', 's', 'Your sign-in link', 1, 0, ''),"
    " (4, 'robin', 's', 'There is news for you', 1, 0, ''),"
    " (5, 'robin', 's', 'The news you asked for', 1, 0, '')",
)
"""Rows of before a mail named its question."""


def test_a_stage_whose_mail_still_waits_counts_from_its_hand_over(databases) -> None:
    """And notices that wait rest on what they would rest on today."""
    engine = make_engine(databases.empty())
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        for statement in BEFORE_MAIL_WAS_LINKED:
            connection.execute(text(statement))
    upgrade(engine)
    with Session(engine) as session:
        mails = {q.member_id: q.mail for q in session.scalars(select(OpenQuestion))}
        rows = {row.id: row for row in session.scalars(select(Outbox))}
        assert mails[2] is None  # the mail had left
        assert {mails[1], mails[3]} == {rows[1].question, rows[2].question}
        assert mails[1] != mails[3]
        assert [rows[n].rests_on for n in (1, 3, 4, 5)] == ["", "", "agreed", "asked"]
        assert [rows[n].question for n in (3, 4, 5)] == [None] * 3
        query = select(Membership.visibility, Membership.before).order_by(Membership.member_id)
        assert session.execute(query).all() == [("counted", ""), ("paused", "counted")]
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0004")
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 5
    engine.dispose()


def test_the_steps_can_be_taken_back(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert "member" in inspect(engine).get_table_names()


def test_the_number_of_a_member_who_left_is_given_to_nobody(engine: Engine) -> None:
    """Steps copy tables on SQLite; each has to say again that numbers are given once."""
    given = []
    for name in ("first", "second"):
        with Session(engine) as session, session.begin():
            member = Member(pseudonym=name)
            session.add(member)
            session.flush()
            given.append(member.id)
            session.delete(member)
    assert given[0] != given[1]


REQUEST_BEFORE = (
    "INSERT INTO contact_request (public_id, condition_id, from_member_id, to_member_id, reason,"
    " state, month) VALUES (:public_id, 3, 7, 8, 'meet', :state, '2026-11')"
)


def test_what_was_accepted_before_goes_on_as_a_conversation(databases) -> None:
    engine = make_engine(databases.empty())
    with engine.begin() as connection:
        config = alembic_config(connection)
        command.upgrade(config, "0001")
        for statement in FIRST_VERSION:
            connection.execute(text(statement))
    with engine.begin() as connection:
        config = alembic_config(connection)
        config.attributes["address_keys"] = KEYS
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO member (id, public_id, pseudonym, fs_uniquifier, active, source)"
                " VALUES (8, 'q', 'Wren', 'g', true, '')"
            )
        )
        for state in ("open", "accepted", "left"):
            values = {"state": state, "public_id": state}
            connection.execute(text(REQUEST_BEFORE), values)
    upgrade(engine, KEYS)
    with Session(engine) as session:
        (conversation,) = my_conversations(session, 7)
        assert (conversation.pseudonym, conversation.has_left, conversation.unread) == (
            "Wren",
            False,
            0,
        )
        rows = session.scalars(select(ContactRequest).order_by(ContactRequest.public_id)).all()
        assert [(row.state, row.greeting) for row in rows] == [
            ("accepted", ""),
            ("left", ""),
            ("open", ""),
        ]
        assert all(row.lapses > datetime.now(UTC).date() for row in rows)
    engine.dispose()
