"""Give members a public id and a pseudonym for each map; block on the map where they met."""

import json
import random
import uuid

import sqlalchemy as sa
from alembic import op

from mapapp.domain.members.pseudonyms import suggest_pseudonym

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

AT_ONCE = 10_000
EMPTY = sa.text("''")


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
    rows = connection.execute(
        sa.text(
            "SELECT membership.condition_id, membership.member_id, member.pseudonym FROM membership"
            " JOIN member ON member.id = membership.member_id"
            " ORDER BY membership.member_id, membership.month, membership.condition_id"
        )
    )
    said = sa.text(
        "UPDATE membership SET public_id = :public_id, pseudonym = :pseudonym"
        " WHERE condition_id = :condition_id AND member_id = :member_id"
    )
    source, last = random.SystemRandom(), 0
    for part in iter(lambda: rows.fetchmany(AT_ONCE), []):
        named = []
        for row in part:
            is_first, last = row.member_id != last, row.member_id
            kept = row.pseudonym if is_first or not row.pseudonym else suggest_pseudonym(source)
            named.append(
                {
                    "condition_id": row.condition_id,
                    "member_id": row.member_id,
                    "public_id": str(uuid.uuid4()),
                    "pseudonym": kept,
                }
            )
        connection.execute(said, named)


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


def _move_cases(connection: sa.Connection) -> None:
    """Tie cases to their map; those about a person were known by an id of the account."""
    conditions = {
        name: id for id, name in connection.execute(sa.text("SELECT id, name FROM condition"))
    }
    about = connection.execute(
        sa.text("SELECT id, kind, piece, subject_id, evidence FROM moderation_case")
    ).all()
    for case in about:
        condition_id = conditions.get(json.loads(case.evidence).get("condition", ""))
        piece = case.piece
        if case.kind == "person" and condition_id and case.subject_id:
            piece = connection.scalar(
                sa.text(
                    "SELECT public_id FROM membership WHERE condition_id = :c AND member_id = :m"
                ),
                {"c": condition_id, "m": case.subject_id},
            )
        connection.execute(
            sa.text("UPDATE moderation_case SET condition_id = :c, piece = :p WHERE id = :id"),
            {"c": condition_id, "p": piece or case.piece, "id": case.id},
        )


def _move_blocks(connection: sa.Connection) -> None:
    """Keep each block on all maps on which the two can meet; it was made on one of them."""
    blocks = connection.execute(sa.text("SELECT member_id, blocked_id, pseudonym FROM block")).all()
    places: dict[int, list[int]] = {}
    for row in connection.execute(
        sa.text(
            "SELECT member_id, condition_id FROM membership WHERE member_id IN"
            " (SELECT member_id FROM block UNION SELECT blocked_id FROM block)"
        )
    ):
        places.setdefault(row.member_id, []).append(row.condition_id)
    op.drop_table("block")
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
            for column, table in (
                ("member_id", "member"),
                ("blocked_id", "member"),
                ("condition_id", "condition"),
            )
        ),
        sa.PrimaryKeyConstraint("member_id", "blocked_id", "condition_id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_blocked_id"), "block", ["blocked_id"])
    op.create_index(op.f("ix_block_public_id"), "block", ["public_id"], unique=True)
    first = connection.scalar(sa.text("SELECT min(id) FROM condition"))
    for row in blocks:
        theirs, mine = places.get(row.blocked_id, []), places.get(row.member_id, [])
        # Neither is on a map: they can still not reach each other on any.
        for condition_id in theirs or mine or [first]:
            values = {"condition_id": condition_id, "public_id": str(uuid.uuid4())}
            connection.execute(block.insert().values(**row._asdict(), **values))


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
