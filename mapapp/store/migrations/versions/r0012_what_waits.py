"""Keep what waits for members and staff: a yes that was not read, cases that nobody was told of."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import key, link

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None

NEWS = sa.text("is_news")


def upgrade() -> None:
    for table in ("conversation_side", "moderation_case"):
        op.add_column(
            table, sa.Column("is_news", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_index(
        "ix_moderation_case_is_news",
        "moderation_case",
        ["is_news"],
        sqlite_where=NEWS,
        postgresql_where=NEWS,
    )
    op.add_column(
        "member_staff_role",
        sa.Column("mailed", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "report", sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        link("case_note", "case_id", "moderation_case", "CASCADE"),
        key("case_note", "id"),
    )
    op.create_index("ix_case_note_case", "case_note", ["case_id", "id"])


def downgrade() -> None:
    op.drop_table("case_note")
    op.drop_column("report", "words")
    op.drop_column("member_staff_role", "mailed")
    op.drop_index("ix_moderation_case_is_news", "moderation_case")
    for table in ("conversation_side", "moderation_case"):
        op.drop_column(table, "is_news")
