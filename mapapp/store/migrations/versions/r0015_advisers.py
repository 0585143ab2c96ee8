"""Let members offer to help newcomers, and mark those whom staff confirmed."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import key

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

MARKED = sa.text("adviser")


def upgrade() -> None:
    op.create_table(
        "adviser_offer",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ("condition_id", "member_id"),
            ("membership.condition_id", "membership.member_id"),
            name="fk_adviser_offer_condition_id_membership",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("public_id", name="uq_adviser_offer_public_id"),
        key("adviser_offer", "condition_id", "member_id"),
    )
    op.create_index("ix_adviser_offer_state", "adviser_offer", ["state", "public_id"])
    op.add_column(
        "listing", sa.Column("adviser", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "ix_listing_adviser",
        "listing",
        ["condition_id", "visibility", "listing_order", "public_id"],
        sqlite_where=MARKED,
        postgresql_where=MARKED,
    )


def downgrade() -> None:
    op.drop_index("ix_listing_adviser", table_name="listing")
    op.drop_column("listing", "adviser")
    op.drop_table("adviser_offer")
