"""Keep an alert that came true, so that its member finds what the mail was about."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "nearby_alert",
        sa.Column("news", sa.String(length=8), server_default=sa.text("''"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("nearby_alert", "news")
