"""Contact requests, conversations, and what is reported."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique


def upgrade() -> None:
    """Make these tables."""
    _make_contact_request()
    _make_contact_wish()
    _make_block()
    _make_conversation()
    _make_conversation_side()
    _make_message()
    _make_moderation_case()
    _make_report()
    _make_ruling()


def _make_contact_request() -> None:
    op.create_table(
        "contact_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("from_member_id", sa.Integer(), nullable=True),
        sa.Column("to_member_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("greeting", sa.String(24), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        link("contact_request", "condition_id", "condition", "CASCADE"),
        link("contact_request", "from_member_id", "member", "SET NULL"),
        link("contact_request", "to_member_id", "member", "SET NULL"),
        key("contact_request", "id"),
        unique("contact_request", "public_id"),
    )
    index("contact_request", "expires")
    op.create_index("ix_contact_request_from", "contact_request", ["from_member_id", "state"])
    op.create_index("ix_contact_request_to", "contact_request", ["to_member_id", "state"])


def _make_contact_wish() -> None:
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
        key("contact_wish", "condition_id", "member_id"),
    )


def _make_block() -> None:
    op.create_table(
        "block",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(40), server_default=sa.text("''"), nullable=False),
        link("block", "blocked_id", "member", "CASCADE"),
        link("block", "member_id", "member", "CASCADE"),
        key("block", "member_id", "blocked_id"),
    )
    index("block", "blocked_id")


def _make_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        link("conversation", "condition_id", "condition", "CASCADE"),
        key("conversation", "id"),
        unique("conversation", "public_id"),
    )


def _make_conversation_side() -> None:
    op.create_table(
        "conversation_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        link("conversation_side", "conversation_id", "conversation", "CASCADE"),
        link("conversation_side", "member_id", "member", "SET NULL"),
        key("conversation_side", "id"),
        unique("conversation_side", "conversation_id", "member_id"),
    )
    index("conversation_side", "conversation_id")
    index("conversation_side", "member_id")


def _make_message() -> None:
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
        link("message", "conversation_id", "conversation", "CASCADE"),
        link("message", "sender_id", "member", "CASCADE"),
        key("message", "id"),
        unique("message", "public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_conversation", "message", ["conversation_id", "id"])
    op.create_index("ix_message_same", "message", ["sender_id", "fingerprint"])


def _make_moderation_case() -> None:
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("piece", sa.String(36), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(12), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_act", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(36), nullable=False),
        link("moderation_case", "subject_id", "member", "SET NULL"),
        key("moderation_case", "id"),
        unique("moderation_case", "public_id"),
    )
    op.create_index("ix_moderation_case_piece", "moderation_case", ["kind", "piece"])
    op.create_index("ix_moderation_case_queue", "moderation_case", ["state", "urgency", "id"])
    index("moderation_case", "subject_id")


def _make_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(12), nullable=False),
        sa.Column("weighs", sa.Boolean(), nullable=False),
        link("report", "case_id", "moderation_case", "CASCADE"),
        link("report", "reporter_id", "member", "SET NULL"),
        key("report", "id"),
        unique("report", "case_id", "reporter_id"),
    )
    index("report", "reporter_id")


def _make_ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        link("ruling", "case_id", "moderation_case", "CASCADE"),
        link("ruling", "member_id", "member", "SET NULL"),
        key("ruling", "id"),
        unique("ruling", "public_id"),
    )
    index("ruling", "case_id")
    index("ruling", "member_id")
