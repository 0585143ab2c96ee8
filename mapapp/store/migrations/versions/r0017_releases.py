"""Keep released numbers, the ledger that pays for them, and what each person has spent."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique

revision = "r0017"
down_revision = "r0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(7), nullable=False),
        sa.Column("query", sa.String(20), nullable=False),
        sa.Column("epsilon", sa.Integer(), nullable=False),
        sa.Column("bound", sa.SmallInteger(), nullable=False),
        sa.Column("mechanism", sa.String(60), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        key("ledger_entry", "id"),
        unique("ledger_entry", "condition_id", "epoch", "query"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "release",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(20), nullable=False),
        sa.Column("epoch", sa.String(7), nullable=False),
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("error", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        key("release", "condition_id", "query", "epoch"),
        link("release", "condition_id", "condition", "CASCADE"),
        link("release", "ledger_id", "ledger_entry", "CASCADE"),
        unique("release", "ledger_id"),
    )
    op.create_table(
        "release_share",
        sa.Column("condition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(7), nullable=False),
        key("release_share", "condition_id", "member_id"),
        link("release_share", "member_id", "member", "CASCADE"),
    )
    index("release_share", "member_id")


def downgrade() -> None:
    op.drop_table("release_share")
    op.drop_table("release")
    op.drop_table("ledger_entry")
