"""Keep the site's totals of the ends of months, and how many countries each map reaches.

How many came to a map in each month is kept no longer: totals of the ends of months say it.
"""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key

revision = "r0019"
down_revision = "r0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_month_end",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.Integer(), nullable=False),
        key("site_month_end", "month"),
    )
    index("ledger_entry", "epoch")
    op.execute(
        "INSERT INTO site_month_end (month, listed, conditions) "
        "SELECT month_end.month, sum(month_end.listed), count(*) FROM month_end "
        "JOIN condition ON condition.id = month_end.condition_id AND condition.shown "
        "GROUP BY month_end.month"
    )
    op.add_column(
        "condition",
        sa.Column("countries", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    # Noted as changes of nothing, so that the next publication counts the countries of each map.
    op.execute(
        "INSERT INTO number_change (condition_id, key, area_id, visibility, n) "
        "SELECT id, '', 0, 'public', 0 FROM condition WHERE listed > 0"
    )
    for table in ("condition_number", "number_change"):
        op.execute(f"DELETE FROM {table} WHERE key >= 'month:' AND key < 'month;'")  # noqa: S608


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_epoch", "ledger_entry")
    op.drop_column("condition", "countries")
    op.drop_table("site_month_end")
