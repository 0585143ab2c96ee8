"""Keep how many were listed on each map when a month ended."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import key, link

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_end",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        key("month_end", "condition_id", "month"),
        link("month_end", "condition_id", "condition", "CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("month_end")
