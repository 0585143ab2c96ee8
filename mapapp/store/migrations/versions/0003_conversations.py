"""Knocks that lapse, wishes, blocks, conversations.

Requests that were accepted so far go on as conversations.
"""

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DAYS = 60


def _table(name: str, *rest: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, ("id", *rest)))


requests = _table("contact_request", "condition_id", "from_member_id", "to_member_id", "state")
conversations = _table("conversation", "public_id", "condition_id")
sides = _table("conversation_side", "conversation_id", "member_id", "seen", "told")


def _link(table: str, column: str, to: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _make_tables_of_connecting()
    _make_tables_of_conversations()
    with op.batch_alter_table("contact_request") as batch:
        batch.add_column(
            sa.Column("greeting", sa.String(24), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("lapses", sa.Date(), nullable=True))
    day = datetime.now(UTC).date() + timedelta(days=DAYS)
    lapses = sa.table("contact_request", sa.column("lapses", sa.Date()))
    op.get_bind().execute(sa.update(lapses).values(lapses=day))
    with op.batch_alter_table("contact_request") as batch:
        batch.alter_column("lapses", existing_type=sa.Date(), nullable=False)
        batch.create_index(batch.f("ix_contact_request_lapses"), ["lapses"])
    _begin_conversations()


def _make_tables_of_connecting() -> None:
    op.create_table(
        "block",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(40), server_default=sa.text("''"), nullable=False),
        _link("block", "blocked_id", "member"),
        _link("block", "member_id", "member"),
        sa.PrimaryKeyConstraint("member_id", "blocked_id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_blocked_id"), "block", ["blocked_id"])
    op.create_table(
        "contact_wish",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(120), nullable=False),
        sa.Column("not_now", sa.Boolean(), nullable=False),
        sa.Column("carers_only", sa.Boolean(), nullable=False),
        sa.Column("same_language", sa.Boolean(), nullable=False),
        sa.Column("farthest", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["condition_id", "member_id"],
            ["membership.condition_id", "membership.member_id"],
            name=op.f("fk_contact_wish_condition_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", "member_id", name=op.f("pk_contact_wish")),
    )


def _make_tables_of_conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        _link("conversation", "condition_id", "condition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conversation_public_id")),
    )
    op.create_table(
        "conversation_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        _link("conversation_side", "conversation_id", "conversation"),
        _link("conversation_side", "member_id", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_side")),
        sa.UniqueConstraint(
            "conversation_id", "member_id", name=op.f("uq_conversation_side_conversation_id")
        ),
    )
    for column in ("conversation_id", "member_id"):
        op.create_index(op.f(f"ix_conversation_side_{column}"), "conversation_side", [column])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        _link("message", "conversation_id", "conversation"),
        _link("message", "sender_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_conversation", "message", ["conversation_id", "id"])
    op.create_index("ix_message_same", "message", ["sender_id", "fingerprint"])


def _begin_conversations() -> None:
    bind = op.get_bind()
    accepted = sa.select(
        requests.c.condition_id, requests.c.from_member_id, requests.c.to_member_id
    )
    for condition_id, *both in bind.execute(accepted.where(requests.c.state == "accepted")).all():
        public_id = str(uuid.uuid4())
        bind.execute(
            sa.insert(conversations).values(public_id=public_id, condition_id=condition_id)
        )
        begun = sa.select(conversations.c.id).where(conversations.c.public_id == public_id)
        conversation_id = bind.execute(begun).scalar()
        for member_id in both:
            values = {"conversation_id": conversation_id, "member_id": member_id}
            bind.execute(sa.insert(sides).values(seen=0, told=False, **values))


def downgrade() -> None:
    """Go back: conversations, blocks and wishes are lost."""
    op.execute("UPDATE contact_request SET state = 'open' WHERE state = 'later'")
    with op.batch_alter_table("contact_request") as batch:
        batch.drop_index(batch.f("ix_contact_request_lapses"))
        batch.drop_column("lapses")
        batch.drop_column("greeting")
    for table in ("message", "conversation_side", "conversation", "contact_wish", "block"):
        op.drop_table(table)
