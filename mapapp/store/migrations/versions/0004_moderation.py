"""Cases, reports and rulings; who is suspended or silenced; what was read in a day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBERS_ONCE = {"sqlite_autoincrement": True}
"""SQLite alters a table by copying it, and would forget this."""


def _link(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _make_cases()
    _make_reports_and_rulings()
    op.create_table(
        "reading",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.Column("areas", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_ends"), "reading", ["ends"])
    with op.batch_alter_table("member", table_kwargs=NUMBERS_ONCE) as batch:
        batch.add_column(
            sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.add_column(sa.Column("silenced_until", sa.Date(), nullable=True))
    _resize_aside(3, 8)


def _resize_aside(before: int, after: int) -> None:
    with op.batch_alter_table("membership") as batch:
        batch.alter_column(
            "aside",
            existing_type=sa.String(before),
            type_=sa.String(after),
            existing_nullable=False,
            existing_server_default=sa.text("''"),
        )


def _make_cases() -> None:
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
        _link("moderation_case", "subject_id", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_case_public_id")),
    )
    op.create_index("ix_moderation_case_piece", "moderation_case", ["kind", "piece"])
    op.create_index("ix_moderation_case_queue", "moderation_case", ["state", "urgency", "id"])
    op.create_index(op.f("ix_moderation_case_subject_id"), "moderation_case", ["subject_id"])


def _make_reports_and_rulings() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(12), nullable=False),
        sa.Column("weighs", sa.Boolean(), nullable=False),
        _link("report", "case_id", "moderation_case", "CASCADE"),
        _link("report", "reporter_id", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "reporter_id", name=op.f("uq_report_case_id")),
    )
    op.create_index(op.f("ix_report_reporter_id"), "report", ["reporter_id"])
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
        _link("ruling", "case_id", "moderation_case", "CASCADE"),
        _link("ruling", "member_id", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ruling_public_id")),
    )
    for column in ("case_id", "member_id"):
        op.create_index(op.f(f"ix_ruling_{column}"), "ruling", [column])


def downgrade() -> None:
    """Go back: cases and rulings are lost, and nobody is suspended or silenced any more."""
    _resize_aside(8, 3)
    with op.batch_alter_table("member", table_kwargs=NUMBERS_ONCE) as batch:
        batch.drop_column("silenced_until")
        batch.drop_column("suspended")
    for table in ("reading", "ruling", "report", "moderation_case"):
        op.drop_table(table)
