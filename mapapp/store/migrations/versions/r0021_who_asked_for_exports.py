"""Keep with each export who asked for it, and when."""

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision = "r0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "export", sa.Column("asked_by", sa.String(36), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "export", sa.Column("asked_at", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index("export_asked", "export", ["asked_at", "key"])
    op.create_index("export_kind", "export", ["mimetype", "key"])


def downgrade() -> None:
    op.drop_index("export_kind", "export")
    op.drop_index("export_asked", "export")
    with op.batch_alter_table("export") as table:
        table.drop_column("asked_at")
        table.drop_column("asked_by")
