"""Keep what outlasts an erasure: limits, a suspension, a silence, under a keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_restriction",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_kept_restriction")),
    )
    op.create_index(op.f("ix_kept_restriction_until"), "kept_restriction", ["until"])
    op.add_column("member", sa.Column("suspended_until", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("counted_as", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "counted_as")
    op.drop_column("member", "suspended_until")
    op.drop_table("kept_restriction")
