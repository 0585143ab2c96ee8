"""Add webhooks with their messages, and the round numbers that maps have passed."""

import sqlalchemy as sa
from alembic import op

from mapapp.store.migrations.first_release.names import index, key, link, unique

revision = "r0020"
down_revision = "r0019"
branch_labels = None
depends_on = None

IS_NEWS = sa.text("is_news")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("events", sa.String(80), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("given_up", sa.SmallInteger(), nullable=False),
        sa.Column("case_news", sa.Boolean(), nullable=False),
        key("webhook", "id"),
        unique("webhook", "public_id"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        key("webhook_delivery", "id"),
        unique("webhook_delivery", "message_id"),
        link("webhook_delivery", "webhook_id", "webhook", "CASCADE"),
    )
    op.create_index("ix_webhook_delivery_webhook", "webhook_delivery", ["webhook_id", "id"])
    index("webhook_delivery", "made")
    index("webhook_delivery", "due")
    op.create_table(
        "map_step",
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        key("map_step", "condition_id", "people"),
        link("map_step", "condition_id", "condition", "CASCADE"),
    )
    op.create_index(
        "ix_map_step_is_news",
        "map_step",
        ["is_news"],
        sqlite_where=IS_NEWS,
        postgresql_where=IS_NEWS,
    )


def downgrade() -> None:
    op.drop_table("map_step")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
