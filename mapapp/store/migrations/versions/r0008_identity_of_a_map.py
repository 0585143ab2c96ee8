"""Give members a public id and a pseudonym for each map; block on the map where they met."""

import json
import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from mapapp.domain.members.pseudonyms import suggest_pseudonym

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

AT_ONCE = 10_000
EMPTY = sa.text("''")
MAP_OF_PIECE = {
    "message": "SELECT conversation.condition_id FROM message JOIN conversation"
    " ON conversation.id = message.conversation_id WHERE message.public_id = :piece",
    "knock": "SELECT condition_id FROM contact_request WHERE public_id = :piece",
    "answer": "SELECT condition_id FROM post WHERE public_id = :piece",
    "story": "SELECT condition_id FROM post WHERE public_id = :piece",
    "question": "SELECT condition_id FROM question WHERE public_id = :piece",
    "treatment": "SELECT condition_id FROM treatment WHERE public_id = :piece",
}
"""The query for the map of what a case is about, by its kind, while it is there."""


def upgrade() -> None:
    op.add_column("membership", sa.Column("public_id", sa.String(36)))
    op.add_column(
        "membership", sa.Column("pseudonym", sa.String(40), server_default=EMPTY, nullable=False)
    )
    op.add_column(
        "conversation_side",
        sa.Column("left_as", sa.String(40), server_default=EMPTY, nullable=False),
    )
    op.add_column(
        "contact_request",
        sa.Column("unheard", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    with op.batch_alter_table("moderation_case") as case:
        case.add_column(sa.Column("condition_id", sa.Integer()))
        case.create_foreign_key(
            op.f("fk_moderation_case_condition_id_condition"),
            "condition",
            ["condition_id"],
            ["id"],
            ondelete="SET NULL",
        )
    connection = op.get_bind()
    _name_members(connection)
    _keep_names_in_conversations(connection)
    _take_names_off_posts(connection)
    _move_cases(connection)
    _move_blocks(connection)
    with op.batch_alter_table("membership") as membership:
        membership.alter_column("public_id", existing_type=sa.String(36), nullable=False)
        membership.create_index(op.f("ix_membership_public_id"), ["public_id"], unique=True)
    _rename_account()


def _name_members(connection: sa.Connection) -> None:
    """Give each membership a public id, and the pseudonym to the map that was joined first.

    The others get new ones, so that the names of two maps do not tell that they are one person's.
    """
    said = sa.text(
        "UPDATE membership SET public_id = :public_id, pseudonym = :pseudonym"
        " WHERE condition_id = :condition_id AND member_id = :member_id"
    )
    highest = connection.scalar(sa.text("SELECT max(member_id) FROM membership")) or 0
    for start in range(0, highest, AT_ONCE):
        rows = connection.execute(
            sa.text(
                "SELECT membership.condition_id, membership.member_id, member.pseudonym"
                " FROM membership JOIN member ON member.id = membership.member_id"
                " WHERE member_id > :start AND member_id <= :end"
                " ORDER BY membership.member_id, membership.month, membership.condition_id"
            ),
            {"start": start, "end": start + AT_ONCE},
        ).all()
        if rows:
            connection.execute(said, list(_named(rows)))


def _named(rows: Sequence[sa.Row[int, int, str]]) -> Iterator[dict[str, Any]]:
    source, last, taken = random.SystemRandom(), 0, {""}
    for condition_id, member_id, pseudonym in rows:
        if member_id != last:
            name, last, taken = pseudonym, member_id, {pseudonym.casefold()}
        elif pseudonym:
            name = suggest_pseudonym(source, taken)
            taken.add(name.casefold())
        yield {
            "condition_id": condition_id,
            "member_id": member_id,
            "public_id": str(uuid.uuid4()),
            "pseudonym": name,
        }


def _keep_names_in_conversations(connection: sa.Connection) -> None:
    """Let those who talk with a member who is not on the map still read who that is."""
    connection.execute(
        sa.text(
            "UPDATE conversation_side SET left_as = (SELECT member.pseudonym FROM member"
            " WHERE member.id = conversation_side.member_id) WHERE member_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM conversation JOIN membership"
            " ON membership.condition_id = conversation.condition_id"
            " WHERE conversation.id = conversation_side.conversation_id"
            " AND membership.member_id = conversation_side.member_id)"
        )
    )


def _take_names_off_posts(connection: sa.Connection) -> None:
    """Name nobody beside the texts of members who are not on the map; they have no name there."""
    connection.execute(
        sa.text(
            "UPDATE post SET named_to = 'nobody' WHERE named_to <> 'nobody'"
            " AND NOT EXISTS (SELECT 1 FROM membership"
            " WHERE membership.condition_id = post.condition_id"
            " AND membership.member_id = post.member_id)"
        )
    )


def _move_cases(connection: sa.Connection) -> None:
    """Tie cases to their map; those about a person were known by an id of the account."""
    conditions: dict[str, list[int]] = {}
    for id, name in connection.execute(sa.text("SELECT id, name FROM condition")):
        conditions.setdefault(name, []).append(id)
    cases = connection.execute(
        sa.text("SELECT id, kind, piece, subject_id, evidence FROM moderation_case")
    ).all()
    new_pieces: dict[tuple[str, int | None], str] = {}
    for case in cases:
        named = conditions.get(json.loads(case.evidence).get("condition") or "", [])
        values = {"id": case.id, "condition_id": None, "piece": case.piece}
        if case.kind == "person":
            condition_id, public_id = _map_of_person(connection, case.subject_id, named)
            # Who is not on that map any more is known by an id of its own, and not the account's.
            new = new_pieces.setdefault((case.piece, condition_id), public_id or str(uuid.uuid4()))
            values |= {"condition_id": condition_id, "piece": new}
        elif case.kind in MAP_OF_PIECE:
            said = {"piece": case.piece}
            found = connection.scalar(sa.text(MAP_OF_PIECE[case.kind]), said)
            values["condition_id"] = found or (named[0] if len(named) == 1 else None)
        connection.execute(
            sa.text(
                "UPDATE moderation_case SET condition_id = :condition_id, piece = :piece"
                " WHERE id = :id"
            ),
            values,
        )


def _map_of_person(
    connection: sa.Connection, member_id: int | None, named: list[int]
) -> tuple[int | None, str]:
    """Return the map on which a person was reported, and their public id there, '' if they left.

    Names of conditions are not unique; where two are called the same, the map they are on counts.
    """
    rows = connection.execute(
        sa.text("SELECT condition_id, public_id FROM membership WHERE member_id = :member_id"),
        {"member_id": member_id or 0},
    )
    places = {row.condition_id: row.public_id for row in rows}
    for condition_id in named:
        if condition_id in places:
            return condition_id, places[condition_id]
    return (named[0] if len(named) == 1 else None), ""


def _move_blocks(connection: sa.Connection) -> None:
    """Keep each block on the maps on which the two could meet; it was made on one of them.

    These are the maps of who blocks, and the one on which the other keeps the name. On their other
    maps they have a new one, and the list of blocks must not tell whose it is.
    """
    blocks = connection.execute(sa.text("SELECT member_id, blocked_id, pseudonym FROM block")).all()
    joined = _places_of_blocks(connection)
    first = connection.scalar(sa.text("SELECT min(id) FROM condition"))
    op.drop_table("block")
    block = _make_block()
    for row in blocks:
        met = {place.condition_id for place in joined.get(row.member_id, [])}
        for place in joined.get(row.blocked_id, [])[:1]:
            if place.visibility in ("public", "members"):
                met.add(place.condition_id)
        # A block on whatever map is enough to keep the two from reaching each other on any.
        for condition_id in sorted(met) or [first]:
            values = {"condition_id": condition_id, "public_id": str(uuid.uuid4())}
            connection.execute(block.insert().values(**row._asdict(), **values))


def _places_of_blocks(connection: sa.Connection) -> dict[int, list[sa.Row[int, int, str]]]:
    """Return the places of all who block or are blocked, the one that was joined first first."""
    joined: dict[int, list[sa.Row[int, int, str]]] = {}
    rows = connection.execute(
        sa.text(
            "SELECT member_id, condition_id, visibility FROM membership WHERE member_id IN"
            " (SELECT member_id FROM block UNION SELECT blocked_id FROM block)"
            " ORDER BY member_id, month, condition_id"
        )
    )
    for row in rows:
        joined.setdefault(row.member_id, []).append(row)
    return joined


def _make_block() -> sa.Table:
    links = {"member_id": "member", "blocked_id": "member", "condition_id": "condition"}
    block = op.create_table(
        "block",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("pseudonym", sa.String(40), server_default=EMPTY, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_block_{column}_{table}"),
                ondelete="CASCADE",
            )
            for column, table in links.items()
        ),
        sa.PrimaryKeyConstraint("member_id", "blocked_id", "condition_id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_blocked_id"), "block", ["blocked_id"])
    op.create_index(op.f("ix_block_public_id"), "block", ["public_id"], unique=True)
    return block


def _rename_account() -> None:
    """Leave the account an id that no page shows, and staff the name they are known by."""
    again = {"sqlite_autoincrement": True}
    with op.batch_alter_table("member", table_kwargs=again) as member:
        member.drop_constraint(op.f("uq_member_public_id"), type_="unique")
        member.alter_column(
            "public_id",
            new_column_name="account_id",
            existing_type=sa.String(36),
            existing_nullable=False,
        )
        member.alter_column(
            "pseudonym",
            new_column_name="staff_name",
            server_default=EMPTY,
            existing_type=sa.String(40),
            existing_nullable=False,
        )
    with op.batch_alter_table("member", table_kwargs=again) as member:
        member.create_unique_constraint(op.f("uq_member_account_id"), ["account_id"])
    op.execute(
        "UPDATE member SET staff_name = ''"
        " WHERE id NOT IN (SELECT member_id FROM member_staff_role)"
    )


def downgrade() -> None:
    # One name and one id for all maps of an account would show which are the same person's.
    raise RuntimeError("Names that belong to one map are not given back to the account.")
