"""Let a place that was chosen before signing in wait, with the page that follows, for its link."""

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column(
        "sign_in_link", sa.Column("waits", sa.Text(), nullable=False, server_default=empty)
    )


def downgrade() -> None:
    op.drop_column("sign_in_link", "waits")
