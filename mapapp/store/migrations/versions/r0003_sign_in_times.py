"""A sign-in's time runs from when its mail was handed over, and a browser may click twice."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("sign_in", sa.String(64), nullable=True))
    op.add_column(
        "sign_in_link",
        sa.Column("used_by", sa.String(64), server_default=sa.text("''"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("sign_in_link", "used_by")
    op.drop_column("outbox", "sign_in")
