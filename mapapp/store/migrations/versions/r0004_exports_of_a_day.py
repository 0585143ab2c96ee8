"""Name exports after the day of their numbers; those from before keep their quarter."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("export") as table:
        table.alter_column(
            "epoch",
            new_column_name="day",
            existing_type=sa.String(length=7),
            type_=sa.String(length=10),
            existing_nullable=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("export") as table:
        table.alter_column(
            "day",
            new_column_name="epoch",
            existing_type=sa.String(length=10),
            type_=sa.String(length=7),
            existing_nullable=False,
        )
